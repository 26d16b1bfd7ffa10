import ArgumentParser
import Errors
import Experiments
import Optimizers
import Report
import Theory
import Traces

struct ReplayCommand: ParsableCommand, OptionNaming {
    static var optionNames: [Parameter: String] { MethodOptions<ReplayDefaults>.optionNames }

    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "What optimizers would have done with recorded gradients.",
        discussion: """
            Each optimizer gets the same gradients, whatever its own steps would have led to. Reads .npy, .npz, .safetensors and CSV of \
            shape [steps] or [steps, coordinates...]. Writes for each optimizer trajectory-NAME.npy (double, the shape of the trace: θ \
            after each step), and update.csv, run.json and a figure of the size of the updates with its data.

            Optimizers: \(MethodSpecification.forms).

            update_rms and update_max are of θ_{t-1} - θ_t before θ rounds it, over the coordinates; psi_mean and psi_var of ψ_t. \
            update_rms_exact is α_t r_t √E[(m̂_t ψ_t)²] of the exact law for independent normal gradients of mean 0 and ε = 0, where \
            the method's update is of that form and its ε is at most 1e-8. Where v_t and ε are 0, or v_t/(1-β2^t) exceeds the largest double \
            (|g| above 1e154), a coordinate makes no step, other than in PyTorch; a note says so. A torch SGD, RMSProp or weight decay is PyTorch's, a paper one that of the paper's \
            notation: --like says which, and run.json spells every method out.

            Example: varlab replay --gradients trace.npy --optimizer radam,adam,adam-warmup:4000 --output replay
            """)

    @Option(parsing: .unconditional, help: "The recorded trace; - is CSV or .npy from standard input.")
    var gradients: String

    @Option(parsing: .unconditional, help: "The array of a file that has several.")
    var array: String?

    @Option(parsing: .unconditional, help: "The optimizers, a comma list.")
    var optimizer = "radam"

    @Option(parsing: .unconditional, help: "Step size α.")
    var lr = 0.001

    @OptionGroup var rectification: RectificationOptions

    @OptionGroup var method: MethodOptions<ReplayDefaults>

    @Option(parsing: .unconditional, help: "A file with θ_0, of the shape of a step. (default: 0)")
    var parameters: String?

    @Option(parsing: .unconditional, help: "Only so many steps. (default: all)")
    var steps: Int?

    @Flag(help: "Skip a step that has NaN or infinite gradients, as PyTorch's GradScaler does, instead of refusing it.")
    var skipNonfinite = false

    @Option(parsing: .unconditional, help: "Threads; the results do not depend on them. (default: the number of cores)")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "No progress bar, and no summary at the end.")
    var quiet = false

    @OptionGroup var destination: FolderOptions

    func validate() throws {
        try destination.require()
        try method.requireOnePair()
    }

    func run() throws {
        let experiment = try experiment()
        let threads = try RunOptions.resolved(threads: threads)
        let folder = try destination.folder()
        let bar = ProgressBar(unit: "steps", quiet: quiet)
        let outcome = try experiment.run(writing: folder, threads: threads, progress: bar.update)
        bar.finish()
        try destination.write(outcome, to: folder, quiet: quiet)
        for text in outcome.notes { StandardError.say("note: \(text)") }
    }

    private func experiment() throws -> ReplayExperiment {
        var settings = try method.settings(MethodSettings())
        settings.learningRate = lr
        let names = try MethodList.names(optimizer)
        let source = try rectification.source(for: names.compactMap { try? MethodSpecification(parsing: $0) })
        return try method.naming {
            try ReplayExperiment(
                gradients: .file(gradients), array: array, parameters: parameters.map(TraceInput.file), optimizers: names,
                settings: settings, like: method.like, steps: steps, skipsNonfinite: skipNonfinite,
                rectification: source)
        }
    }
}
