import ArgumentParser
import Experiments
import Report
import Traces

struct GradientsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gradients",
        abstract: "What recorded gradients look like, and ψ_t along them next to the exact law.",
        discussion: """
            Reads .npy, .npz, .safetensors and CSV of shape [steps] or [steps, coordinates...]; - is CSV, .npy or .npz from standard \
            input. Writes coordinates.csv, summary.csv, run.json and three figures with their tables into \
            the output folder. Memory: 300 MB and 384 bytes of each coordinate, at most 2 GiB, whatever the number of steps. p-values of \
            normality below 1e-3 are extrapolated.

            Example: varlab gradients theta0_noise.npy --steps 1,10,100 --output report
            """)

    @Argument(help: "The recorded traces.")
    var files: [String]

    @Option(parsing: .unconditional, help: "Steps of the histograms. (default: those of 1,5,10,25,50,75,100,250,500,1000,... that are reached)", transform: Lists.steps)
    var steps: [Int]?

    @Option(parsing: .unconditional, help: "Bins of ln|g| from -20 to the largest. (default: half a unit each)")
    var bins: Int?

    @Option(parsing: .unconditional, help: "Decay rate β1 of the momentum in the update.")
    var beta1 = 0.9

    @Option(parsing: .unconditional, help: "Decay rate β2.")
    var beta2 = 0.999

    @Option(parsing: .unconditional, help: "ε added to √v̂_t, in units of each coordinate's root mean square.")
    var epsilon = 0.0

    @Option(parsing: .unconditional, help: "Level of the tests for a zero mean and for normality, corrected by Holm's method.")
    var level = 0.05

    @Flag(help: "Leave NaN and infinite gradients out, instead of refusing them.")
    var skipNonfinite = false

    @Option(parsing: .unconditional, help: "Threads; the results do not depend on them. (default: the number of cores)")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "No progress bar.")
    var quiet = false

    @OptionGroup var destination: FolderOptions

    func validate() throws { try destination.require() }

    func run() throws {
        let experiment = try GradientsExperiment(
            inputs: files.map(TraceInput.file), steps: steps, bins: bins, beta1: beta1, beta2: beta2, epsilon: epsilon, level: level,
            skipsNonfinite: skipNonfinite)
        let threads = try RunOptions.resolved(threads: threads)
        let folder = try destination.folder()
        let bar = ProgressBar(unit: "million values", quiet: quiet)
        let outcome = try experiment.run(threads: threads) { bar.update($0 / 1_000_000, of: $1 / 1_000_000) }
        bar.finish()
        try destination.write(outcome, to: folder, quiet: quiet)
    }
}
