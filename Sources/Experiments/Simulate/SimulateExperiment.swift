import Concurrency
import Distributions
import Errors
import Simulation
import Theory
import Traces

/// The Monte Carlo run of figure 9 with everything that is compared to it: exact law, predicted densities, implied ρ.
///
/// The exact moments and densities are those of the law that is drawn from, where it has them, beside those of the Gaussian reference,
/// independent g ~ N(μ, 1). The predicted densities are for that reference.
public struct SimulateExperiment: Sendable {
    public let parameters: SimulationParameters
    /// Into how many batches the trajectories are split for the distribution of ρ̂.
    public let batchCount: Int
    /// How many of the means, the first ones, get histograms.
    let comparedMeans: Int
    /// What the gradients were read from, their scales and means.
    let inputs: [InputFile]
    /// Whence these come.
    let files: SequenceFiles

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
    ///   - sequence: what they have to do with each other, and how they change over the steps.
    ///   - beta1: the decay rate of m̂_t for the update, which is simulated too; nil without.
    ///   - batchCount: at most half the trajectories, so that each batch has a variance; nil for 100 or as many.
    /// - Throws: `ParameterError` for anything outside its domain, and for more than ``mostHistograms`` histograms or
    ///   ten million batches over all of them.
    public init(
        means: [Double], beta2: Double, epsilon: Double, trajectories: Int, iterations: Int, seed: UInt64,
        histogramSteps: [Int]? = nil, histogramMeans: Int? = nil, batchCount: Int? = nil, gradients: GradientSource = .normal,
        inputs: [InputFile] = [], sequence: SequenceFiles = .none, beta1: Double? = nil
    ) throws(ParameterError) {
        self.inputs = inputs + sequence.inputs
        files = sequence
        let steps = histogramSteps ?? [5, 10, 100, 1000, 6000].filter { $0 <= iterations }
        if let tooLate = steps.first(where: { $0 > iterations }) {
            throw ParameterError(
                parameter: .histogramSteps, value: tooLate, rule: "must not exceed the \(iterations) iterations")
        }
        parameters = try SimulationParameters(
            means: means, beta2: beta2, epsilon: epsilon, trajectories: trajectories, iterations: iterations, seed: seed,
            sampleSteps: Set(steps).sorted(), gradients: gradients, sequence: sequence.sequence, beta1: beta1)
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
        let simulation = try PartwiseSimulation(self, threads: threads)
        let state = try simulation.state(of: simulation.simulation.wholeShare, threads: threads, progress: progress)
        return try simulation.outcome(of: state, threads: threads)!
    }

    /// Every pair of a histogram step and a mean that is compared, as indices, means within steps.
    var compared: [(step: Int, mean: Int)] {
        parameters.sampleSteps.indices.flatMap { step in (0..<comparedMeans).map { (step, $0) } }
    }

    /// The moments of independent N(μ, 1), as [mean][step - 1].
    func normalMoments(threads: Int) throws -> [[ExactMoments]] {
        let steps = Array(1...parameters.iterations)
        let means = parameters.means
        return try concurrentMap(slices(of: means.indices, count: threads), threads: threads) { slice in
            try ExactLaw(beta2: parameters.beta2, means: Array(means[slice]), epsilon: parameters.epsilon)
                .moments(at: steps)
        }.flatMap { $0 }
    }

    /// Those of the law that is drawn from, where it is another and the exact law has it, as far as it has.
    func drawnMoments(threads: Int) throws -> [[ExactMoments?]]? {
        guard !parameters.isStandard else { return nil }
        let laws = parameters.means.compactMap { mean in
            parameters.process(mean: mean).flatMap {
                try? ExactProcessLaw(beta2: parameters.beta2, process: $0, epsilon: parameters.epsilon)
            }
        }
        guard laws.count == parameters.means.count else { return nil }
        // Where each step is taken by itself, up to a limit.
        let last = parameters.sequence == .independent ? parameters.iterations : min(parameters.iterations, ExactProcessLaw.mostSteps)
        return try concurrentMap(laws, threads: threads) {
            try $0.moments(at: Array(1...last)) + Array(repeating: nil, count: parameters.iterations - last)
        }
    }

    /// In the order of ``compared``; each law is made once, and serves the histogram's table, its distance and its curve.
    func comparedLaws(_ average: ExponentialAverage, threads: Int) throws -> [ComparedLaws] {
        try concurrentMap(compared, threads: threads) { pair in
            let mean = parameters.means[pair.mean], step = parameters.sampleSteps[pair.step]
            let reference = parameters.sequence.means != nil ? nil : try GaussianLaws(average: average, mean: mean, epsilon: parameters.epsilon, step: step)
            if parameters.isStandard { return ComparedLaws(exact: reference?.normal, reference: reference) }
            let exact = parameters.process(mean: mean).flatMap {
                try? AdaptiveRateLaw(beta2: average.beta2, process: $0, epsilon: parameters.epsilon, step: step)
            }
            return ComparedLaws(exact: exact.map(InterpolatedRateLaw.init), reference: reference)
        }
    }
}

/// The laws of ψ_t that a histogram is compared to.
struct ComparedLaws: Sendable {
    /// Of what is drawn; nil where it has no density here.
    let exact: InterpolatedRateLaw?
    /// nil without one mean for all steps.
    let reference: GaussianLaws?
}

/// The Gaussian reference: the exact law of independent N(μ, 1), and Scale-inv-χ² at ρ_t and at ν_t.
struct GaussianLaws: Sendable {
    let normal: InterpolatedRateLaw
    let rho: PredictedPsi
    let nu: PredictedPsi

    init(average: ExponentialAverage, mean: Double, epsilon: Double, step: Int) throws(ParameterError) {
        normal = InterpolatedRateLaw(try AdaptiveRateLaw(beta2: average.beta2, mean: mean, epsilon: epsilon, step: step))
        rho = try PredictedPsi(rho: average.rho(at: step), mean: mean, epsilon: epsilon)
        nu = try PredictedPsi(rho: average.satterthwaite(at: step), mean: mean, epsilon: epsilon)
    }
}
