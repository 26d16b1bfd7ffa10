/// φ of algorithm 1: what of the gradients so far gives the direction of a step.
///
/// In every case g_t is the gradient after clipping and coupled weight decay, and m_0 = 0.
public enum Momentum: Hashable, Codable, Sendable {
    /// φ_t = g_t: plain SGD, RMSProp.
    case none

    /// m_t = β1 m_{t-1} + (1-β1) g_t and φ_t = m̂_t = m_t/(1-β1^t): Adam, RAdam.
    ///
    /// - `decay`: β1 in [0, 1).
    /// - `biasCorrection`: what m_t is divided by.
    /// - `lookAhead`: Nesterov's variant of it.
    case average(decay: Double, biasCorrection: BiasCorrection = .exact, lookAhead: LookAhead = .none)

    /// m_t = μ m_{t-1} + (1-d) g_t, with m_1 = g_1, and φ_t = m_t, or g_t + μ m_t for Nesterov's variant: PyTorch's SGD, the
    /// heavy ball.
    ///
    /// - `decay`: μ in [0, 1).
    /// - `dampening`: d in [0, 1].
    case accumulation(decay: Double, dampening: Double = 0, isNesterov: Bool = false)

    /// m_t = μ m_{t-1} + g_t l_t, and the step is α_t m_t: RMSProp with momentum (Graves 2013), where the momentum gathers
    /// gradients that are already divided by their root mean square.
    case afterAdaptiveRate(decay: Double)

    /// How an average looks one step ahead (Dozat, "Incorporating Nesterov momentum into Adam", 2016).
    public enum LookAhead: Hashable, Codable, Sendable {
        case none
        /// φ_t = β1 m_t/(1-β1^{t+1}) + (1-β1) g_t/(1-β1^t), as optax computes it.
        case constant
        /// With μ_t = β1 (1 - ½ 0.96^{t s}) and Π_t = μ_1 … μ_t: φ_t = μ_{t+1} m_t/(1-Π_{t+1}) + (1-μ_t) g_t/(1-Π_t), as
        /// PyTorch computes it; s is its `momentum_decay`. Unless its default type is double, PyTorch keeps Π_t in single
        /// precision, also for parameters in double: `roundsProduct`.
        case scheduled(decay: Double = 0.004, roundsProduct: Bool = false)
    }

    var needsBuffer: Bool { self != .none }
}
