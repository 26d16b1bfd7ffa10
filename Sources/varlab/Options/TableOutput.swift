import ArgumentParser
import Errors
import Experiments
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

    @OptionGroup var style: TableStyleOptions

    /// Refuses a bad destination before the work, then writes the table while it is made.
    func write(_ table: some PiecewiseTable) throws {
        let threads = ProcessInfo.processInfo.activeProcessorCount
        try destination().write { () -> TablePieces in
            TablePieces(rowCount: table.rowCount) { try table.forEachPiece(threads: threads, $0) }
        }
    }

    /// The same for a table that is made as a whole.
    func write(_ makeTable: () throws -> Table) throws { try destination().write(makeTable) }

    private func destination() throws -> TableDestination {
        TableDestination(path: output, format: format, force: force, style: try style.style())
    }
}

/// Which part of a table is printed, and how: for every command that prints one.
struct TableStyleOptions: ParsableArguments {
    @Option(help: "Only these columns, in this order, a comma list. (default: all)")
    var columns: String?

    @Option(parsing: .unconditional, help: "Significant digits of real numbers, 1 to 17. (default: 6 for table, markdown and latex; for csv and json as many as bring the number back)")
    var digits: Int?

    @Flag(help: "The rows alone: no names of columns, no environment; for latex \\input{rows} \\\\ in a tabular of your own.")
    var rowsOnly = false

    func style() throws -> TableStyle {
        let names = columns?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        if let names, let columns, names.contains("") {
            throw OptionError(option: "columns", value: columns.isEmpty ? "''" : columns, rule: "a part of the list is empty")
        }
        return try TableStyle(columns: names, digits: digits, rowsOnly: rowsOnly)
    }

    /// The tables of a folder are whole, and exact.
    func refuseForFolder() throws {
        let given = [("columns", columns), ("digits", digits.map(String.init)), ("rows-only", rowsOnly ? "" : nil)]
        for case (let option, let value?) in given {
            throw OptionError(option: option, value: value, rule: "is not for a folder, whose tables are whole")
        }
    }
}

/// A file or standard output, and the format that a table has there.
struct TableDestination {
    let path: String
    /// nil to follow the path's ending: else a table on a terminal, CSV otherwise.
    let format: OutputFormat?
    let force: Bool
    var style = TableStyle()

    private var file: OutputFile { OutputFile(path: path, force: force) }

    private func resolvedFormat() throws -> OutputFormat {
        if let format { return format }
        if path == OutputFile.standardOutput { return isatty(STDOUT_FILENO) == 1 ? .table : .csv }
        if let format = OutputFormat(pathEnding: path) { return format }
        let ending = (path as NSString).pathExtension
        guard ending.isEmpty else {
            let endings = OutputFormat.endings.map { ".\($0.key)" }.joined(separator: ", ")
            throw OptionError(option: "output", value: path, rule: "must end in one of \(endings), or be given a --format")
        }
        return .csv
    }

    /// Refuses a bad destination, then makes the table and writes it, with a bar on a terminal where it takes long.
    func write(_ makePieces: () throws -> TablePieces) throws {
        let format = try resolvedFormat()
        if style.rowsOnly, format == .json {
            throw OptionError(option: "rows-only", value: "json", rule: "is for table, csv, markdown and latex")
        }
        try file.check()
        let pieces = try makePieces()
        // Rows that run over the terminal are progress enough.
        let isOnTerminal = path == OutputFile.standardOutput && isatty(STDOUT_FILENO) == 1
        let bar = ProgressBar(total: pieces.rowCount ?? 0, unit: "rows", quiet: isOnTerminal || pieces.rowCount == nil)
        defer { bar.finish() }
        try file.write(pieces, format: format, style: style, progress: bar.update)
    }

    /// The same for a table that is there as a whole.
    func write(_ makeTable: () throws -> Table) throws {
        try write { () -> TablePieces in TablePieces(try makeTable()) }
    }
}
