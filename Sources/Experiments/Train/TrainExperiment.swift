import Errors
import Files
import Foundation
import Report
import Training

/// Trains one network by several methods and looks at its loss and its gradients: figures 1, 2, 3, 6, 7 and table 3.
///
/// Making one checks all that can be checked without the data, at once; ``prepare(threads:)`` learns the vocabulary and makes the
/// network.
public struct TrainExperiment: Sendable {
    public let settings: TrainingSettings
    public let grid: TrainingGrid
    public private(set) var runs: [LabelledRun]
    /// The steps whose gradients are counted by ln|g|, ascending.
    public let histogramSteps: [Int]
    /// How often a run is evaluated.
    public let evaluations: Int
    /// Of how many parameters the gradients are recorded.
    public let recordedCoordinates: Int
    private let text: ParallelText?
    private let images: ImageSet?

    /// - Parameters:
    ///   - histogramSteps: those at which ln|g| is counted.
    ///   - evaluations: how often a run is evaluated.
    ///   - recordedCoordinates: of how many parameters, drawn at random, the gradients are recorded.
    ///   - text: in place of the German-English sentences that come with the package.
    ///   - images: of the task `images`.
    /// - Throws: `ParameterError` for anything outside its domain.
    public init(
        settings: TrainingSettings, grid: TrainingGrid, histogramSteps: [Int] = [], evaluations: Int = 8,
        recordedCoordinates: Int = 0, text: ParallelText? = nil, images: ImageSet? = nil
    ) throws(ParameterError) {
        self.settings = settings
        self.grid = grid
        self.histogramSteps = Set(histogramSteps).sorted()
        self.evaluations = max(1, evaluations)
        self.recordedCoordinates = recordedCoordinates
        self.text = text
        self.images = images
        runs = try grid.runs()
        if settings.task.isOfImages, let text {
            throw ParameterError(parameter: .source, value: text.name, rule: "the task \(settings.task.rawValue) reads no text")
        }
        if settings.task != .images, let images {
            throw ParameterError(parameter: .images, value: images.name, rule: "the task \(settings.task.rawValue) reads no other images")
        }
        if settings.task == .images, images == nil {
            throw ParameterError(parameter: .images, value: "none", rule: "the task images needs a folder of them")
        }
        try settings.validate(images: images)
        if let tooLate = self.histogramSteps.last, tooLate > grid.steps {
            throw ParameterError(parameter: .histogramSteps, value: tooLate, rule: "must not exceed the \(grid.steps) steps")
        }
        guard recordedCoordinates >= 0 else {
            throw ParameterError(parameter: .recordGradients, value: recordedCoordinates, rule: "must be at least 0")
        }
    }

    /// With a share of the runs; nothing else changes.
    public func selecting(_ shard: Shard) -> TrainExperiment {
        var experiment = self
        experiment.runs = shard.indices(of: runs.count).map { runs[$0] }
        return experiment
    }

    /// All iterations of all runs.
    public var iterations: Int { runs.map(\.plan.iterations).reduce(0, +) }

    /// Learns the vocabulary, makes the network, and makes sure that there is memory for the runs.
    /// - Throws: `ParameterError` for more recorded parameters than the network has, `InputError` for a text without short
    ///   sentences, `MatrixLibraryError` where nothing can be trained.
    public func prepare(threads: Int) throws -> PreparedTraining {
        let library = try MatrixLibrary.prepare(threads: min(threads, max(runs.count, 1)))
        let workload = try settings.workload(text: text, images: images)
        let layout = workload.layout
        guard recordedCoordinates <= layout.count else {
            throw ParameterError(
                parameter: .recordGradients, value: recordedCoordinates,
                rule: "must be from 0 to the \(layout.count) parameters of the network")
        }
        let observation = RunObservation(
            histogramSteps: histogramSteps, evaluationInterval: max(1, grid.steps / evaluations),
            recordedCoordinates: RandomSample.places(recordedCoordinates, of: layout.count, seed: 0))
        return PreparedTraining(
            experiment: self, workload: workload, layout: layout, observation: observation, threads: threads,
            libraries: ["openblas": library.version])
    }

    /// Prepares and carries out all runs.
    func run(threads: Int, progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }) throws -> TrainOutcome {
        try prepare(threads: threads).run(progress: progress)
    }

    /// Entries of ``options`` that no option of a command sets.
    static let recordedFacts: Set<String> = ["text", "data"]

    /// All that decides the numbers of the runs, by the names of the options that set it: what `run.json` says of it, and what must be
    /// the same for a run to be resumed.
    public var options: [String: String] {
        let numbers = grid.settings
        func list<Value: CustomStringConvertible>(_ values: [Value]) -> String { values.map(\.description).joined(separator: ",") }
        func digits(_ value: Double?) -> String { value.map(ShortestDigits.text(of:)) ?? "none" }
        let stretched = grid.methods.filter { $0.parts.count > 1 }.map(\.name)
        var options = [
            "task": settings.task.rawValue, "preset": settings.preset.rawValue,
            "optimizer": list(grid.methods.map(\.name).filter { !stretched.contains($0) }), "seeds": list(grid.seeds),
            "steps": String(grid.steps), "lr": grid.learningRates.map { digits($0) }.joined(separator: ","),
            "like": grid.implementation.rawValue, "betas": grid.betas.map(\.description).joined(separator: " "),
            "epsilon": digits(numbers.epsilon), "clip": digits(numbers.clippingNorm),
            "lr-decay": numbers.stepDecay.description, "label-smoothing": digits(settings.resolvedLabelSmoothing),
            "evaluations": String(evaluations),
        ]
        options["stretch"] = stretched.isEmpty ? nil : stretched.joined(separator: " ")
        options["weight-decay"] = numbers.weightDecay.map { digits($0) }
        options["rmsprop-decay"] = numbers.rmspropDecay.map { digits($0) }
        options["decoupled-weight-decay"] = numbers.isDecoupled.map { $0 ? "yes" : "no" }
        options["restart-momentum-correction"] = numbers.restartsMomentumCorrection ? "yes" : nil
        // Any other law is in the method's name.
        options["rectification-law"] = grid.methods.flatMap(\.recordedLaws).first?.digest.map { "trace of SHA-256 \($0)" }
        options["freeze-parameters"] = grid.freezesParameters ? "yes" : nil
        options["histogram-steps"] = histogramSteps.isEmpty ? nil : list(histogramSteps)
        options["record-gradients"] = recordedCoordinates == 0 ? nil : String(recordedCoordinates)
        if let images { options["data"] = "SHA-256 of images and labels: \(images.digest)" }
        if settings.task.isOfImages, let changes = try? settings.augmentation(of: images?.training.shape ?? ImageSet.fashionShape),
            settings.task.hasStages || changes != .none
        {
            options["flip"] = changes.flips ? "yes" : "no"
            options["shift"] = String(changes.largestShift)
        }
        if !settings.task.isOfImages {
            options["dropout"] = digits(settings.dropout)
            options["text"] = text.map { "SHA-256 of the sentence pairs: \($0.digest)" } ?? "de-en of the package"
        }
        if settings.task == .mlm { options["side"] = settings.side.rawValue }
        return options
    }
}

/// An experiment with its data and its network, ready to be carried out.
public struct PreparedTraining: Sendable {
    public let experiment: TrainExperiment
    fileprivate let workload: any Workload
    /// The network's parameters.
    let layout: ParameterLayout
    let observation: RunObservation
    let threads: Int
    /// The versions of the libraries that the bytes depend on.
    let libraries: [String: String]

    /// Carries out all runs, or until `isInterrupted` says so.
    public func run(
        checkpoints: Checkpoints? = nil, isInterrupted: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) throws -> TrainOutcome {
        func results(_ workload: some Workload) throws -> [RunResult?] {
            try RunExecutor(
                workload: workload, observation: observation, checkpoints: checkpoints, isInterrupted: isInterrupted,
                progress: progress
            ).results(of: experiment.runs, threads: threads)
        }
        return TrainOutcome(training: self, results: try results(workload))
    }
}

extension Workload {
    fileprivate var layout: ParameterLayout { makeModel().layout }
}

extension ParallelText {
    /// The SHA-256 of its sentences as they are learned, a tab between the sides and a line for each pair.
    fileprivate var digest: String {
        let hash = SHA256()
        for pair in pairs { hash.update(Array("\(pair.source)\t\(pair.target)\n".utf8)) }
        return hash.hexadecimal()
    }
}
