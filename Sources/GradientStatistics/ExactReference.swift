import Errors
import Theory

/// What the exact law says of ψ_t across coordinates, for Gaussian gradients of unit deviation.
public struct ExactReference: Sendable {
    /// At one step.
    public struct Moments: Sendable, Equatable {
        /// E[ψ_t] and Var[ψ_t] at μ = 0.
        public let zeroMean: ExactMoments
        /// The mean over coordinates of E[ψ_t] at their |μ|/σ.
        public let mean: Double
        /// The mean over coordinates of Var[ψ_t] at their |μ|/σ.
        public let variance: Double
        /// The same plus the variance of E[ψ_t] between coordinates: the variance of ψ_t of a coordinate drawn at random, which
        /// is what the variance across coordinates estimates.
        public let mixtureVariance: Double
    }

    /// At most so many values of |μ|/σ are evaluated.
    public static let mostMeans = 64

    /// At the steps, in their order.
    public let moments: [Moments]

    /// - Parameters:
    ///   - meansOverDeviation: |μ|/σ of each coordinate. More than ``mostMeans`` are sorted and split into as many groups of
    ///     equal size (up to one), and each is replaced by the mean of its group.
    ///   - steps: ascending, from 1.
    /// - Throws: `ParameterError` for a β2 or ε outside the domain of `ExactLaw`.
    public init(beta2: Double, epsilon: Double, meansOverDeviation: [Double], steps: [Int]) throws(ParameterError) {
        let groups = Self.groups(meansOverDeviation)
        let law = try ExactLaw(beta2: beta2, means: [0] + groups.map(\.mean), epsilon: epsilon)
        let curves = law.moments(at: steps)
        let total = Double(meansOverDeviation.count)
        moments = steps.indices.map { step in
            guard !groups.isEmpty else {
                let zero = curves[0][step]
                return Moments(zeroMean: zero, mean: zero.mean, variance: zero.variance, mixtureVariance: zero.variance)
            }
            func average(_ value: (ExactMoments) -> Double) -> Double {
                var sum = 0.0
                for (index, group) in groups.enumerated() { sum += Double(group.count) / total * value(curves[index + 1][step]) }
                return sum
            }
            let mean = average(\.mean)
            let variance = average(\.variance)
            let between = mean.isFinite ? average { ($0.mean - mean) * ($0.mean - mean) } : .infinity
            return Moments(zeroMean: curves[0][step], mean: mean, variance: variance, mixtureVariance: variance + between)
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
