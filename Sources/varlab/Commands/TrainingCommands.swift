import ArgumentParser
import Errors
import Experiments
import Files
import Report
import Training

/// What `train` and `sweep` do around their experiment: the folder, progress, interruption, and the results.
struct TrainingCommandRun {
    let training: TrainingOptions
    let destination: FolderOptions
    /// Tables that a complete folder has.
    let results: [String]

    /// Carries out the runs, or what is left of them, and puts their results in place; of a share it only saves the runs.
    /// - Parameter outcome: the runs as the command shows them.
    func run(_ whole: TrainExperiment, outcome: (TrainOutcome) -> any Outcome) throws {
        let start = ContinuousClock.now
        let threads = try RunOptions.resolved(threads: training.threads)
        let path = destination.output ?? "."
        let experiment = training.shard.map(whole.selecting) ?? whole
        guard
            let folder = try TrainingFolder.open(
                path, shard: training.shard, options: experiment.options, resumes: training.resume, force: destination.force, results: results)
        else { return StandardError.say("\(path) is complete, with these options; there is nothing left to do") }
        let prepared = try experiment.prepare(threads: threads)
        let checkpoints = try folder.checkpoints(for: experiment.runs)
        let lines = TrainingProgressLines(runs: experiment.runs.count, iterations: experiment.iterations, quiet: training.quiet)
        let deadline = training.maxTime.map { start + $0.value }
        Interruption.postpone()
        let runs = try prepared.run(
            checkpoints: checkpoints, isInterrupted: { Interruption.isRequested || deadline.map { ContinuousClock.now >= $0 } ?? false },
            progress: lines.update)
        lines.finish()
        if training.shard == nil { try write(runs, as: outcome(runs), to: folder) } else { folder.leave() }
        if runs.unfinished > 0 {
            let stopped = TrainingStopped(runs, in: path, limit: Interruption.isRequested ? nil : training.maxTime, training: training)
            guard Interruption.isRequested else { throw stopped }
            stopped.lines.forEach(StandardError.say)
        }
        Interruption.endProcessIfRequested()
        if training.shard == nil { return try folder.finish() }
        if !training.quiet { StandardError.write("\(experiment.runs.count) of \(whole.runs.count) runs are complete\n") }
    }

    private func write(_ runs: TrainOutcome, as outcome: any Outcome, to folder: TrainingFolder) throws {
        guard !runs.runs.isEmpty else { return folder.output.discard() }
        do {
            try destination.write(outcome, to: folder.output, quiet: training.quiet)
        } catch {
            // The data are in place where gnuplot alone failed, and may be replaced when it is tried again.
            try? folder.noteFiles()
            throw error
        }
        if runs.unfinished > 0 { try folder.noteFiles() }
    }
}

/// Runs that were stopped and are saved.
struct TrainingStopped: ReportedError {
    /// What came of it, and how to go on.
    let lines: [String]

    var exitClass: ExitClass { .unfinished }
    var description: String { lines.joined(separator: "; ") }

    /// - Parameter limit: the time that was over; nil after a signal.
    init(_ runs: TrainOutcome, in path: String, limit: Durations?, training: TrainingOptions) {
        let complete = runs.runs.count
        lines = [
            (limit.map { "stopped by --max-time \($0)" } ?? "interrupted")
                + ": \(complete) of \(complete + runs.unfinished) runs \(complete == 1 ? "is" : "are") complete"
                + (complete > 0 && training.shard == nil ? ", with tables in \(path.onOneLine)" : "") + "; the others are saved where they stopped",
            "to go on: \(ShellCommand.goingOn(resumes: training.resume))",
        ]
    }
}

struct TrainCommand: ParsableCommand, OptionNaming {
    static var optionNames: [Parameter: String] { MethodOptions<TrainingMethodDefaults>.optionNames }

    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a network by several methods: loss curves and gradient histograms (figures 1, 2 and 3).",
        discussion: """
            Writes loss.csv, histogram.csv, summary.csv, run.json and the figures into the output folder. Every run has one \
            thread; its numbers depend neither on what runs beside it nor on being resumed. Interrupted, the command keeps the \
            runs that are complete, and --resume goes on with the others.

            Example: varlab train --preset small --optimizer adam,adam-warmup:200,radam --seeds 1 --output run
            """)

    @OptionGroup var training: TrainingOptions

    @Option(parsing: .unconditional, help: "Learning rate. (default: the preset's)")
    var lr: Double?

    @Option(parsing: .unconditional, help: "Steps whose gradients are counted by ln|g|. (default: those of 1,5,10,25,50,75,100 that are reached)", transform: Lists.steps)
    var histogramSteps: [Int]?

    @Option(parsing: .unconditional, help: "Record the gradients of so many parameters, drawn at random, as gradients_RUN.npy.")
    var recordGradients = 0

    @Flag(help: "Hold the parameters at their initial values: the gradients then differ by the batch alone.")
    var freezeParameters = false

    @OptionGroup var destination: FolderOptions

    func validate() throws {
        try destination.require()
        try training.method.requireOnePair()
    }

    func run() throws {
        let experiment = try training.method.naming { try self.experiment() }
        try TrainingCommandRun(training: training, destination: destination, results: TrainOutcome.results).run(experiment) { $0 }
    }

    private func experiment() throws -> TrainExperiment {
        var grid = try training.grid(methods: training.methods(), learningRates: [lr ?? training.defaults.learningRate])
        grid.freezesParameters = freezeParameters
        return try TrainExperiment(
            settings: training.settings, grid: grid,
            histogramSteps: histogramSteps ?? [1, 5, 10, 25, 50, 75, 100].filter { $0 <= grid.steps },
            recordedCoordinates: recordGradients, text: training.text(), images: training.imageSet())
    }
}

struct SweepCommand: ParsableCommand, OptionNaming {
    static var optionNames: [Parameter: String] { MethodOptions<TrainingMethodDefaults>.optionNames }

    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Train by several methods at several learning rates: figures 6 and 7, table 3.",
        discussion: """
            Writes sweep.csv (means over the seeds), summary.csv (a line for each run), loss.csv, run.json and two figures into the \
            output folder; the methods at every pair of --betas, which may be given several times. --stretch trains by one method after the other, with shared averages, as in table 3.

            Example: varlab sweep --task fashion --optimizer sgd:0.9,adam,radam --lr 0.1,0.03,0.01,0.003 --output run
            """)

    @OptionGroup var training: TrainingOptions

    @Option(parsing: .unconditional, help: "Learning rates, a comma list. (default: 0.1,0.03,0.01,0.003)", transform: Lists.reals)
    var lr = [0.1, 0.03, 0.01, 0.003]

    @Option(help: "A method for each stretch of steps, such as adam:1-4,radam:5-; may be given several times. Without --optimizer these alone.")
    var stretch: [String] = []

    @Option(parsing: .unconditional, help: "Evaluations of each run, evenly spread.")
    var evaluations = 20

    @OptionGroup var destination: FolderOptions

    func validate() throws {
        try destination.require()
        guard evaluations >= 1 else { throw ValidationError("--evaluations \(evaluations): must be at least 1") }
    }

    func run() throws {
        let experiment = try training.method.naming { try self.experiment() }
        try TrainingCommandRun(training: training, destination: destination, results: SweepOutcome.results).run(experiment) { SweepOutcome($0) }
    }

    private func experiment() throws -> TrainExperiment {
        var methods = stretch.isEmpty || training.optimizer != nil ? try training.methods() : []
        for text in stretch { methods.append(try StretchedMethod(parsing: text)) }
        return try TrainExperiment(
            settings: training.settings, grid: training.grid(methods: methods, learningRates: lr), evaluations: evaluations,
            text: training.text(), images: training.imageSet())
    }
}
