/// A LaTeX `tabular` with the rules of the package `booktabs`, ready for `\input`.
///
/// Numbers are in math mode with six significant digits: `$0.5$`, `$1.2\times10^{-5}$`, `$\infty$`; NaN is `NaN`. A missing
/// value is an empty cell. Headers are ``Column/latexHeader`` as it stands, or the name with LaTeX's special characters
/// escaped, as in every text. Letters beyond ASCII are written as they are, in UTF-8.
///
/// The rows alone are for a `tabular` of one's own. No `\\` ends the last one: LaTeX refuses a rule right after an `\input`
/// that ends in it, so that `\input{rows} \\ \bottomrule` is what works.
public struct LaTeXWriter: TableWriter {
    private let digits: Int
    private let rowsOnly: Bool

    /// - Parameters:
    ///   - digits: significant digits of real numbers; nil for six.
    ///   - rowsOnly: without environment, rules and headers.
    public init(digits: Int? = nil, rowsOnly: Bool = false) {
        self.digits = digits ?? SignificantDigits.standard
        self.rowsOnly = rowsOnly
    }

    public func document(beginningWith rows: Table, isWhole: Bool) -> TableDocument {
        let cells = LaTeXCells(digits: digits)
        let end = " \\\\\n"
        var layout = RowLayout(prefixes: rows.columns.indices.map { $0 == 0 ? "  " : " & " }, rowEnd: end)
        guard !rows.columns.isEmpty else { return TableDocument(head: "", rows: layout, cells: cells) }
        if rowsOnly {
            (layout.rowEnd, layout.betweenRows) = ("", end)
            return TableDocument(head: "", rows: layout, cells: cells, tail: "\n", withoutRows: "")
        }
        let alignment = rows.columns.map { $0.isNumeric ? "r" : "l" }.joined()
        let headers = rows.columns.map { $0.latexHeader ?? LaTeXCells.escaped($0.name) }
        let head = """
            % needs \\usepackage{booktabs}
            \\begin{tabular}{\(alignment)}
              \\toprule
              \(headers.joined(separator: " & ")) \\\\
              \\midrule

            """
        return TableDocument(head: head, rows: layout, cells: cells, tail: "  \\bottomrule\n\\end{tabular}\n")
    }
}

private struct LaTeXCells: CellEncoding {
    let digits: Int

    func append(_ value: Double, to buffer: inout ByteBuffer) {
        guard value == value else { return buffer.append("NaN") }
        guard value.isFinite else { return buffer.append(value < 0 ? "$-\\infty$" : "$\\infty$") }
        let parts = SignificantDigits.text(of: value, digits: digits).split(separator: "e")
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
