import Errors
import Simulation
import Theory

/// A simulation that may be made in parts, by threads, processes and machines, at different times: what all of them begin with, and what
/// becomes of their states.
public struct PartwiseSimulation: Sendable {
    /// What a part has so far.
    public typealias State = SimulationState<SimulationCounts, BatchMoments>

    public let experiment: SimulateExperiment
    public let simulation: MonteCarlo
    /// With nothing in it.
    public let empty: State

    /// - Precondition: all means have histograms.
    public init(_ experiment: SimulateExperiment, threads: Int) throws {
        self.experiment = experiment
        let parameters = experiment.parameters
        let average = try ExponentialAverage(beta2: parameters.beta2)
        let pilot = try parameters.isStandard ? nil : PilotSamples(parameters, threads: threads)
        let histograms = try SampleHistograms(parameters, meanCount: experiment.comparedMeans) { stepIndex, meanIndex throws(ParameterError) in
            let range = pilot.map { PsiRange(pilot: $0.values(stepIndex: stepIndex, meanIndex: meanIndex)) } ?? PsiRange(
                average: average, mean: parameters.means[meanIndex], epsilon: parameters.epsilon,
                step: parameters.sampleSteps[stepIndex])
            return try SampleHistogram(range: range.display, bins: SimulateExperiment.displayBins, inverseRange: range.inverse)
        }
        simulation = MonteCarlo(parameters)
        let updates = try parameters.beta1.map {
            UpdateHistograms(ranges: try experiment.updateRanges(beta1: $0, pilot: pilot), bins: SimulateExperiment.displayBins)
        }
        empty = State(
            counts: SimulationCounts(psi: histograms, updates: updates),
            samples: try BatchMoments(parameters, batchCount: experiment.batchCount))
    }

    /// The state of a share that is made here, from beginning to end.
    public func state(of share: SimulationShare, threads: Int, progress: (@Sendable (Int) -> Void)? = nil) throws -> State {
        let shared = SharedSimulationState(empty)
        try simulation.run(threads: threads, share: share, in: shared, progress: progress)
        return shared.snapshot
    }

    /// The whole run beside all that it is compared to; nil while parts are missing.
    public func outcome(of state: State, threads: Int) throws -> SimulateOutcome? {
        guard let (result, batches) = simulation.result(of: state, threads: threads) else { return nil }
        let counts = state.allCounts, average = try ExponentialAverage(beta2: experiment.parameters.beta2)
        let updates = try experiment.parameters.beta1.map { beta1 in
            SimulatedUpdates(
                beta1: beta1, histograms: counts.updates!, exact: try experiment.updateMoments(beta1: beta1, threads: threads))
        }
        return SimulateOutcome(
            experiment: experiment, average: average, result: result, normal: try experiment.normalMoments(threads: threads),
            drawn: try experiment.drawnMoments(threads: threads), histograms: counts.psi, batches: batches,
            laws: try experiment.comparedLaws(average, threads: threads), updates: updates, threads: threads)
    }
}

/// What is counted at the chosen steps.
public struct SimulationCounts: SampleConsumer, StateCoding {
    var psi: SampleHistograms
    /// Absent where no update is simulated.
    var updates: UpdateHistograms?

    public mutating func consume(_ block: SampleBlock) {
        psi.consume(block)
        updates?.consume(block)
    }

    public mutating func merge(_ later: SimulationCounts) {
        psi.merge(later.psi)
        if let others = later.updates { updates?.merge(others) }
    }

    public func encode(to numbers: inout StateNumbers) {
        psi.encode(to: &numbers)
        updates?.encode(to: &numbers)
    }

    public mutating func decode(from numbers: inout StateNumberReader, trajectories: [Range<Int>]) throws(StateNumberReader.Failure) {
        try psi.decode(from: &numbers, trajectories: trajectories)
        try updates?.decode(from: &numbers, trajectories: trajectories)
    }
}
