import Errors
import Files
import Foundation

/// The formats a table can be written in.
public enum OutputFormat: String, CaseIterable, Sendable {
    /// Aligned columns for a terminal.
    case table
    case csv
    case json
    case markdown
    case latex

    /// The endings that stand for a format, without their dots.
    public static let endings: KeyValuePairs<String, OutputFormat> = [
        "csv": .csv, "json": .json, "md": .markdown, "markdown": .markdown, "tex": .latex, "txt": .table,
    ]

    /// The format that a path's ending stands for (`.csv`, `.json`, `.md`, `.markdown`, `.tex`, `.txt`, in either case of
    /// letters), or `nil` when the ending says nothing.
    public init?(pathEnding path: String) {
        let ending = (path as NSString).pathExtension.lowercased()
        guard let format = Self.endings.first(where: { $0.key == ending })?.value else { return nil }
        self = format
    }

    public var writer: any TableWriter { writer(style: TableStyle()) }

    public func writer(style: TableStyle) -> any TableWriter {
        switch self {
        case .table: TextWriter(digits: style.digits, rowsOnly: style.rowsOnly)
        case .csv: CSVWriter(digits: style.digits, rowsOnly: style.rowsOnly)
        case .json: JSONWriter(digits: style.digits)
        case .markdown: MarkdownWriter(digits: style.digits, rowsOnly: style.rowsOnly)
        case .latex: LaTeXWriter(digits: style.digits, rowsOnly: style.rowsOnly)
        }
    }
}

/// Which part of a table is written, and how: by default all of it, in each format's own way.
public struct TableStyle: Sendable, Equatable {
    /// The columns by name, in the order to write them; nil for all as they are.
    public let columns: [String]?
    /// Significant digits of real numbers; nil for each format's own: six for eyes, else as many as bring the number back.
    public let digits: Int?
    /// Whether the rows stand alone, without names of columns and environment; JSON has none but rows.
    public let rowsOnly: Bool

    public init() {
        columns = nil
        digits = nil
        rowsOnly = false
    }

    /// - Throws: `ParameterError` unless `digits` is from 1 to 17, and for a column that is named twice.
    public init(columns: [String]?, digits: Int?, rowsOnly: Bool) throws(ParameterError) {
        if let digits, !(1...17).contains(digits) {
            throw ParameterError(parameter: .digits, value: digits, rule: "must be from 1 to 17")
        }
        if let columns {
            for (index, name) in columns.enumerated() where columns[..<index].contains(name) {
                throw ParameterError(parameter: .columns, value: name, rule: "stands in the list twice")
            }
        }
        self.columns = columns
        self.digits = digits
        self.rowsOnly = rowsOnly
    }

    /// The columns that are to be written.
    /// - Throws: `ParameterError`, which lists the table's columns, for a name that is none of them.
    public func selection(of table: Table) throws(ParameterError) -> Table {
        guard let columns else { return table }
        var chosen: [Column] = []
        for name in columns {
            guard let column = table[name] else {
                let names = table.columns.map(\.name)
                throw ParameterError(
                    parameter: .columns, value: name,
                    rule: "is none of \(names.joined(separator: ", "))\(Suggestion.question(for: name, among: names))")
            }
            chosen.append(column)
        }
        return Table(chosen)
    }
}

extension OutputContent {
    init(_ table: Table, format: OutputFormat, threads: Int) {
        self.init { (sink) throws(OutputError) in try format.writer.write(table, threads: threads, to: sink) }
    }
}

extension OutputFile {
    /// Writes a table: in that format, or the one the path's ending stands for, or as CSV.
    public func write(
        _ table: Table, format: OutputFormat? = nil,
        threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) throws(OutputError) {
        let format = format ?? OutputFormat(pathEnding: path) ?? .csv
        try write(OutputContent(table, format: format, threads: threads))
    }

    /// Writes a table while it is made. A file appears whole or not at all; what goes to standard output or a device is there at
    /// once, also where making the table fails later.
    /// - Parameter progress: called with the number of rows that are written.
    /// - Throws: `OutputError`, what making the table throws, and a `ParameterError` for a column that it does not have.
    public func write(
        _ pieces: TablePieces, format: OutputFormat, style: TableStyle = TableStyle(),
        threads: Int = ProcessInfo.processInfo.activeProcessorCount, progress: @escaping (_ rows: Int) -> Void = { _ in }
    ) throws {
        // Content throws errors of output alone: another one is kept here, and stops the writing by one that nobody sees.
        var failure: (any Error)?
        let content = OutputContent { (sink) throws(OutputError) in
            var rows = 0
            let chosen = pieces.map { piece in
                rows += piece.rowCount
                progress(rows)
                return try style.selection(of: piece)
            }
            do {
                try format.writer(style: style).write(chosen, threads: threads) { try sink($0) }
            } catch let error as OutputError {
                throw error
            } catch {
                failure = error
                throw OutputError(path: path, reason: .closedPipe)
            }
        }
        do throws(OutputError) {
            try write(content)
        } catch {
            throw failure ?? error
        }
    }
}

extension OutputFolder {
    /// Writes a table that ``commit()`` will put in place, in the format of the name's ending, or as CSV.
    public func write(
        _ table: Table, as name: String, threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) throws(OutputError) {
        let format = OutputFormat(pathEnding: name) ?? .csv
        try write(OutputContent(table, format: format, threads: threads), as: name)
    }
}
