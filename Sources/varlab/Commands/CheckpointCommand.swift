import ArgumentParser
import Errors
import Experiments

struct CheckpointCommand: ParsableCommand, OptionNaming {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "The updates in an optimizer's saved state, next to the exact law of pure noise.",
        discussion: """
            Reads exp_avg and exp_avg_sq of Adam's kind from .safetensors and from what torch.save wrote (.pt, .bin); several files are shards of one \
            state. u = m̂/(√v̂ + ε) of every coordinate: histogram, quantiles and root mean square of each tensor beside their exact law where gradients have no \
            mean, and the |μ|/σ that the root mean square implies. β1, β2, t and ε are the file's own where it has them.

            Example: varlab checkpoint optimizer.pt --betas 0.9,0.999 --output report
            """)

    static let optionNames: [Parameter: String] = [.beta1: "betas", .beta2: "betas"]

    @Argument(help: "The files of the state.")
    var files: [String]

    @Option(parsing: .unconditional, help: "Decay rates β1,β2. (default: the file's own)", transform: Lists.reals)
    var betas: [Double]?

    @Option(parsing: .unconditional, help: "Steps taken so far, t. (default: the file's own)")
    var step: Int?

    @Option(parsing: .unconditional, help: "ε added to √v̂_t, in units of the gradients. (default: the file's own, else 1e-8)")
    var epsilon: Double?

    @Option(parsing: .unconditional, help: "Threads; the results do not depend on them. (default: the number of cores)")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "No progress bar.")
    var quiet = false

    @OptionGroup var destination: FolderOptions

    func validate() throws { try destination.require() }

    func run() throws {
        let experiment = try CheckpointExperiment(files: files, betas: betas, step: step, epsilon: epsilon)
        let threads = try RunOptions.resolved(threads: threads)
        let folder = try destination.folder()
        let bar = ProgressBar(unit: "million coordinates", quiet: quiet)
        let outcome = try experiment.run(threads: threads) { bar.update($0 / 1_000_000, of: $1 / 1_000_000) }
        bar.finish()
        for note in outcome.notes { StandardError.say("note: \(note)".onOneLine) }
        try destination.write(outcome, to: folder, quiet: quiet)
    }
}
