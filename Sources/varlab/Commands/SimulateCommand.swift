import ArgumentParser
import Errors
import Experiments
import Messages
import Report
import Simulation
import Theory
import Traces

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Simulate Var[ψ_t] over many trajectories of gradients about μ, N(μ, 1) by default.",
        discussion: """
            The defaults are those of figure 9. Writes variance.csv, histogram.csv, rho_histogram.csv, run.json and the figures \
            psi_histogram of the first μ and psi_variance into the output folder; with --update also update.csv, update_histogram.csv and its figure. Equal seeds give equal bytes, for any number of threads and on any processor.

            --gradients: \(GradientSource.forms). All are scaled to unit variance; student-t with DF ≤ 2 has none and \
            is left at scale 1. A mixture draws from N(0, SIGMA²) with probability P, else from N(0, 1). A trace (.npy, .npz, \
            .safetensors, CSV; [steps] or [steps, coordinates…]) is pooled over its coordinates, centred, and drawn from with \
            replacement in blocks of --block steps. The blocks are circular: one that reaches the end of a coordinate goes on at its start. var_exact is the exact variance for the law that is drawn from (empty for blocks), \
            var_normal that for independent N(μ, 1). So density_exact, ks_exact and p_value_exact (empty for a trace), beside density_normal and ks_normal.

            --shard, --part: the run in parts, which varlab merge puts together. --checkpoint: saved while it runs, and stopped by SIGTERM, \
            SIGINT or --max-time with exit status 75; --resume goes on, to the same bytes, also with more --trajectories where \
            trajectories/batches stays the same.

            --autocorrelation R: x_1 = z_1, x_t = R x_{t-1} + √(1-R²) z_t for normal z. --scales and --means: g_t = σ_t x_t + μ_t.

            Example: varlab simulate --mu 0,1 --iterations 1000 --histogram-steps 5,100 --output run
            """)

    @Option(parsing: .unconditional, help: "Means μ of the gradients, a comma list; one draw of the noise serves all. (default: 0,0.001,0.01,0.1,1,10)", transform: Lists.reals)
    var mu: [Double]?

    @Option(parsing: .unconditional, help: "What the gradients are drawn from: \(GradientSource.forms).")
    var gradients = "normal"

    @Option(parsing: .unconditional, help: "Consecutive steps of a trace that are drawn together; more than 1 keep its autocorrelation.")
    var block = 1

    @Option(parsing: .unconditional, help: "Autocorrelation r of normal gradients, a stationary AR(1), in (-1, 1).")
    var autocorrelation = 0.0

    @OptionGroup var series: SeriesOptions

    @Flag(help: "The updates u_t = m̂_t/(√v̂_t + ε) too.")
    var update = false

    @Option(parsing: .unconditional, help: "Decay rate β1 of m̂ in the update. (default: 0.9)")
    var beta1: Double?

    @Option(parsing: .unconditional, help: "Decay rate β2.")
    var beta2 = 0.999

    @Option(parsing: .unconditional, help: "ε added to √v̂_t.")
    var epsilon = 0.0

    @Option(parsing: .unconditional, help: "Number of trajectories.")
    var trajectories = 5000

    @Option(parsing: .unconditional, help: "Number of iterations of each.")
    var iterations = 6000

    @Option(parsing: .unconditional, help: "Iterations whose ψ is collected. (default: those of 5,10,100,1000,6000 that are reached)", transform: Lists.steps)
    var histogramSteps: [Int]?

    @Option(parsing: .unconditional, help: "Batches of trajectories for the distribution of the implied ρ. (default: 100, or half the trajectories)")
    var batches: Int?

    @OptionGroup var options: RunOptions

    @OptionGroup var parts: PartOptions

    @OptionGroup var messages: MessageOptions

    @OptionGroup var destination: FolderOptions

    func validate() throws { try parts.require(destination, gradients: gradients, series: series, hasRanks: messages.plugin != nil) }

    func run() throws { try messages.withRanks(of: Self.self, run) }

    private func run(_ ranks: RankMessages?) throws {
        let experiment = try experiment()
        let threads = try options.resolvedThreads()
        let source = experiment.parameters.gradients
        let speaks = ranks.map { $0.rank == 0 } ?? true
        if speaks, !source.hasUnitVariance {
            StandardError.say("note: \(source) has no finite variance; its gradients are left at scale 1")
        }
        if speaks, source.constantSeries > 0 {
            let subject = source.constantSeries == 1 ? "1 coordinate that never changes is" : "\(source.constantSeries) coordinates that never change are"
            StandardError.say("note: \(subject) left out of \(source)")
        }
        try SimulationCommandRun(experiment, parts: parts, destination: destination, threads: threads, quiet: options.quiet, ranks: ranks).run()
    }

    /// What the arguments describe; the files that they name are read.
    func experiment() throws -> SimulateExperiment {
        if let beta1, !update { throw ParameterError(parameter: .beta1, value: beta1, rule: "is for --update") }
        let (source, inputs) = try gradientSource()
        return try SimulateExperiment(
            means: resolvedMeans, beta2: beta2, epsilon: epsilon, trajectories: trajectories, iterations: iterations,
            seed: options.seed, histogramSteps: histogramSteps, batchCount: batches,
            gradients: source, inputs: inputs,
            sequence: SequenceFiles(autocorrelation: autocorrelation, scales: series.scales, means: series.means),
            beta1: update ? beta1 ?? 0.9 : nil)
    }

    /// Those of figure 9, unless there are means for each step.
    var resolvedMeans: [Double] { mu ?? (series.means == nil ? [0, 0.001, 0.01, 0.1, 1, 10] : [0]) }

    /// The source, and the file that it was read from.
    private func gradientSource() throws -> (GradientSource, [InputFile]) {
        if gradients.hasPrefix("trace:") {
            let path = String(gradients.dropFirst("trace:".count))
            let (source, input) = try RecordedGradients.source(path: path, blockLength: block)
            return (source, [input])
        }
        guard block == 1 else {
            throw ParameterError(parameter: .block, value: block, rule: "only a trace has blocks")
        }
        return (try GradientSource(specification: gradients), [])
    }
}
