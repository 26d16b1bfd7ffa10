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

    init(parameters: SimulationParameters, tables: KernelTables, sums: PowerSums) {
        self.parameters = parameters
        curves = sums.values.withUnsafeBufferPointer { sums in
            parameters.means.indices.map { Self.curve($0, parameters: parameters, tables: tables, sums: sums) }
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
            let (s1, s2) = (sums[4 * entry], sums[4 * entry + 1])
            let (s3, s4) = (sums[4 * entry + 2], sums[4 * entry + 3])
            let scale = tables.scale[step - 1]
            let d = s1 / n
            meanPsi.append(scale * (tables.shift[entry] + d))
            guard n > 1 else {
                variance.append(nil)
                meanError.append(nil)
                varianceError.append(nil)
                continue
            }
            let second = max(0, (s2 - s1 * d) / (n - 1))
            variance.append(scale * scale * second)
            meanError.append(rule.hasMeanError(at: step) ? scale * (second / n).squareRoot() : nil)
            guard rule.hasVarianceError(at: step) else {
                varianceError.append(nil)
                continue
            }
            let fourth = (s4 - d * (4 * s3 - d * (6 * s2 - 3 * d * s1))) / n
            let square = max(0, fourth - (n - 3) / (n - 1) * second * second) / n
            let error = scale * scale * square.squareRoot()
            varianceError.append(error.isFinite ? error : nil)
        }
        return Curve(
            mean: parameters.means[index], meanPsi: meanPsi, meanStandardError: meanError, variance: variance,
            varianceStandardError: varianceError,
            hasFiniteVariance: (1...parameters.iterations).map(rule.hasVariance))
    }
}
