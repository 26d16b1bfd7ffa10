import Concurrency
import Distributions
import Errors
import Simulation
import Theory
import Traces

/// The Monte Carlo run of figure 9 with everything that is compared to it: exact law, predicted densities, implied ρ.
///
/// The exact moments are those of the law that is drawn from. The exact and predicted densities are those of g ~ N(μ, 1), whatever the
/// gradients are drawn from: the Gaussian reference.
public struct SimulateExperiment: Sendable {
    public let parameters: SimulationParameters
    /// Into how many batches the trajectories are split for the distribution of ρ̂.
    public let batchCount: Int
    /// How many of the means, the first ones, get histograms.
    let comparedMeans: Int
    /// What the gradients were read from.
    let inputs: [InputFile]

    /// Bins of each histogram between its tails.
    static let displayBins = 60
    /// The most histograms, each of 128 KiB: half a gigabyte.
    public static let mostHistograms = 4096
    /// The most batches of all histograms together, each of 24 bytes.
    static let mostBatches = 10_000_000

    /// - Parameters:
    ///   - histogramSteps: iterations at which ψ is collected, in any order; nil for those of the defaults (5, 10, 100, 1000,
    ///     6000) that the run reaches.
    ///   - histogramMeans: how many of the means get histograms, the first ones; nil for all.
    ///   - gradients: what the noise about each mean is drawn from.
    ///   - inputs: the files that they were read from, for the record.
    ///   - batchCount: at most half the trajectories, so that each batch has a variance; nil for 100 or as many.
    /// - Throws: `ParameterError` for anything outside its domain, and for more than ``mostHistograms`` histograms or
    ///   ten million batches over all of them.
    public init(
        means: [Double], beta2: Double, epsilon: Double, trajectories: Int, iterations: Int, seed: UInt64,
        histogramSteps: [Int]? = nil, histogramMeans: Int? = nil, batchCount: Int? = nil, gradients: GradientSource = .normal,
        inputs: [InputFile] = []
    ) throws(ParameterError) {
        self.inputs = inputs
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
        comparedMeans = min(histogramMeans ?? .max, means.count)
        // Both counts are at most 2^22, so that no product leaves the range.
        let histogramCount = parameters.sampleSteps.count * means.count
        guard histogramCount <= Self.mostHistograms else {
            throw ParameterError(
                parameter: .histogramSteps, value: parameters.sampleSteps.count,
                rule: "steps times \(means.count) means must be at most \(Self.mostHistograms) histograms")
        }
        let most = max(trajectories / 2, 1)
        if let batchCount, batchCount < 1 || batchCount > most {
            throw ParameterError(
                parameter: .batches, value: batchCount, rule: "must be from 1 to half the trajectories (\(most))")
        }
        let batches = batchCount ?? min(100, most)
        let (allBatches, overflows) = batches.multipliedReportingOverflow(by: max(histogramCount, 1))
        guard !overflows, allBatches <= Self.mostBatches else {
            throw ParameterError(
                parameter: .batches, value: batches, rule: "times \(histogramCount) histograms must be at most \(Self.mostBatches)")
        }
        self.batchCount = batches
    }

    /// Runs the simulation on so many threads, then the exact law; the outcome does not depend on their number.
    /// - Parameter progress: called with the number of finished trajectories.
    public func run(threads: Int, progress: (@Sendable (Int) -> Void)? = nil) throws -> SimulateOutcome {
        let average = try ExponentialAverage(beta2: parameters.beta2)
        let pilot = try parameters.gradients == .normal ? nil : PilotSamples(parameters, threads: threads)
        let histograms = try SampleHistograms(parameters, meanCount: comparedMeans) { stepIndex, meanIndex throws(ParameterError) in
            let range = pilot.map { PsiRange(pilot: $0.values(stepIndex: stepIndex, meanIndex: meanIndex)) } ?? PsiRange(
                average: average, mean: parameters.means[meanIndex], epsilon: parameters.epsilon,
                step: parameters.sampleSteps[stepIndex])
            return try SampleHistogram(range: range.display, bins: Self.displayBins, inverseRange: range.inverse)
        }
        let simulation = MonteCarlo(parameters)
        var state = SimulationState(counts: histograms, samples: try BatchMoments(parameters, batchCount: batchCount))
        try simulation.run(threads: threads, leaves: 0..<simulation.leafCount, rest: true, into: &state, progress: progress)
        let (result, batches) = simulation.result(of: state)!
        return SimulateOutcome(
            experiment: self, average: average, result: result, normal: try normalMoments(threads: threads),
            drawn: try drawnMoments(threads: threads),
            histograms: state.allCounts, batches: batches, laws: try comparedLaws(average, threads: threads),
            threads: threads)
    }

    /// Every pair of a histogram step and a mean that is compared, as indices, means within steps.
    var compared: [(step: Int, mean: Int)] {
        parameters.sampleSteps.indices.flatMap { step in (0..<comparedMeans).map { (step, $0) } }
    }

    /// The moments of independent N(μ, 1), as [mean][step - 1].
    private func normalMoments(threads: Int) throws -> [[ExactMoments]] {
        let steps = Array(1...parameters.iterations)
        let means = parameters.means
        return try concurrentMap(slices(of: means.indices, count: threads), threads: threads) { slice in
            try ExactLaw(beta2: parameters.beta2, means: Array(means[slice]), epsilon: parameters.epsilon)
                .moments(at: steps)
        }.flatMap { $0 }
    }

    /// Those of the law that is drawn from, where it is another and the exact law has it: not for blocks of a trace.
    private func drawnMoments(threads: Int) throws -> [[ExactMoments?]]? {
        let (source, steps) = (parameters.gradients, Array(1...parameters.iterations))
        guard source != .normal, source.blockLength == 1 else { return nil }
        let laws = try? parameters.means.map {
            try ExactProcessLaw(beta2: parameters.beta2, process: source.process(mean: $0), epsilon: parameters.epsilon)
        }
        return try laws.map { try concurrentMap($0, threads: threads) { try $0.moments(at: steps) } }
    }

    /// In the order of ``compared``; each law is made once, and serves the histogram's table, its distance and its curve.
    private func comparedLaws(_ average: ExponentialAverage, threads: Int) throws -> [ComparedLaws] {
        try concurrentMap(compared, threads: threads) { pair in
            try ComparedLaws(
                average: average, mean: parameters.means[pair.mean], epsilon: parameters.epsilon,
                step: parameters.sampleSteps[pair.step])
        }
    }
}

/// The laws of ψ_t that a histogram is compared to: the exact one, and Scale-inv-χ² at ρ_t and at ν_t.
struct ComparedLaws: Sendable {
    let exact: InterpolatedRateLaw
    let rho: PredictedPsi
    let nu: PredictedPsi

    init(average: ExponentialAverage, mean: Double, epsilon: Double, step: Int) throws(ParameterError) {
        exact = InterpolatedRateLaw(try AdaptiveRateLaw(beta2: average.beta2, mean: mean, epsilon: epsilon, step: step))
        rho = try PredictedPsi(rho: average.rho(at: step), mean: mean, epsilon: epsilon)
        nu = try PredictedPsi(rho: average.satterthwaite(at: step), mean: mean, epsilon: epsilon)
    }
}
