import Errors
import Foundation
import Report
import Theory
import Training

/// Trains one network by several methods and looks at its loss and its gradients: figures 1, 2, 3, 6, 7 and table 3.
public struct TrainExperiment: Sendable {
    public let settings: TrainingSettings
    public let runs: [LabelledRun]
    public let observation: RunObservation
    /// The network's parameters.
    let layout: ParameterLayout
    private let workload: any Workload
    private let textDigest: String?

    /// - Parameters:
    ///   - histogramSteps: those at which ln|g| is counted.
    ///   - evaluations: how often a run is evaluated.
    ///   - recordedCoordinates: of how many parameters, drawn at random, the gradients are recorded.
    ///   - text: in place of the German-English sentences that come with the package.
    /// - Throws: `ParameterError` for anything outside its domain, `ParallelTextError` for a text without short sentences.
    public init(
        settings: TrainingSettings, grid: TrainingGrid, histogramSteps: [Int] = [], evaluations: Int = 8,
        recordedCoordinates: Int = 0, text: ParallelText? = nil
    ) throws {
        self.settings = settings
        runs = try grid.runs()
        if grid.freezesParameters, grid.methods.count * grid.learningRates.count > 1 {
            throw ParameterError(
                parameter: .freezeParameters, value: "with \(grid.methods.count * grid.learningRates.count) methods",
                rule: "takes one, since all see the same gradients")
        }
        if settings.task == .digits {
            if text != nil {
                throw ParameterError(parameter: .source, value: text!.name, rule: "the task digits reads no text")
            }
            if settings.dropout != 0 {
                throw ParameterError(parameter: .dropout, value: settings.dropout, rule: "the task digits has none")
            }
        }
        workload = try settings.workload(text: text ?? (settings.task == .digits ? .empty : .germanEnglish()))
        textDigest = text?.digest
        layout = workload.layout
        let parameterCount = layout.count
        guard recordedCoordinates >= 0, recordedCoordinates <= parameterCount else {
            throw ParameterError(
                parameter: .recordGradients, value: recordedCoordinates,
                rule: "must be from 0 to the \(parameterCount) parameters of the network")
        }
        observation = RunObservation(
            histogramSteps: Set(histogramSteps).sorted(), evaluationInterval: max(1, grid.steps / max(1, evaluations)),
            recordedCoordinates: RandomSample.places(recordedCoordinates, of: parameterCount, seed: 0))
        if let tooLate = histogramSteps.max(), tooLate > grid.steps {
            throw ParameterError(parameter: .histogramSteps, value: tooLate, rule: "must not exceed the \(grid.steps) steps")
        }
    }

    /// All iterations of all runs.
    public var iterations: Int { runs.map(\.plan.iterations).reduce(0, +) }

    /// What decides the numbers of every run, for checkpoints.
    public var identity: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let settings = String(decoding: try! encoder.encode(settings), as: UTF8.self)
        return "1 \(settings) \(textDigest ?? "")"
    }

    /// Carries out all runs, or until `isInterrupted` says so.
    public func run(
        threads: Int, checkpoints: CheckpointFolder? = nil, isInterrupted: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) throws -> TrainOutcome {
        func results(_ workload: some Workload) throws -> [RunResult?] {
            try RunExecutor(
                workload: workload, observation: observation, checkpoints: checkpoints, isInterrupted: isInterrupted,
                progress: progress
            ).results(of: runs, threads: threads)
        }
        return TrainOutcome(experiment: self, results: try results(workload))
    }

    /// What `run.json` says of a text that was given.
    var textRecord: String? { textDigest }
}

extension Workload {
    fileprivate var layout: ParameterLayout { makeModel().layout }
}
