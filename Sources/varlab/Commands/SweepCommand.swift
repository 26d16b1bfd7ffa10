import ArgumentParser
import Errors
import Experiments
import Report

struct SweepCommand: ParsableCommand, OptionNaming {
    static var optionNames: [Parameter: String] { MethodOptions<TrainingMethodDefaults>.optionNames }

    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Train by several methods at several learning rates: figures 6 and 7, table 3.",
        discussion: """
            Writes sweep.csv (means over the seeds), summary.csv (a line for each run), loss.csv, run.json and two figures into the \
            output folder. --stretch trains by one method after the other, with shared averages, as in table 3.

            Example: varlab sweep --task digits --optimizer sgd:0.9,adam,radam --lr 0.1,0.03,0.01,0.003 --output run
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
            text: training.text())
    }
}
