/// r of algorithm 2: the factor that keeps the variance of r_t ψ_t at its limit, from when on, and what happens before.
public struct RectificationRule: Hashable, Codable, Sendable {
    /// From what the variance of ψ_t is known.
    public enum Variance: String, Hashable, Codable, Sendable, CaseIterable {
        /// The paper's first-order formula at ρ_t (Eq. 5), finite for ρ_t > 4.
        case firstOrder
        /// The closed form at ρ_t (Eq. 2), finite for ρ_t > 2.
        case closedForm
        /// The exact law under the exponential average with normal gradients; finite from t = 3, and so without a threshold.
        case exactLaw
    }

    /// What is done at a step whose variance is infinite or whose ρ_t lies below the threshold.
    public enum Before: String, Hashable, Codable, Sendable, CaseIterable {
        /// θ_t = θ_{t-1} - α_t m̂_t (algorithm 2).
        case momentumStep
        /// θ_t = θ_{t-1}, also without weight decay; m and v move (the authors' code).
        case skip
        /// The adaptive step with r_t = 1.
        case adaptiveStep
    }

    public var variance: Variance
    /// Rectified where ρ_t > `threshold`; the paper has 4.
    public var threshold: Double
    /// Rectified also where ρ_t equals the threshold (the authors, optax).
    public var includesThreshold: Bool
    public var before: Before

    public init(
        variance: Variance = .firstOrder, threshold: Double = 0, includesThreshold: Bool = false,
        before: Before = .momentumStep
    ) {
        self.variance = variance
        self.threshold = threshold
        self.includesThreshold = includesThreshold
        self.before = before
    }

    func allows(rho: Double) -> Bool { rho > threshold || (includesThreshold && rho == threshold) }
}
