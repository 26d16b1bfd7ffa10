import ArgumentParser
import Errors
import Experiments
import Report
import Training

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

    func validate() throws { try destination.require() }

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
            recordedCoordinates: recordGradients, text: training.text())
    }
}
