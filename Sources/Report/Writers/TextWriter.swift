import Files

/// An aligned table for the terminal: names, a rule, one line per row; numbers flush right with six significant digits.
///
/// A missing value is blank. Control characters in a text are written as escapes, so that a cell is one line.
public struct TextWriter: TableWriter {
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
        let cells = TextCells(digits: digits)
        let names = rows.columns.map { $0.name.onOneLine }
        let widths = ColumnWidths(
            of: rows, headers: rowsOnly ? names.map { _ in "" } : names, isWhole: isWhole, digits: digits, encoding: cells
        ).widths
        let padding = rows.columns.enumerated().map { index, column in
            // No blanks at the end of a line.
            let width = index == names.count - 1 && !column.isNumeric ? 0 : widths[index]
            return column.isNumeric ? RowLayout.Padding.left(width: width) : .right(width: width)
        }
        let layout = RowLayout(
            prefixes: names.indices.map { $0 == 0 ? "" : "  " }, rowEnd: "\n", padding: padding)
        guard !names.isEmpty, !rowsOnly else { return TableDocument(head: "", rows: layout, cells: cells) }
        let header = names.indices.map { padding[$0].applied(to: names[$0]) }
        let rule = widths.map { String(repeating: "-", count: $0) }
        let head = [header, rule].map { $0.joined(separator: "  ") + "\n" }.joined()
        return TableDocument(head: head, rows: layout, cells: cells)
    }
}

private struct TextCells: CellEncoding {
    let digits: Int

    func append(_ value: Double, to buffer: inout ByteBuffer) { SignificantDigits.append(value, digits: digits, to: &buffer) }

    func append(_ value: String, to buffer: inout ByteBuffer) { buffer.append(value.onOneLine) }
}
