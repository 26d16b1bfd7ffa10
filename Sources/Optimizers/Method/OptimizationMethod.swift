import Errors
import Theory

/// One system as a value: algorithm 1 with its φ, ψ, r and α.
///
///     θ_t = θ_{t-1} - α_t r_t φ_t(g_1…g_t) ψ_t(g_1…g_t)
///
/// Every named optimizer is such a value (see `MethodSpecification`); an `Optimizer` runs one on a flat buffer.
public struct OptimizationMethod: Hashable, Codable, Sendable {
    /// φ.
    public var momentum: Momentum
    /// ψ; nil for SGD, where it is 1.
    public var adaptiveRate: AdaptiveRate?
    /// r; nil where it is 1.
    public var rectification: RectificationRule?
    /// α.
    public var stepSize: StepSize
    public var weightDecay: WeightDecay
    public var clipping: GradientClipping?
    public var freeze: Freeze?

    /// - Throws: `ParameterError` for a value outside its domain.
    public init(
        momentum: Momentum, adaptiveRate: AdaptiveRate? = nil, rectification: RectificationRule? = nil, stepSize: StepSize,
        weightDecay: WeightDecay = WeightDecay(), clipping: GradientClipping? = nil, freeze: Freeze? = nil
    ) throws(ParameterError) {
        self.momentum = momentum
        self.adaptiveRate = adaptiveRate
        self.rectification = rectification
        self.stepSize = stepSize
        self.weightDecay = weightDecay
        self.clipping = clipping
        self.freeze = freeze
        try validate()
    }
}
