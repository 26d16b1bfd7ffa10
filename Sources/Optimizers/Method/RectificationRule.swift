import Errors
import Theory

/// r of algorithm 2: the factor that keeps the variance of r_t ψ_t at its limit, from when on, and what happens before.
public struct RectificationRule: Hashable, Codable, Sendable {
    /// From what the variance of ψ_t is known.
    public enum Variance: Hashable, Sendable {
        /// The paper's first-order formula at ρ_t (Eq. 5), finite for ρ_t > 4.
        case firstOrder
        /// The closed form at ρ_t (Eq. 2), finite for ρ_t > 2.
        case closedForm
        /// The exact law under the exponential average with gradients of any law; finite from t = 3 with a density at 0, and so without a threshold.
        case exact(RectificationLaw)

        /// The exact law with independent normal gradients.
        public static let exactLaw = Variance.exact(.normal)
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

    package func allows(rho: Double) -> Bool { rho > threshold || (includesThreshold && rho == threshold) }
}

extension RectificationRule.Variance: Codable {
    private static let plain: [(name: String, value: Self)] = [
        ("first-order", .firstOrder), ("closed-form", .closedForm), ("exact-law", .exactLaw),
    ]

    /// One text: `"first-order"`, `"closed-form"`, `"exact-law"`, and for a law of its own `"exact-law:laplace"`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        if let plain = Self.plain.first(where: { $0.name == text }) {
            self = plain.value
            return
        }
        guard text.hasPrefix("exact-law:") else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no variance: \(text)")
        }
        self = .exact(try RectificationLaw(coded: String(text.dropFirst("exact-law:".count)), in: container))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let plain = Self.plain.first(where: { $0.value == self }) { return try container.encode(plain.name) }
        if case .exact(let law) = self { try container.encode("exact-law:" + law.coded) }
    }
}

/// r_t at any step, by any of the three variances.
struct RectificationFactors: Sendable {
    private let average: ExponentialAverage
    private let variance: RectificationRule.Variance
    private var exact: ExactRectification?

    /// - Throws: `ParameterError` for an exact law that has no values, or none at this β2.
    init(average: ExponentialAverage, variance: RectificationRule.Variance) throws(ParameterError) {
        self.average = average
        self.variance = variance
        exact = if case .exact(let law) = variance { try ExactRectification(beta2: average.beta2, law: law) } else { nil }
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
        case .exact:
            exact!.factor(at: step)
        }
    }
}
