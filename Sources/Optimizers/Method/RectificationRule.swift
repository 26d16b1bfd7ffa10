import Theory

/// r of algorithm 2: the factor that keeps the variance of r_t ψ_t at its limit, from when on, and what happens before.
public struct RectificationRule: Hashable, Codable, Sendable {
    /// From what the variance of ψ_t is known.
    public enum Variance: String, Hashable, Codable, Sendable, CaseIterable {
        /// The paper's first-order formula at ρ_t (Eq. 5), finite for ρ_t > 4.
        case firstOrder = "first-order"
        /// The closed form at ρ_t (Eq. 2), finite for ρ_t > 2.
        case closedForm = "closed-form"
        /// The exact law under the exponential average with normal gradients; finite from t = 3, and so without a threshold.
        case exactLaw = "exact-law"
    }

    /// What is done at a step whose variance is infinite or whose ρ_t lies below the threshold.
    public enum Before: String, Hashable, Codable, Sendable, CaseIterable {
        /// θ_t = θ_{t-1} - α_t m̂_t (algorithm 2).
        case momentumStep = "momentum-step"
        /// θ_t = θ_{t-1}, also without weight decay; m and v move (the authors' code).
        case skip
        /// The adaptive step with r_t = 1.
        case adaptiveStep = "adaptive-step"
    }

    // In JSON it stands in its method's object: see `OptimizationMethod`.
    private enum CodingKeys: String, CodingKey {
        case variance = "rectification"
        case threshold, includesThreshold, before
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

/// r_t at any step, by any of the three variances.
struct RectificationFactors: Sendable {
    private let average: ExponentialAverage
    private let variance: RectificationRule.Variance
    private var exact: ExactRectification?

    init(average: ExponentialAverage, variance: RectificationRule.Variance) {
        self.average = average
        self.variance = variance
        exact = variance == .exactLaw ? ExactRectification(beta2: average.beta2) : nil
    }

    /// Computes the exact law's factors at these ascending steps in one pass.
    mutating func prepare(for steps: [Int]) { exact?.prepare(for: steps) }

    /// nil where the variance is infinite.
    mutating func factor(at step: Int) -> Double? {
        switch variance {
        case .firstOrder:
            Rectification.firstOrder(rho: average.rho(at: step), rhoInfinity: average.rhoInfinity)
        case .closedForm:
            Rectification.closedForm(rho: average.rho(at: step), rhoInfinity: average.rhoInfinity)
        case .exactLaw:
            exact!.factor(at: step)
        }
    }
}

/// r_t of the exact law for any step, computed for blocks of steps or for a list of them.
///
/// A block is computed from its own first step on, whatever came before, so that a resumed run finds the same bits.
struct ExactRectification: Sendable {
    private static let blockLength = 1024
    private let law: ExactLaw
    private let limit: Double
    private var firstStep = 0
    private var factors: [Double?] = []
    private var prepared: [Int: Double?] = [:]

    init(beta2: Double) {
        do {
            law = try ExactLaw(beta2: beta2, means: [0])
        } catch {
            preconditionFailure("a validated method: \(error)")
        }
        limit = law.limit()[0].variance
    }

    /// Computes the factors at these ascending steps in one pass; `factor(at:)` then finds them.
    mutating func prepare(for steps: [Int]) {
        prepared = Dictionary(uniqueKeysWithValues: zip(steps, computed(at: steps)))
    }

    /// nil where the variance is infinite.
    mutating func factor(at step: Int) -> Double? {
        if let factor = prepared[step] { return factor }
        let first = (step - 1) / Self.blockLength * Self.blockLength + 1
        if first != firstStep {
            firstStep = first
            factors = computed(at: Array(first..<(first + Self.blockLength)))
        }
        return factors[step - first]
    }

    private func computed(at steps: [Int]) -> [Double?] {
        law.moments(at: steps)[0].map { Rectification.exact(variance: $0.variance, limit: limit) }
    }
}
