import ArgumentParser
import Files
import Report

/// The folder that a command fills, and how: shared by every command that writes more than one table.
struct FolderOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The folder to write; created if it is missing.")
    var output: String?

    @Flag(help: "Write into a folder that is not empty, replacing files of the same names.")
    var force = false

    @Flag(help: "Each figure as PDF too (by rsvg-convert).")
    var pdf = false

    /// Refuses to go on without `--output`, before there is work.
    func require() throws {
        if output == nil { throw ValidationError("Missing expected argument '--output <output>'") }
    }

    /// The folder, ready to be written to.
    /// - Parameters:
    ///   - standard: where it is without `--output`; not looked at after ``require()``.
    ///   - resuming: whether what an interrupted command left there is taken up.
    func folder(standard: String = ".", resuming: Bool = false) throws -> OutputFolder {
        try OutputFolder(path: output ?? standard, force: force || resuming)
    }
}
