/// Moments of ψ_t over the trajectories, for every mean and iteration.
public struct SimulationResult: Sendable, Equatable {
    public let parameters: SimulationParameters
    /// One for each of `parameters.means`, in their order.
    public let curves: [Curve]

    /// The moments of one mean; element t-1 belongs to iteration t.
    public struct Curve: Sendable, Equatable {
        /// μ.
        public let mean: Double
        /// The sample mean of ψ_t.
        public let meanPsi: [Double]
        /// The unbiased sample variance of ψ_t, divisor n-1; nil when n = 1.
        public let variance: [Double?]
        /// The standard error of `variance`, √((m₄ - (n-3)/(n-1) s⁴)/n) with the sample's fourth central moment m₄.
        ///
        /// nil when n < 4, and where E[ψ_t⁴] is infinite, since no standard error exists there: at ε = 0 for t ≤ 4, and for
        /// every t when β2 = 0. That holds for every source of gradients with a positive density at zero, which all but recorded
        /// samples have; with these, ψ_t is finite unless all t gradients are exactly zero, and there is no standard error at
        /// ε = 0 for a mean at which one can be.
        public let varianceStandardError: [Double?]
    }

    init(parameters: SimulationParameters, tables: KernelTables, sums: PowerSums) {
        self.parameters = parameters
        let n = Double(parameters.trajectories)
        let means = parameters.means
        let iterations = parameters.iterations
        curves = sums.values.withUnsafeBufferPointer { sums in
            means.indices.map { index in
                var meanPsi: [Double] = []
                var variance: [Double?] = []
                var error: [Double?] = []
                meanPsi.reserveCapacity(iterations)
                variance.reserveCapacity(iterations)
                error.reserveCapacity(iterations)
                let firstStep = Self.firstStepWithFourthMoment(parameters, mean: means[index])
                for step in 0..<iterations {
                    let entry = step * means.count + index
                    let (s1, s2) = (sums[4 * entry], sums[4 * entry + 1])
                    let (s3, s4) = (sums[4 * entry + 2], sums[4 * entry + 3])
                    let scale = tables.scale[step]
                    let d = s1 / n
                    meanPsi.append(scale * (tables.shift[entry] + d))
                    guard n > 1 else {
                        variance.append(nil)
                        error.append(nil)
                        continue
                    }
                    let second = max(0, (s2 - s1 * d) / (n - 1))
                    variance.append(scale * scale * second)
                    guard n >= 4, let firstStep, step + 1 >= firstStep else {
                        error.append(nil)
                        continue
                    }
                    let fourth = (s4 - d * (4 * s3 - d * (6 * s2 - 3 * d * s1))) / n
                    let square = max(0, fourth - (n - 3) / (n - 1) * second * second) / n
                    error.append(scale * scale * square.squareRoot())
                }
                return Curve(mean: means[index], meanPsi: meanPsi, variance: variance, varianceStandardError: error)
            }
        }
    }

    /// From which step on E[ψ_t⁴] is finite, nil if never: v̂_t needs more than four squares with a positive weight, or ε > 0, or
    /// gradients that are never zero and of which there are finitely many.
    static func firstStepWithFourthMoment(_ parameters: SimulationParameters, mean: Double) -> Int? {
        if parameters.epsilon > 0 { return 1 }
        if let samples = parameters.gradients.samples { return samples.contains(-mean) ? nil : 1 }
        return parameters.beta2 > 0 ? 5 : nil
    }
}
