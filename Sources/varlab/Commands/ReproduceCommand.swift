import ArgumentParser
import Experiments
import Report

struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Write the paper's figures and tables, and what goes beyond them.",
        discussion: """
            Each figure leaves its data (.csv), its script (.gp) and its picture (.svg, with --pdf also .pdf). Figures: \
            \(ReproduceExperiment.Item.allCases.map(\.rawValue).joined(separator: ", ")). Without --output they go to notebooks-out.

            Example: varlab reproduce --figure 8,9 --output figures
            """)

    @Option(help: "Which ones, a comma list. (default: all)", transform: Self.items)
    var figure = ReproduceExperiment.Item.allCases

    @Option(parsing: .unconditional, help: "Decay rate β2 of the simulated figures: 9, psi, rho's histograms, heavy.")
    var beta2 = 0.999

    @Option(parsing: .unconditional, help: "Number of trajectories of the simulation.")
    var trajectories = 5000

    @Option(parsing: .unconditional, help: "Number of iterations of each.")
    var iterations = 6000

    @Option(help: "Size of the training runs: main or small.")
    var preset = TrainingPreset.main

    @Option(parsing: .unconditional, help: "Seeds of the training runs: numbers and ranges, such as 0-2. (default: 0)", transform: Lists.seeds)
    var seeds: [UInt64] = [0]

    @OptionGroup var options: RunOptions

    @OptionGroup var destination: FolderOptions

    func run() throws {
        var simulation = ReproduceExperiment.Simulation()
        simulation.beta2 = beta2
        simulation.trajectories = trajectories
        simulation.iterations = iterations
        simulation.seed = options.seed
        let experiment = try ReproduceExperiment(items: figure, simulation: simulation, preset: preset, seeds: seeds)
        let threads = try options.resolvedThreads()
        let folder = try destination.folder(standard: "notebooks-out")
        let bar = ProgressBar(total: experiment.trajectories, unit: "trajectories", quiet: options.quiet)
        let lines = TrainingProgressLines(
            runs: experiment.trainingRuns, iterations: experiment.trainingIterations, quiet: options.quiet)
        let figures = try experiment.write(
            to: folder, provenance: Varlab.provenance, threads: threads, progress: bar.update, trainingProgress: lines.update)
        bar.finish()
        lines.finish()
        try destination.commit(folder, drawing: figures)
    }

    private static func items(_ text: String) throws -> [ReproduceExperiment.Item] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
            guard let item = ReproduceExperiment.Item(rawValue: String(name)) else {
                let names = ReproduceExperiment.Item.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("'\(name)' is not one of \(names)")
            }
            return item
        }
    }
}
