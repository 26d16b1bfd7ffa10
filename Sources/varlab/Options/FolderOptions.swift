import ArgumentParser
import Report

/// The folder that a command fills, and how: shared by every command that writes more than one table.
struct FolderOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The folder to write; created if it is missing.")
    var output: String?

    @Flag(help: "Write into a folder that is not empty, replacing files of the same names.")
    var force = false

    @Flag(help: "Each figure as PDF too (by rsvg-convert).")
    var pdf = false

    /// The folder, ready to be written to.
    /// - Parameter standard: where it is without `--output`; nil if there must be one.
    func folder(standard: String? = nil) throws -> OutputFolder {
        guard let path = output ?? standard else {
            throw ValidationError("Missing expected argument '--output <output>'")
        }
        return try OutputFolder(path: path, force: force)
    }
}
