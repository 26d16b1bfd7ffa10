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
