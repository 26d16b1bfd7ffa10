/// The numbers that an optimizer is called with.
public struct MethodSettings: Hashable, Codable, Sendable {
    /// α.
    public var learningRate = 0.001
    /// β1; SGD and RMSProp have a momentum of their own.
    public var beta1 = 0.9
    /// β2.
    public var beta2 = 0.999
    /// ε.
    public var epsilon = 1e-8
    /// λ.
    public var weightDecay = 0.0
    /// Decoupled or coupled whatever the implementation does by default; nil leaves it to that.
    public var isDecoupled: Bool?
    /// β2 of RMSProp where it differs.
    public var rmspropDecay: Double?
    public var stepDecay = StepDecay.constant
    /// The largest norm of a gradient; nil for no clipping.
    public var clippingNorm: Double?
    /// Adam-Nk's `Freeze.restartsMomentumCorrection`.
    public var restartsMomentumCorrection = false

    public init() {}
}
