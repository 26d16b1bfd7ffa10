import ArgumentParser
import Files
import Foundation
import Report

extension OutputFormat: ExpressibleByArgument {}

/// Where a table goes and in which format: shared by every command that prints one.
struct TableOutput: ParsableArguments {
    @Option(help: "table, csv, json, markdown or latex. (default: by the ending of --output; else table on a terminal, csv otherwise)")
    var format: OutputFormat?

    @Option(name: .shortAndLong, help: "The file to write; - is standard output.")
    var output = OutputFile.standardOutput

    @Flag(help: "Replace an existing file.")
    var force = false

    /// Refuses a bad destination before the work, then makes the table and writes it.
    func write(_ makeTable: () throws -> Table) throws {
        try TableDestination(path: output, format: format, force: force).write(makeTable)
    }
}

/// A file or standard output, and the format that a table has there.
struct TableDestination {
    let path: String
    /// nil to follow the path's ending: else a table on a terminal, CSV otherwise.
    let format: OutputFormat?
    let force: Bool

    private var file: OutputFile { OutputFile(path: path, force: force) }

    private var resolvedFormat: OutputFormat {
        if let format { return format }
        if path != OutputFile.standardOutput { return OutputFormat(pathEnding: path) ?? .csv }
        return isatty(STDOUT_FILENO) == 1 ? .table : .csv
    }

    func write(_ makeTable: () throws -> Table) throws {
        try file.check()
        try file.write(resolvedFormat.writer.bytes(of: makeTable()))
    }
}
