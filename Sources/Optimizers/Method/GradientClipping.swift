/// A bound on the Euclidean norm of the whole gradient: g ← g · min(1, bound/(‖g‖ + guard)).
public struct GradientClipping: Hashable, Codable, Sendable {
    /// The largest norm, > 0.
    public var bound: Double
    /// What is added to the norm: 1e-6 in PyTorch and fairseq, 0 in optax.
    public var normGuard: Double

    public init(bound: Double, normGuard: Double = 0) {
        self.bound = bound
        self.normGuard = normGuard
    }

    /// The factor for a gradient of this norm. A NaN norm passes on as it is.
    public func factor(norm: Double) -> Double {
        let quotient = bound / (norm + normGuard)
        return quotient > 1 ? 1 : quotient
    }
}
