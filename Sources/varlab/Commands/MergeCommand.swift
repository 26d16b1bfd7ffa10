import ArgumentParser
import Errors
import Experiments
import Files
import Simulation

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Merge the parts of a simulation, made by simulate --part, into its results.",
        discussion: """
            The parts say what run they are of: no setting is given again. In any order they give the bytes of a single run. Parts that \
            overlap, are of other settings or of another version of the program are refused, each by its name. With --part what there is \
            becomes one part, so that many parts merge in a tree.

            Example: varlab merge a.part b.part --output run
            """)

    @Argument(help: "The parts: files of simulate --part, checkpoints, or files of merge --part.")
    var files: [String]

    @Option(help: "The file to write in place of --output: one part, which need not be the whole run.")
    var part: String?

    @Option(parsing: .unconditional, help: "Threads; the results do not depend on them. (default: the number of cores)")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "Say nothing of the results.")
    var quiet = false

    @OptionGroup var destination: FolderOptions

    func validate() throws {
        guard let part else { return try destination.require() }
        if let output = destination.output { throw ValidationError("--part \(part): stands in place of --output \(output)") }
    }

    func run() throws {
        let threads = try RunOptions.resolved(threads: threads)
        let program = Varlab.provenance
        // A part may be written in the place of one that is merged, but nothing is read after that.
        let target = part.map { OutputFile(path: $0, force: destination.force) }
        try target?.check()
        var merge = try PartMerge(try PartFile.open(files[0]), provenance: program, threads: threads)
        for file in files.dropFirst() { try merge.add(try PartFile.open(file)) }
        let experiment = merge.simulation.experiment
        let provenance = Varlab.provenance(ofCommand: experiment.command)
        if let target {
            try target.write(PartFile.content(merge.state, of: experiment, provenance: provenance))
        } else {
            try merge.requireWhole()
            let folder = try destination.folder()
            try destination.write(merge.outcome(threads: threads), to: folder, provenance: provenance, quiet: quiet)
        }
    }
}
