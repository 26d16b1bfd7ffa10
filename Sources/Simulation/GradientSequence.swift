import Errors
import Theory

/// What the gradients of consecutive steps have to do with each other, and how they change over the steps: g_i = σ_i x_i + μ_i.
///
/// The x_i are the independent numbers z_i of a ``GradientSource``, or of the normal law a stationary AR(1) of them: x_1 = z_1 and
/// x_i = r x_{i-1} + √(1-r²) z_i. σ_i and μ_i are those of ``GradientProcess``.
public struct GradientSequence: Sendable, Equatable {
    /// r in (-1, 1).
    public let autocorrelation: Double
    /// σ_1, σ_2, …; nil for 1.
    public let scales: [Double]?
    /// μ_1, μ_2, …; nil for one mean at all steps.
    public let means: [Double]?

    /// Independent gradients that are all alike.
    public static let independent = GradientSequence()

    public init(autocorrelation: Double = 0, scales: [Double]? = nil, means: [Double]? = nil) {
        (self.autocorrelation, self.scales, self.means) = (autocorrelation, scales, means)
    }

    /// Whether all steps are alike.
    public var isStationary: Bool { scales == nil && means == nil }

    /// - Throws: `ParameterError` for what `GradientProcess` refuses of normal gradients; for autocorrelation of others, of which no
    ///   stationary sequence is drawn; for fewer scales or means than iterations; for means over the steps beside another mean; and for a
    ///   trace with either of them, whose zeros would be told from others by rounding.
    func validate(_ source: GradientSource, means: [Double], iterations: Int) throws(ParameterError) {
        for mean in means {
            _ = try GradientProcess(.normal, mean: mean, autocorrelation: autocorrelation, scales: scales, means: self.means)
        }
        if autocorrelation != 0, source.law != .normal {
            throw ParameterError(parameter: .autocorrelation, value: autocorrelation, rule: "is drawn for normal gradients only")
        }
        if self.means != nil, means != [0] {
            throw ParameterError(parameter: .means, value: "list", rule: "stands in place of one mean for all steps")
        }
        if source.law == .recorded, self.means != nil || (scales != nil && means.contains { $0 != 0 }) {
            let parameter: Parameter = self.means == nil ? .scales : .means
            throw ParameterError(parameter: parameter, value: "list", rule: "of recorded gradients is drawn about the mean 0 only")
        }
        for (parameter, list) in [(Parameter.scales, scales), (.means, self.means)] {
            guard let list, list.count < iterations else { continue }
            throw ParameterError(parameter: .iterations, value: iterations, rule: "must be at most the \(list.count) steps that \(parameter) are given for")
        }
    }

    /// Whether scales or means lead so far from 1 that Σ g² may leave the range of the kernel's inverse root.
    func isWide(_ source: GradientSource) -> Bool {
        guard let scales else { return false }
        if case .studentT = source.law { return true }
        return scales.contains { !($0 > 0x1p-16 && $0 < 0x1p16) }
    }
}

/// The first two moments of v̂_t and the mean of m̂_t step after step, by recurrences, for normal gradients of a sequence.
///
/// With y_t = β2 y_{t-1} + g_t² and Cov(g_i², g_t²) = 2 σ_i² σ_t² r^{2(t-i)} + 4 μ_i μ_t σ_i σ_t r^{t-i},
///
///     Var y_t = β2² Var y_{t-1} + 2 σ_t⁴ + 4 σ_t² μ_t² + 2 β2 Σ_{i<t} β2^{t-1-i} Cov(g_i², g_t²).
struct SequenceMoments {
    private let sequence: GradientSequence
    private let mean: Double
    private let beta1, beta2: Double
    /// The last step that was taken in.
    private(set) var step = 0
    private var squares = 0.0, length = 0.0, variance = 0.0
    private var squareCovariance = 0.0, meanCovariance = 0.0
    private var momentum = 0.0, momentumLength = 0.0
    private var squaredRatios = 0.0

    init(_ parameters: SimulationParameters, mean: Double) {
        (sequence, self.mean) = (parameters.sequence, mean)
        (beta1, beta2) = (parameters.beta1 ?? 0, parameters.beta2)
    }

    mutating func advance() {
        let r = sequence.autocorrelation
        let scale = sequence.scales?[step] ?? 1, mean = sequence.means?[step] ?? mean
        let (scale2, mean2) = (scale * scale, mean * mean)
        let own = 2 * scale2 * scale2 + 4 * scale2 * mean2
        variance = beta2 * beta2 * variance + own + 2 * beta2 * (2 * scale2 * squareCovariance + 4 * mean * scale * meanCovariance)
        squares = beta2 * squares + scale2 + mean2
        length = beta2 * length + 1
        squareCovariance = r * r * (beta2 * squareCovariance + scale2)
        meanCovariance = r * (beta2 * meanCovariance + scale * mean)
        momentum = beta1 * momentum + mean
        momentumLength = beta1 * momentumLength + 1
        squaredRatios = (step == 0 ? 0 : beta1 * beta1 / beta2 * squaredRatios) + 1
        step += 1
    }

    /// E[v̂_t].
    var meanSquare: Double { squares / length }
    /// E[m̂_t].
    var meanMomentum: Double { momentum / momentumLength }
    /// ν_t = 2 E[v̂_t]²/Var[v̂_t]: v̂_t is about χ²_ν (Satterthwaite).
    var degreesOfFreedom: Double { 2 * (squares / variance) * squares }
    /// sup m̂_t²/v̂_t = Σ a_k²/w_k, by Cauchy and Schwarz; infinite at β2 = 0 from t = 2 on, but for β1 = 0.
    var largestSquaredUpdate: Double {
        if beta1 == 0 { return length }
        return step > 1 && beta2 == 0 ? .infinity : squaredRatios * length / (momentumLength * momentumLength)
    }
}
