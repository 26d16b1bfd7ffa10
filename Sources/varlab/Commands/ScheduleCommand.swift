import ArgumentParser
import Errors
import Experiments
import Files
import Foundation
import Optimizers
import Report
import Theory

extension MultiplierSchedule.Precision: ExpressibleByArgument {}

struct ScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "The factor that a method puts on the step size, step by step: table, figure and arrays.",
        discussion: """
            multiplier is (α_t/α) r_t of the step that is taken: 0 where the parameters stay fixed (freeze, skip), α_t/α for a \
            momentum step. adaptive_multiplier is the factor on the adaptive step alone, 0 where none is taken: hand it to Adam as \
            a learning-rate schedule.

            A folder gets schedule.csv, schedule_summary.csv (per curve the first rectified step, Ma and Yarats' rule of thumb \
            2/(1-β2), and the length T_w of the linear warmup that loses as much step size in all), multiplier-*.npy (the \
            adaptive multipliers, float64 [steps]), the figure and run.json.

            Optimizers: \(MethodSpecification.forms). Those without an adaptive learning rate are refused.

            Example: varlab schedule --optimizer radam,adam-warmup:2000 --like torch --steps 1-20000 --output schedules
            """)

    @Option(parsing: .unconditional, help: "Optimizers, a comma list.")
    var optimizer = "radam"

    @OptionGroup var rectification: RectificationOptions

    @Option(parsing: .unconditional, help: "Whose, a comma list of \(Self.implementationNames.joined(separator: ", ")).")
    var like = Implementation.allCases.map(\.rawValue).joined(separator: ",")

    @Option(parsing: .unconditional, help: "Decay rates β2, a comma list. (default: 0.9,0.99,0.999)", transform: Lists.reals)
    var beta2 = ScheduleExperiment.defaultBeta2

    @Option(parsing: .unconditional, help: "Steps: numbers and ranges, such as 1-10,50,100-1000:100. (default: 1-2000)", transform: Lists.steps)
    var steps = ScheduleExperiment.defaultSteps

    @Option(help: "float64, to the last digits; float32, as each implementation computes it for parameters in single precision, optax within jax.jit; or float32-eager, the same with optax outside of jax.jit.")
    var precision = MultiplierSchedule.Precision.float64

    @Flag(help: "On standard output or in a single file: one row per curve instead of one per step.")
    var summary = false

    @Option(help: "table, csv, json, markdown or latex, for standard output or a single file. (default: by the ending of --output; else table on a terminal, csv otherwise)")
    var format: OutputFormat?

    @Option(name: .shortAndLong, help: "The folder to write; or, by its ending (.csv, .json, .md, .tex, .txt), a file for the table alone; - is standard output.")
    var output = OutputFile.standardOutput

    @Flag(help: "Replace an existing file; write into a folder that is not empty, replacing files of the same names.")
    var force = false

    @OptionGroup var table: TableStyleOptions

    @Flag(help: "The figure as PDF too (by rsvg-convert).")
    var pdf = false

    @OptionGroup var figures: FigureOptions

    func run() throws {
        let methods = try MethodList.methods(optimizer)
        let source = try rectification.source(for: methods)
        let experiment = try ScheduleExperiment(
            optimizers: methods.map { source.applied(to: $0) }, implementations: implementations(), beta2: beta2, steps: steps,
            precision: precision, inputs: source.inputs)
        guard isFolder else { return try writeTable(of: experiment) }
        if let format { throw OptionError(option: "format", value: format.rawValue, rule: "is not for a folder, which holds CSV") }
        try table.refuseForFolder()
        let style = try figures.style()
        let folder = try OutputFolder(path: output, force: force)
        let outcome = try experiment.run(threads: Self.threads)
        try FolderOptions.write(outcome, to: folder, pdf: pdf, style: style, quiet: true)
    }

    private static var threads: Int { ProcessInfo.processInfo.activeProcessorCount }

    private var isFolder: Bool { output != OutputFile.standardOutput && OutputFormat(pathEnding: output) == nil }

    private func writeTable(of experiment: ScheduleExperiment) throws {
        if pdf { throw ValidationError("--pdf: the figure needs a folder as --output") }
        let destination = TableDestination(path: output, format: format, force: force, style: try table.style())
        if summary { return try destination.write { () -> Table in try experiment.summaryTable(threads: Self.threads) } }
        try destination.write { () -> TablePieces in
            TablePieces(rowCount: experiment.rowCount) { try experiment.forEachPiece(threads: Self.threads, $0) }
        }
    }

    private static let implementationNames = Implementation.allCases.map(\.rawValue)

    private func implementations() throws(OptionError) -> [Implementation] {
        var implementations: [Implementation] = []
        for name in like.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            guard let implementation = Implementation(rawValue: name) else {
                throw OptionError(
                    option: "like", value: name.isEmpty ? like.isEmpty ? "''" : like : name,
                    rule: name.isEmpty
                        ? "a part of the list is empty"
                        : "must be one of \(Self.implementationNames.joined(separator: ", "))"
                            + Suggestion.question(for: name, among: Self.implementationNames))
            }
            implementations.append(implementation)
        }
        return implementations
    }
}
