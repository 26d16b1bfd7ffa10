import ArgumentParser
import Errors
import Experiments
import Foundation
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
            the method's update is of that form. A torch SGD, RMSProp or weight decay is PyTorch's, a paper one that of the paper's \
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

    @OptionGroup var method: MethodOptions<ReplayDefaults>

    @Option(parsing: .unconditional, help: "A file with θ_0, of the shape of a step. (default: 0)")
    var parameters: String?

    @Option(parsing: .unconditional, help: "Only so many steps. (default: all)")
    var steps: Int?

    @Flag(help: "Skip a step that has NaN or infinite gradients, as PyTorch's GradScaler does, instead of refusing it.")
    var skipNonfinite = false

    @Option(parsing: .unconditional, help: "Threads; the results do not depend on them. (default: the number of cores)")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "No progress bar.")
    var quiet = false

    @OptionGroup var destination: FolderOptions

    func validate() throws { try destination.require() }

    func run() throws {
        let experiment = try experiment()
        let threads = try RunOptions.resolved(threads: threads)
        let folder = try destination.folder()
        let bar = ProgressBar(unit: "steps", quiet: quiet)
        let outcome = try experiment.run(writing: folder, threads: threads, progress: bar.update)
        bar.finish()
        let updates = outcome.updateTable()
        let figures = outcome.figures(updates)
        for figure in figures { try figure.write(to: folder) }
        try folder.commit(drawing: figures, pdf: destination.pdf) {
            try folder.write(updates, as: "update.csv")
            try folder.write(outcome.runRecord(version: Varlab.version), as: "run.json")
        }
        for overflow in outcome.overflows {
            note("\(overflow.optimizer): from step \(overflow.step) on its parameters are not finite")
        }
        if !outcome.skippedSteps.isEmpty {
            note("\(outcome.skippedSteps.count) steps have NaN or infinite gradients and were skipped, the first of them step \(outcome.skippedSteps[0])")
        }
    }

    private func experiment() throws -> ReplayExperiment {
        var settings = try method.settings(MethodSettings())
        settings.learningRate = lr
        let names = try MethodList.names(optimizer)
        return try method.naming {
            try ReplayExperiment(
                gradients: .file(gradients), array: array, parameters: parameters.map(TraceInput.file), optimizers: names,
                settings: settings, like: method.like, steps: steps, skipsNonfinite: skipNonfinite)
        }
    }

    private func note(_ text: String) {
        FileHandle.standardError.write(Data("varlab: note: \(text)\n".utf8))
    }
}
