/// What pulls the parameters to 0.
public struct WeightDecay: Hashable, Codable, Sendable {
    /// λ ≥ 0.
    public var rate: Double
    /// Whether θ ← (1 - α_t λ) θ beside the step (AdamW: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019),
    /// or λ θ is added to the gradient, so that it enters m and v.
    public var isDecoupled: Bool

    public init(rate: Double = 0, isDecoupled: Bool = true) {
        self.rate = rate
        self.isDecoupled = isDecoupled
    }
}
