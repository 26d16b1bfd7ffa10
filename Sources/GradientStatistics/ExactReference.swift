import Errors
import Theory

/// What is known of ψ_t across coordinates for independent normal gradients, each coordinate divided by its own root mean square over
/// the trace's T steps.
///
/// At μ = 0 and ε = 0 that is `SelfNormalizedLaw`, exact. Coordinates with a mean, and ε > 0, have the exact variance of ψ_t, in
/// units of their root mean square √(1+μ²), times the factor Var[R_t]/Var[ψ_t] of μ = 0 for the mean square that is estimated, and likewise
/// the mean's excess over that of a constant v̂_t. That factor is 1 - ν_t/T in the first order for every law of independent gradients.
/// What it leaves out falls like 1/T: in simulations 1% of the variance at T = 50, half a percent at T = 500 up to |μ|/σ = 1 and 1.4% at
/// |μ|/σ = 3.
public struct ExactReference: Sendable {
    /// At one step.
    public struct Moments: Sendable, Equatable {
        /// Mean and variance at μ = 0.
        public let meanAtZero, varianceAtZero: Double
        /// The mean over coordinates of the mean at their |μ|/σ.
        public let mean: Double
        /// The mean over coordinates of the variance at their |μ|/σ.
        public let variance: Double
        /// The same plus the variance of the mean between coordinates: the variance of a coordinate drawn at random, which is what the
        /// variance across coordinates estimates.
        public let mixtureVariance: Double
        /// Var[R_t]/Var[ψ_t]: how much of the variance is left when the root mean square is taken from the steps themselves.
        public let normalization: Double
    }

    /// At most so many values of |μ|/σ are evaluated.
    public static let mostMeans = 64

    /// At the steps, in their order; empty for a trace of fewer than three steps, whose root mean square has no such law.
    public let moments: [Moments]

    /// - Parameters:
    ///   - epsilon: in units of the root mean square.
    ///   - meansOverDeviation: |μ|/σ of each coordinate. More than ``mostMeans`` are sorted and split into as many groups of
    ///     equal size (up to one), and each is replaced by the mean of its group.
    ///   - stepCount: T.
    ///   - steps: ascending, from 1 to T.
    /// - Throws: `ParameterError` for a β2 or ε outside the domain of `ExactLaw`.
    public init(
        beta2: Double, epsilon: Double, meansOverDeviation: [Double], stepCount: Int, steps: [Int]
    ) throws(ParameterError) {
        guard stepCount >= 3 else {
            moments = []
            return
        }
        let groups = Self.groups(meansOverDeviation)
        let law = try SelfNormalizedLaw(beta2: beta2, stepCount: stepCount)
        let means = [0] + groups.map(\.mean)
        let curves = try Self.curves(beta2: beta2, epsilon: epsilon, means: means, steps: steps)
        let unnormalized = try epsilon == 0 ? curves[0] : ExactLaw(beta2: beta2, means: [0]).moments(at: steps)[0]
        let normalized = law.moments(at: steps, unnormalized: unnormalized)
        let factors = steps.indices.map { index in
            unnormalized[index].variance.isFinite
                ? normalized[index].variance / unnormalized[index].variance
                : 1 - law.average.satterthwaite(at: steps[index]) / Double(stepCount)
        }
        let meanFactors = steps.indices.map { index in
            unnormalized[index].mean.isFinite
                ? (normalized[index].mean - 1) / (unnormalized[index].mean - 1)
                : 1 - law.average.satterthwaite(at: steps[index]) / Double(stepCount)
        }
        let total = Double(meansOverDeviation.count)
        moments = steps.indices.map { step in
            let factor = factors[step]
            let sizes = means.map { (1 + $0 * $0).squareRoot() }
            // Of a v̂_t that always equals its expectation, in the same units.
            let limit = 1 / (1 + epsilon)
            func mean(_ index: Int) -> Double { limit + (sizes[index] * curves[index][step].mean - limit) * meanFactors[step] }
            func variance(_ index: Int) -> Double { sizes[index] * sizes[index] * curves[index][step].variance * factor }
            let zero = epsilon == 0 ? (normalized[step].mean, normalized[step].variance) : (mean(0), variance(0))
            guard !groups.isEmpty else {
                return Moments(
                    meanAtZero: zero.0, varianceAtZero: zero.1, mean: zero.0, variance: zero.1, mixtureVariance: zero.1,
                    normalization: factor)
            }
            func average(_ value: (Int) -> Double) -> Double {
                var sum = 0.0
                for (index, group) in groups.enumerated() { sum += Double(group.count) / total * value(index + 1) }
                return sum
            }
            let (centre, within) = (average(mean), average(variance))
            let between = centre.isFinite ? average { (mean($0) - centre) * (mean($0) - centre) } : .infinity
            return Moments(
                meanAtZero: zero.0, varianceAtZero: zero.1, mean: centre, variance: within, mixtureVariance: within + between,
                normalization: factor)
        }
    }

    /// The exact law at each mean, as [mean][step]; ε is in units of √(1+μ²) there.
    private static func curves(
        beta2: Double, epsilon: Double, means: [Double], steps: [Int]
    ) throws(ParameterError) -> [[ExactMoments]] {
        if epsilon == 0 { return try ExactLaw(beta2: beta2, means: means).moments(at: steps) }
        return try means.map { mean throws(ParameterError) in
            let scaled = min(epsilon * (1 + mean * mean).squareRoot(), .greatestFiniteMagnitude)
            return try ExactLaw(beta2: beta2, means: [mean], epsilon: scaled).moments(at: steps)[0]
        }
    }

    /// Groups of neighbouring values, each with its mean.
    static func groups(_ values: [Double]) -> [(mean: Double, count: Int)] {
        let sorted = values.map(abs).sorted()
        let groupCount = min(mostMeans, sorted.count)
        return (0..<groupCount).map { group in
            let members = sorted[sorted.count * group / groupCount..<sorted.count * (group + 1) / groupCount]
            return (members.reduce(0, +) / Double(members.count), members.count)
        }
    }
}
