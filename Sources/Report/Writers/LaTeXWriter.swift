import Foundation

/// A LaTeX `tabular` with the rules of the package `booktabs`, ready for `\input`.
///
/// Numbers are in math mode with six significant digits: `$0.5$`, `$1.2\times10^{-5}$`, `$\infty$`; NaN is `NaN`. A missing
/// value is an empty cell. Headers are ``Column/latexHeader`` as it stands, or the name with LaTeX's special characters
/// escaped, as in every text. Letters beyond ASCII are written as they are, in UTF-8.
public struct LaTeXWriter: TableWriter {
    public init() {}

    public func write<Failure: Error>(
        _ table: Table, threads: Int, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        guard !table.columns.isEmpty else { return }
        let layout = RowLayout(
            prefixes: table.columns.indices.map { $0 == 0 ? "  " : " & " }, rowEnd: " \\\\\n")
        let alignment = table.columns.map { $0.isNumeric ? "r" : "l" }.joined()
        let headers = table.columns.map { $0.latexHeader ?? LaTeXCells.escaped($0.name) }
        var header = ByteBuffer("% needs \\usepackage{booktabs}\n")
        header.append("\\begin{tabular}{\(alignment)}\n  \\toprule\n")
        header.append("  \(headers.joined(separator: " & ")) \\\\\n  \\midrule\n")
        try header.pass(to: sink)
        try layout.write(rowsOf: table, encoding: LaTeXCells(), threads: threads, to: sink)
        try ByteBuffer("  \\bottomrule\n\\end{tabular}\n").pass(to: sink)
    }
}

private struct LaTeXCells: CellEncoding {
    func append(_ value: Double, to buffer: inout ByteBuffer) {
        guard value == value else { return buffer.append("NaN") }
        guard value.isFinite else { return buffer.append(value < 0 ? "$-\\infty$" : "$\\infty$") }
        let parts = SignificantDigits.text(of: value).split(separator: "e")
        buffer.append("$\(parts[0])")
        // `Int` reads "-05" and "+22".
        if parts.count > 1, let exponent = Int(parts[1]) { buffer.append("\\times10^{\(exponent)}") }
        buffer.append("$")
    }

    func append(_ value: Int, to buffer: inout ByteBuffer) {
        buffer.append("$")
        ShortestDigits.append(value, to: &buffer)
        buffer.append("$")
    }

    func append(_ value: String, to buffer: inout ByteBuffer) { buffer.append(Self.escaped(value)) }

    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\textbackslash{}"
            case "{", "}", "$", "&", "%", "#", "_": result += "\\\(character)"
            case "^": result += "\\textasciicircum{}"
            case "~": result += "\\textasciitilde{}"
            case "<": result += "\\textless{}"
            case ">": result += "\\textgreater{}"
            case "|": result += "\\textbar{}"
            case "\"": result += "\\textquotedbl{}"
            case _ where character.isNewline: result += " "
            default: result.append(character)
            }
        }
        return result
    }
}
