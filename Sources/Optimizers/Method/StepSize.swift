/// α_t = α · decay_t · warmup_t of algorithm 1.
public struct StepSize: Hashable, Sendable {
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

/// The factor by which the step size grows at the start.
public enum WarmupRule: Hashable, Sendable {
    case none
    /// min(t, T_w)/T_w (section 2). The authors' code adds `offset` = 1e-8 to the step size itself for t < T_w.
    case linear(steps: Int, offset: Double = 0)
    /// min(1, (1-β2)/2 · t) with the method's β2 (Ma and Yarats 2019).
    case untunedLinear
    /// 1 - exp(-(1-β2) t) with the method's β2 (ibid.).
    case untunedExponential
    /// r_t as a warmup of the plain adaptive step: 0 where the variance is infinite.
    case rectification(RectificationRule.Variance)
}
