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

    /// The format that a path's ending stands for (`.csv`, `.json`, `.md`, `.markdown`, `.tex`, `.txt`, in either case of
    /// letters), or `nil` when the ending says nothing.
    public init?(pathEnding path: String) {
        switch (path as NSString).pathExtension.lowercased() {
        case "csv": self = .csv
        case "json": self = .json
        case "md", "markdown": self = .markdown
        case "tex": self = .latex
        case "txt": self = .table
        default: return nil
        }
    }

    public var writer: any TableWriter {
        switch self {
        case .table: TextWriter()
        case .csv: CSVWriter()
        case .json: JSONWriter()
        case .markdown: MarkdownWriter()
        case .latex: LaTeXWriter()
        }
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
