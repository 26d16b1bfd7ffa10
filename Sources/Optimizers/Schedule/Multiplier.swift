/// By what a method multiplies the step size at one step.
public struct Multiplier: Hashable, Sendable {
    /// t, counted from 1.
    public let step: Int
    /// ρ_t, as the method computes it.
    public let rho: Double
    public let rule: OptimizerStep.Rule
    /// (α_t/α) r_t of the step that is taken: 0 where the parameters stay fixed, α_t/α for a momentum step.
    public let value: Double
    /// Whether r_t is part of it.
    public let isRectified: Bool

    /// The factor on the adaptive step φ_t ψ_t alone, 0 where none is taken: a learning-rate schedule for Adam.
    public var adaptiveValue: Double { rule == .adaptive ? value : 0 }
}
