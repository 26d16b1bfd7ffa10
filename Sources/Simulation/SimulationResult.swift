import Concurrency

/// Moments of ψ_t over the trajectories, for every mean and iteration.
public struct SimulationResult: Sendable, Equatable {
    public let parameters: SimulationParameters
    /// One for each of `parameters.means`, in their order.
    public let curves: [Curve]

    /// The moments of one mean; element t-1 belongs to iteration t.
    ///
    /// Where recorded gradients can all be exactly zero at ε = 0, mean and variance are infinite, as E[ψ_t] and Var[ψ_t] are, whether or
    /// not a trajectory was so. A standard error is given where one exists and where the sample is large enough for it by the exact
    /// law: where the relative standard error that the law gives, √(Var/n)/E[ψ] of the mean and √((κ-1)/n) of the variance with the
    /// kurtosis κ of ψ_t, is at most a third. At ε = 0 that is never before t = 3 and t = 5.
    public struct Curve: Sendable, Equatable {
        /// μ.
        public let mean: Double
        /// The sample mean of ψ_t.
        public let meanPsi: [Double]
        /// The standard error of `meanPsi`, s/√n; nil where n = 1, where Var[ψ_t] is infinite, and where n is too small for it.
        public let meanStandardError: [Double?]
        /// The unbiased sample variance of ψ_t, divisor n-1; nil when n = 1.
        public let variance: [Double?]
        /// The standard error of `variance`, √((m₄ - (n-3)/(n-1) s⁴)/n) with the sample's fourth central moment m₄; nil when n < 4,
        /// where E[ψ_t⁴] is infinite, and where n is too small for it.
        public let varianceStandardError: [Double?]
        /// Whether Var[ψ_t] is finite: from the third step on, at every step with ε > 0, at none at β2 = 0 and ε = 0; for recorded
        /// gradients wherever they cannot all be zero.
        public let hasFiniteVariance: [Bool]
    }

    /// The moments of the update u_t = m̂_t ψ_t for each mean; empty without `parameters.beta1`.
    public let updates: [UpdateCurve]

    /// The moments of u_t of one mean; element t-1 belongs to iteration t.
    ///
    /// Where no gradient so far was other than 0, which recorded ones may be, u_t counts as 0, its limit for small ε. |u_t| is bounded, but
    /// the bound may be far out: a standard error is given where n is large enough for the kurtosis that `UpdateErrorRule` allows for.
    public struct UpdateCurve: Sendable, Equatable {
        /// μ.
        public let mean: Double
        /// The sample mean of u_t.
        public let meanUpdate: [Double]
        /// Its standard error s/√n.
        public let meanStandardError: [Double?]
        /// The unbiased sample variance of u_t; nil when n = 1.
        public let variance: [Double?]
        /// The standard error of `variance`.
        public let varianceStandardError: [Double?]
    }

    init(parameters: SimulationParameters, tables: KernelTables, sums: PowerSums, threads: Int) {
        self.parameters = parameters
        let count = 4 * parameters.means.count * parameters.iterations
        let values = sums.values, means = Array(parameters.means.indices)
        curves = concurrentMap(means, threads: threads) { mean in
            values.withUnsafeBufferPointer { Self.curve(mean, parameters: parameters, tables: tables, sums: $0) }
        }
        updates = parameters.beta1 == nil ? [] : concurrentMap(means, threads: threads) { mean in
            values.withUnsafeBufferPointer {
                Self.update(mean, parameters: parameters, tables: tables, sums: UnsafeBufferPointer(rebasing: $0.dropFirst(count)))
            }
        }
    }

    private static func curve(
        _ index: Int, parameters: SimulationParameters, tables: KernelTables, sums: UnsafeBufferPointer<Double>
    ) -> Curve {
        let n = Double(parameters.trajectories)
        let meanCount = parameters.means.count
        let rule = StandardErrorRule(parameters, mean: parameters.means[index])
        var meanPsi: [Double] = []
        var meanError: [Double?] = []
        var variance: [Double?] = []
        var varianceError: [Double?] = []
        meanPsi.reserveCapacity(parameters.iterations)
        meanError.reserveCapacity(parameters.iterations)
        variance.reserveCapacity(parameters.iterations)
        varianceError.reserveCapacity(parameters.iterations)
        for step in 1...parameters.iterations {
            if rule.isInfinite(at: step) {
                meanPsi.append(.infinity)
                variance.append(n > 1 ? .infinity : nil)
                meanError.append(nil)
                varianceError.append(nil)
                continue
            }
            let entry = (step - 1) * meanCount + index
            let moments = DistanceMoments(sums, entry: entry, n: n)
            let scale = tables.scale[step - 1]
            meanPsi.append(scale * (tables.shift[entry] + moments.mean))
            guard n > 1 else {
                variance.append(nil)
                meanError.append(nil)
                varianceError.append(nil)
                continue
            }
            variance.append(scale * scale * moments.variance)
            meanError.append(rule.hasMeanError(at: step) ? scale * moments.meanError : nil)
            guard rule.hasVarianceError(at: step) else {
                varianceError.append(nil)
                continue
            }
            let error = scale * scale * moments.varianceError
            varianceError.append(error.isFinite ? error : nil)
        }
        return Curve(
            mean: parameters.means[index], meanPsi: meanPsi, meanStandardError: meanError, variance: variance,
            varianceStandardError: varianceError,
            hasFiniteVariance: (1...parameters.iterations).map(rule.hasVariance))
    }

    private static func update(
        _ index: Int, parameters: SimulationParameters, tables: KernelTables, sums: UnsafeBufferPointer<Double>
    ) -> UpdateCurve {
        let n = Double(parameters.trajectories)
        var rule = UpdateErrorRule(parameters, mean: parameters.means[index])
        var means: [Double] = [], variances: [Double?] = [], meanErrors: [Double?] = [], varianceErrors: [Double?] = []
        for step in 0..<parameters.iterations {
            let entry = step * parameters.means.count + index
            let moments = DistanceMoments(sums, entry: entry, n: n)
            means.append(tables.updateShift[entry] + moments.mean)
            variances.append(n > 1 ? moments.variance : nil)
            let kurtosis = rule.nextKurtosis(variance: moments.variance)
            meanErrors.append(UpdateErrorRule.hasMeanError(kurtosis: kurtosis, n: n) ? moments.meanError : nil)
            varianceErrors.append(UpdateErrorRule.hasVarianceError(kurtosis: kurtosis, n: n) ? moments.varianceError : nil)
        }
        return UpdateCurve(
            mean: parameters.means[index], meanUpdate: means, meanStandardError: meanErrors, variance: variances,
            varianceStandardError: varianceErrors)
    }
}

/// The moments of n values by the sums of the powers of their distances to about their mean.
private struct DistanceMoments {
    /// The mean distance.
    let mean: Double
    /// The unbiased variance.
    let variance: Double
    private let n: Double
    private let powers: (Double, Double, Double, Double)

    init(_ sums: UnsafeBufferPointer<Double>, entry: Int, n: Double) {
        let (s1, s2) = (sums[4 * entry], sums[4 * entry + 1])
        let (s3, s4) = (sums[4 * entry + 2], sums[4 * entry + 3])
        mean = s1 / n
        variance = max(0, (s2 - s1 * mean) / (n - 1))
        self.n = n
        powers = (s1, s2, s3, s4)
    }

    /// s/√n.
    var meanError: Double { (variance / n).squareRoot() }

    /// √((m₄ - (n-3)/(n-1) s⁴)/n).
    var varianceError: Double {
        let (s1, s2, s3, s4) = powers
        let fourth = (s4 - mean * (4 * s3 - mean * (6 * s2 - 3 * mean * s1))) / n
        return (max(0, fourth - (n - 3) / (n - 1) * variance * variance) / n).squareRoot()
    }
}
