import Concurrency
import Dispatch
import Errors
import Simulation
import Theory

/// The Monte Carlo run of figure 9 with everything that is compared to it: exact law, predicted densities, implied ρ.
///
/// The exact law and the predicted densities are those of g ~ N(μ, 1), whatever the gradients are drawn from: the Gaussian
/// reference.
public struct SimulateExperiment: Sendable {
    public let parameters: SimulationParameters
    /// Into how many batches the trajectories are split for the distribution of ρ̂.
    public let batchCount: Int

    /// - Parameters:
    ///   - histogramSteps: iterations at which ψ is collected, in any order; nil for those of the defaults (5, 10, 100, 1000,
    ///     6000) that the run reaches.
    ///   - gradients: what the noise about each mean is drawn from.
    ///   - batchCount: at most half the trajectories, so that each batch has a variance; nil for 100 or as many.
    /// - Throws: `ParameterError` for anything outside its domain.
    public init(
        means: [Double], beta2: Double, epsilon: Double, trajectories: Int, iterations: Int, seed: UInt64,
        histogramSteps: [Int]? = nil, batchCount: Int? = nil, gradients: GradientSource = .normal
    ) throws(ParameterError) {
        let steps = histogramSteps ?? [5, 10, 100, 1000, 6000].filter { $0 <= iterations }
        if let tooLate = steps.first(where: { $0 > iterations }) {
            throw ParameterError(
                parameter: .histogramSteps, value: tooLate, rule: "must not exceed the \(iterations) iterations")
        }
        parameters = try SimulationParameters(
            means: means, beta2: beta2, epsilon: epsilon, trajectories: trajectories, iterations: iterations, seed: seed,
            sampleSteps: Set(steps).sorted(), gradients: gradients)
        // The exact law's domain is the narrower one for tiny β2 and ε.
        _ = try ExactLaw(beta2: beta2, means: means, epsilon: epsilon)
        let most = max(trajectories / 2, 1)
        if let batchCount, batchCount < 1 || batchCount > most {
            throw ParameterError(
                parameter: .batches, value: batchCount, rule: "must be from 1 to half the trajectories (\(most))")
        }
        self.batchCount = batchCount ?? min(100, most)
    }

    /// Runs the simulation on so many threads, then the exact law; the outcome does not depend on their number.
    /// - Parameter progress: called with the number of finished trajectories.
    public func run(threads: Int, progress: (@Sendable (Int) -> Void)? = nil) throws -> SimulateOutcome {
        let average = try ExponentialAverage(beta2: parameters.beta2)
        let pilot = try parameters.gradients == .normal ? nil : PilotSamples(parameters, threads: threads)
        let histograms = try SampleHistograms(parameters) { stepIndex, meanIndex throws(ParameterError) in
            let range = pilot.map { PsiRange(pilot: $0.values(stepIndex: stepIndex, meanIndex: meanIndex)) } ?? PsiRange(
                average: average, mean: parameters.means[meanIndex], epsilon: parameters.epsilon,
                step: parameters.sampleSteps[stepIndex])
            return try SampleHistogram(range: range.display, bins: Self.displayBins, inverseRange: range.inverse)
        }
        var samples = BothConsumers(histograms, try BatchMoments(parameters, batchCount: batchCount))
        let result = try MonteCarlo(parameters).run(threads: threads, samples: &samples, progress: progress)
        return SimulateOutcome(
            experiment: self, average: average, result: result, exact: try exactMoments(threads: threads),
            histograms: samples.first, batches: samples.second, threads: threads)
    }

    static let displayBins = 60

    /// Moments as [mean][step - 1].
    private func exactMoments(threads: Int) throws -> [[ExactMoments]] {
        let steps = Array(1...parameters.iterations)
        let means = parameters.means
        return try concurrentMap(Array(slices(of: means.indices, count: threads)), threads: threads) { slice in
            try ExactLaw(beta2: parameters.beta2, means: Array(means[slice]), epsilon: parameters.epsilon)
                .moments(at: steps)
        }.flatMap { $0 }
    }
}
