import ArgumentParser
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

    private var file: OutputFile { OutputFile(path: output, force: force) }

    private var resolvedFormat: OutputFormat {
        if let format { return format }
        if output != OutputFile.standardOutput { return OutputFormat(pathEnding: output) ?? .csv }
        return isatty(STDOUT_FILENO) == 1 ? .table : .csv
    }

    /// Refuses a bad destination before the work, then makes the table and writes it.
    func write(_ makeTable: () throws -> Table) throws {
        try file.check()
        try file.write(resolvedFormat.writer.bytes(of: makeTable()))
    }
}
