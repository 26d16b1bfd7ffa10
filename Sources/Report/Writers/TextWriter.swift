import Files

/// An aligned table for the terminal: names, a rule, one line per row; numbers flush right with six significant digits.
///
/// A missing value is blank. Control characters in a text are written as escapes, so that a cell is one line.
public struct TextWriter: TableWriter {
    public init() {}

    public func write<Failure: Error>(
        _ table: Table, threads: Int, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        guard !table.columns.isEmpty else { return }
        let names = table.columns.map { $0.name.onOneLine }
        var block = CellBlock()
        block.fill(from: table, rows: 0..<table.rowCount, encoding: TextCells())
        let widths = names.indices.map { max(names[$0].count, block.width(column: $0)) }
        let padding = table.columns.enumerated().map { index, column in
            // No blanks at the end of a line.
            let width = index == names.count - 1 && !column.isNumeric ? 0 : widths[index]
            return column.isNumeric ? RowLayout.Padding.left(width: width) : .right(width: width)
        }
        let layout = RowLayout(
            prefixes: names.indices.map { $0 == 0 ? "" : "  " }, rowEnd: "\n", padding: padding)
        var buffer = ByteBuffer()
        for (index, name) in names.enumerated() {
            if index > 0 { buffer.append("  ") }
            buffer.append(padding[index].applied(to: name))
        }
        buffer.append("\n")
        buffer.append(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "))
        buffer.append("\n")
        layout.append(rows: 0..<table.rowCount, of: block, to: &buffer)
        try buffer.pass(to: sink)
    }
}

struct TextCells: CellEncoding {
    func append(_ value: Double, to buffer: inout ByteBuffer) { SignificantDigits.append(value, to: &buffer) }

    func append(_ value: String, to buffer: inout ByteBuffer) { buffer.append(value.onOneLine) }
}

extension RowLayout.Padding {
    func applied(to text: String) -> String {
        switch self {
        case .left(let width): String(repeating: " ", count: max(0, width - text.count)) + text
        case .right(let width): text + String(repeating: " ", count: max(0, width - text.count))
        }
    }
}
