import Errors

/// What the gradients of one coordinate are over the steps, for the exact law of ψ_t: g_i = σ_i x_i + μ_i with x of one marginal law.
///
/// The x_i are independent or, for the normal law, a stationary AR(1). Units: those of the marginal law, which has unit variance.
public struct GradientProcess: Sendable {
    public let law: GradientLaw
    /// The values of the recorded law.
    public let recorded: [Double]?
    /// The same with ``mean``, as few points.
    let points: RecordedPoints?
    /// μ at every step, where ``means`` is nil.
    public let mean: Double
    /// r in (-1, 1): E[x_i x_{i+1}].
    public let autocorrelation: Double
    /// σ_1, σ_2, …, the oldest first; nil for 1.
    public let scales: [Double]?
    /// μ_1, μ_2, …, the oldest first; nil for ``mean``.
    public let means: [Double]?

    /// - Throws: `ParameterError` when a parameter of the law is outside its domain or Student's t has less than ½ degree of freedom, |μ| > 1e6, r is
    ///   not in (-1, 1), a σ_i is not in [1e-50, 1e50]; and for what has no exact law here: an autocorrelation or means over the steps of
    ///   gradients that are not normal, and scales with a mean other than 0 of them.
    public init(
        _ law: GradientLaw, recorded: [Double]? = nil, mean: Double = 0, autocorrelation: Double = 0, scales: [Double]? = nil,
        means: [Double]? = nil
    ) throws(ParameterError) {
        if let rule = law.brokenRule { throw ParameterError(parameter: .gradients, value: law.specification, rule: rule) }
        if case .studentT(let nu) = law, nu < 0.5 {
            throw ParameterError(
                parameter: .gradients, value: law.specification, rule: "the exact law needs at least 0.5 degrees of freedom")
        }
        if law == .recorded {
            guard let recorded, !recorded.isEmpty, recorded.allSatisfy({ abs($0) <= 1e100 }) else {
                throw ParameterError(parameter: .gradients, value: "recorded", rule: "needs recorded values, at most 1e100 in size")
            }
        }
        for mean in [mean] + (means ?? []) where !(abs(mean) <= 1e6) {
            throw ParameterError(parameter: means == nil ? .mu : .means, value: mean, rule: "must be at most 1e6 in size")
        }
        try Self.require(autocorrelation: autocorrelation)
        for scale in scales ?? [] where !(scale >= 1e-50 && scale <= 1e50) {
            throw ParameterError(parameter: .scales, value: scale, rule: "must be in [1e-50, 1e50]")
        }
        for (index, mean) in (means ?? []).enumerated() {
            let scale = scales.map { index < $0.count ? $0[index] : 1 } ?? 1
            guard abs(mean) <= 1e6 * scale else {
                throw ParameterError(parameter: .means, value: mean, rule: "must be at most 1e6 times its scale in size")
            }
        }
        if means == nil, let smallest = scales?.min(), !(abs(mean) <= 1e6 * smallest) {
            throw ParameterError(parameter: .mu, value: mean, rule: "must be at most 1e6 times every scale in size")
        }
        if law != .normal {
            if autocorrelation != 0 {
                throw ParameterError(parameter: .autocorrelation, value: autocorrelation, rule: "has an exact law for normal gradients only")
            }
            if means != nil {
                throw ParameterError(parameter: .means, value: "list", rule: "has an exact law for normal gradients only")
            }
            if scales != nil, mean != 0 {
                throw ParameterError(parameter: .scales, value: "list", rule: "with a mean has an exact law for normal gradients only")
            }
        }
        self.law = law
        self.recorded = law == .recorded ? recorded : nil
        self.mean = mean
        points = law == .recorded ? RecordedPoints(recorded!, shift: mean) : nil
        self.autocorrelation = autocorrelation
        self.scales = scales
        self.means = means
    }

    /// - Throws: `ParameterError` unless r is in (-1, 1).
    static func require(autocorrelation: Double) throws(ParameterError) {
        guard autocorrelation > -1, autocorrelation < 1 else {
            throw ParameterError(parameter: .autocorrelation, value: autocorrelation, rule: "must be in (-1, 1)")
        }
    }

    /// Whether all steps are alike.
    public var isStationary: Bool { scales == nil && means == nil }

    /// The last step that scales and means cover.
    var lastStep: Int { min(scales?.count ?? .max, means?.count ?? .max) }

    /// What the squares of independent gradients at scale 1 follow.
    func squaredGradientLaw() -> any SquaredGradientLaw {
        switch law {
        case .uniform: UniformSquares(mean: mean)
        case .recorded: RecordedSquares(points!)
        default: Self.mixture(law, mean: mean)
        }
    }

    /// σ_i and μ_i, i from 1.
    func scale(at step: Int) -> Double { scales?[step - 1] ?? 1 }
    func mean(at step: Int) -> Double { means?[step - 1] ?? mean }
}
