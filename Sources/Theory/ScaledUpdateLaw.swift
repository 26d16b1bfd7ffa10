import CKernels
import Errors
import SpecialFunctions

/// E[u_t²] of Adam's update for independent normal gradients of mean 0 whose σ_i changes over the steps.
///
/// As in ``UpdateLaw``, with σ_{t-k} a_k for a_k and σ²_{t-k} w_k for w_k:
///
///     E[u²] = ∫ E₂(ε√s) M B ds,    M = Π (1+x_k)^{-1/2},   B = Σ a_k² σ²_{t-k}/(1+x_k),   x_k = 2 s w_k σ²_{t-k}.
public struct ScaledUpdateLaw: Sendable {
    /// The weights of the averages at one step, for any scales.
    package struct Weights: Sendable {
        package let step: Int
        let epsilon: Double
        /// w_k and a_k², the newest first.
        fileprivate let squares, momenta: [Double]

        /// - Throws: `ParameterError` as ``UpdateLaw`` does, and for β2 = 0.
        package init(beta1: Double, beta2: Double, epsilon: Double = 0, step: Int) throws(ParameterError) {
            _ = try UpdateLaw(beta1: beta1, beta2: beta2, epsilon: epsilon, step: step)
            guard beta2 > 0 else { throw ParameterError(parameter: .beta2, value: beta2, rule: "must be positive with scales over the steps") }
            let momentum = try ExponentialAverage(decay: beta1, parameter: .beta1), square = try ExponentialAverage(beta2: beta2)
            func weights(_ average: ExponentialAverage) -> [Double] {
                let newest = (1 - average.beta2) / average.biasCorrection(at: step)
                return (0..<step).map { k in
                    k == 0 ? newest : average.beta2 == 0 ? 0 : newest * varlab_exp(max(-Double(k) * average.decayExponent, -745))
                }
            }
            (self.step, self.epsilon) = (step, epsilon)
            squares = weights(square)
            momenta = weights(momentum).map { $0 * $0 }
        }
    }

    /// ε ≥ 0, in units of the scales.
    public var epsilon: Double { weights.epsilon }
    private let weights: Weights
    /// 2 w_k σ² and a_k² σ², filled up to whole groups by zeros; the latter as far as they are anything beside the largest.
    private let squareWeights, momentumWeights: [Double]
    /// E[v̂_t].
    private let meanSquare: Double

    /// - Parameters:
    ///   - beta1: decay rate of m̂.
    ///   - beta2: decay rate of v̂.
    ///   - epsilon: ε ≥ 0, in units of the scales.
    ///   - scales: σ_1, …, σ_t, the oldest first.
    /// - Throws: `ParameterError` as ``UpdateLaw`` does, for no scales and for one outside of [1e-50, 1e50], and for β2 = 0.
    public init(beta1: Double, beta2: Double, epsilon: Double = 0, scales: some RandomAccessCollection<Double>) throws(ParameterError) {
        try self.init(Weights(beta1: beta1, beta2: beta2, epsilon: epsilon, step: scales.count), scales: Array(scales))
    }

    /// - Parameter scales: of at least as many steps as the weights have; those after count for nothing.
    /// - Throws: `ParameterError` for a scale outside of [1e-50, 1e50].
    package init(_ weights: Weights, scales: [Double]) throws(ParameterError) {
        let step = weights.step
        precondition(scales.count >= step, "a scale for each step")
        var squares = [Double](repeating: 0, count: (step + 7) / 8 * 8), momenta = squares
        var (mean, largest, isInDomain) = (0.0, 0.0, true)
        for k in 0..<step {
            let scale = scales[step - 1 - k]
            isInDomain = isInDomain && scale >= 1e-50 && scale <= 1e50
            let w = weights.squares[k] * scale * scale
            mean += w
            squares[k] = 2 * w
            momenta[k] = weights.momenta[k] * scale * scale
            largest = max(largest, momenta[k])
        }
        if !isInDomain, let scale = scales.prefix(step).first(where: { !($0 >= 1e-50 && $0 <= 1e50) }) {
            throw ParameterError(parameter: .scales, value: scale, rule: "must be in [1e-50, 1e50]")
        }
        let used = (momenta.lastIndex { $0 > 1e-40 * largest } ?? 0) / 8 + 1
        (self.weights, squareWeights, momentumWeights, meanSquare) = (weights, squares, Array(momenta.prefix(8 * used)), mean)
    }

    /// E[u²]; the relative error is below 1e-12.
    public var secondMoment: Double {
        // A sign.
        if weights.step == 1, epsilon == 0 { return 1 }
        let scale = -varlab_log(meanSquare), turn = epsilon > 0 ? -2 * varlab_log(epsilon) : scale
        var index = ((min(scale, turn) - 46) / UpdateLaw.spacing).rounded(.down)
        var (sum, small) = (0.0, 0)
        while small < 3, index * UpdateLaw.spacing < 700 {
            let logarithm = index * UpdateLaw.spacing
            let term = integrand(varlab_exp(logarithm))
            sum += term
            small = logarithm > max(scale, turn) && term < 1e-19 * sum ? small + 1 : 0
            index += 1
        }
        return sum * UpdateLaw.spacing
    }

    /// Over ln s.
    private func integrand(_ s: Double) -> Double {
        var (logarithm, variance) = (0.0, 0.0)
        varlab_scaled_update(
            varlab_best_variant(), squareWeights, squareWeights.count / 8, momentumWeights, momentumWeights.count / 8, s, &logarithm, &variance)
        let kernel = epsilon == 0 ? s : s * scaledRepeatedErrorIntegrals(epsilon * s.squareRoot()).second
        return kernel * varlab_exp(max(-0.5 * logarithm, -745)) * variance
    }
}
