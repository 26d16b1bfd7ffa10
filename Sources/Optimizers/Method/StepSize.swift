/// α_t = α · decay_t · warmup_t of algorithm 1.
public struct StepSize: Hashable, Codable, Sendable {
    /// α ≥ 0.
    public var learningRate: Double
    public var decay: StepDecay
    public var warmup: WarmupRule

    public init(learningRate: Double, decay: StepDecay = .constant, warmup: WarmupRule = .none) {
        self.learningRate = learningRate
        self.decay = decay
        self.warmup = warmup
    }
}
