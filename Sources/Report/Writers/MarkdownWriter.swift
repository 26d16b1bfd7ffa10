/// A Markdown table (GitHub's flavour), aligned in the source too; numbers flush right with six significant digits.
///
/// A missing value is an empty cell. What Markdown would take for markup is escaped in names and texts; an underscore
/// within a word, as in `var_exact`, is not markup and stays readable.
public struct MarkdownWriter: TableWriter {
    private let digits: Int
    private let rowsOnly: Bool

    /// - Parameters:
    ///   - digits: significant digits of real numbers; nil for six.
    ///   - rowsOnly: without the names and the rule below them.
    public init(digits: Int? = nil, rowsOnly: Bool = false) {
        self.digits = digits ?? SignificantDigits.standard
        self.rowsOnly = rowsOnly
    }

    public var rowsBeforeBeginning: Int { ColumnWidths.rowsLookedAt }

    public func document(beginningWith rows: Table, isWhole: Bool) -> TableDocument {
        let cells = MarkdownCells(digits: digits)
        let names = rows.columns.map { MarkdownCells.escaped($0.name) }
        // Three: the narrowest rule that every reader takes is `---`, or `--:`.
        let widths = ColumnWidths(
            of: rows, headers: rowsOnly ? names.map { _ in "" } : names, isWhole: isWhole, digits: digits, encoding: cells
        ).widths.map { max(3, $0) }
        let padding = rows.columns.enumerated().map { index, column in
            column.isNumeric ? RowLayout.Padding.left(width: widths[index]) : .right(width: widths[index])
        }
        let layout = RowLayout(
            prefixes: names.indices.map { $0 == 0 ? "| " : " | " }, rowEnd: " |\n", padding: padding)
        guard !names.isEmpty, !rowsOnly else { return TableDocument(head: "", rows: layout, cells: cells) }
        let header = names.indices.map { padding[$0].applied(to: names[$0]) }
        let rule = rows.columns.enumerated().map { index, column in
            String(repeating: "-", count: widths[index] - 1) + (column.isNumeric ? ":" : "-")
        }
        let head = [header, rule].map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
        return TableDocument(head: head, rows: layout, cells: cells)
    }
}

private struct MarkdownCells: CellEncoding {
    let digits: Int

    func append(_ value: Double, to buffer: inout ByteBuffer) { SignificantDigits.append(value, digits: digits, to: &buffer) }

    func append(_ value: String, to buffer: inout ByteBuffer) { buffer.append(Self.escaped(value)) }

    static func escaped(_ text: String) -> String {
        let characters = Array(text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).joined(separator: " "))
        var result = ""
        for (index, character) in characters.enumerated() {
            switch character {
            case "|", "\\", "`", "*", "<", "[", "]": result += "\\"
            case "_":
                let isInWord =
                    index > 0 && index + 1 < characters.count
                    && characters[index - 1].isLetterOrNumber && characters[index + 1].isLetterOrNumber
                if !isInWord { result += "\\" }
            default: break
            }
            result.append(character)
        }
        return result
    }
}

extension Character {
    fileprivate var isLetterOrNumber: Bool { isLetter || isNumber || self == "_" }
}
