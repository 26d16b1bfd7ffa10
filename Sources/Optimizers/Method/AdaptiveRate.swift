/// ψ of algorithm 1: the adaptive learning rate of a coordinate, from v_t = β2 v_{t-1} + (1-β2) g_t² with v_0 = 0.
public struct AdaptiveRate: Hashable, Codable, Sendable {
    /// Where implementations add ε; c_t = 1-β2^t, or 1 where the bias is not corrected.
    public enum EpsilonPlacement: String, Hashable, Codable, Sendable, CaseIterable {
        /// ψ = √c_t/(√v_t + ε): the paper, the authors' code, PyTorch's RAdam.
        case insideBiasCorrection
        /// ψ = 1/(√(v_t/c_t) + ε): PyTorch's Adam, optax.
        case outsideBiasCorrection
        /// ψ = 1/√(v_t/c_t + ε): optax's RMSProp.
        case underRoot
    }

    /// β2 in [0, 1).
    public var decay: Double
    public var epsilon: EpsilonSchedule
    public var placement: EpsilonPlacement
    /// What v_t is divided by.
    public var biasCorrection: BiasCorrection
    /// Whether the squared average of the gradients, by the same β2, is subtracted from v_t (centred RMSProp).
    public var isCentred: Bool

    public init(
        decay: Double = 0.999, epsilon: EpsilonSchedule = .constant(1e-8),
        placement: EpsilonPlacement = .outsideBiasCorrection, biasCorrection: BiasCorrection = .exact, isCentred: Bool = false
    ) {
        self.decay = decay
        self.epsilon = epsilon
        self.placement = placement
        self.biasCorrection = biasCorrection
        self.isCentred = isCentred
    }
}
