import CKernels

/// What a method does at one step: everything about it that does not depend on the gradients.
public struct OptimizerStep: Sendable {
    public enum Rule: String, Hashable, Codable, Sendable {
        /// Momentum and parameters stay fixed, v moves: Adam-Nk's freeze.
        case freeze
        /// The averages move, the parameters do not.
        case skip
        /// θ ← θ - α_t φ_t.
        case momentum
        /// θ ← θ - α_t r_t φ_t ψ_t.
        case adaptive
    }

    /// t, counted from 1.
    public let index: Int
    public let rule: Rule
    /// α_t with its decay and warmup; 0 where the parameters stay fixed.
    public let stepSize: Double
    /// r_t; nil where this step is not rectified.
    public let rectification: Double?
    /// ε_t; nil without adaptive rate.
    public let epsilon: Double?
    /// φ_t in terms of m_t and g_t.
    public let momentum: MomentumFactors
    /// √(1-β2^t) where ψ has it above the line, otherwise 1.
    let rateNumerator: Double
    /// The kernel's constants, but for the gradient's scale.
    var update: varlab_update

    /// ψ_t of a second moment v_t, as this method computes it.
    public func adaptiveRate(secondMoment: Double) -> Double {
        rateNumerator
            / ((secondMoment / update.bias_correction + update.inner_epsilon).squareRoot() + update.epsilon)
    }
}
