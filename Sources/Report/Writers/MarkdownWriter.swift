/// A Markdown table (GitHub's flavour), aligned in the source too; numbers flush right with six significant digits.
///
/// A missing value is an empty cell. What Markdown would take for markup is escaped in names and texts; an underscore
/// within a word, as in `var_exact`, is not markup and stays readable.
public struct MarkdownWriter: TableWriter {
    public init() {}

    public func write<Failure: Error>(
        _ table: Table, threads: Int, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        guard !table.columns.isEmpty else { return }
        let names = table.columns.map { MarkdownCells.escaped($0.name) }
        var block = CellBlock()
        block.fill(from: table, rows: 0..<table.rowCount, encoding: MarkdownCells())
        // Three: the narrowest rule that every reader takes is `---`, or `--:`.
        let widths = names.indices.map { max(3, names[$0].count, block.width(column: $0)) }
        let padding = table.columns.enumerated().map { index, column in
            column.isNumeric ? RowLayout.Padding.left(width: widths[index]) : .right(width: widths[index])
        }
        let layout = RowLayout(
            prefixes: names.indices.map { $0 == 0 ? "| " : " | " }, rowEnd: " |\n", padding: padding)
        var buffer = ByteBuffer()
        for (index, name) in names.enumerated() {
            buffer.append(index == 0 ? "| " : " | ")
            buffer.append(padding[index].applied(to: name))
        }
        buffer.append(" |\n")
        for (index, column) in table.columns.enumerated() {
            buffer.append(index == 0 ? "| " : " | ")
            let dashes = String(repeating: "-", count: widths[index] - 1)
            buffer.append(column.isNumeric ? dashes + ":" : dashes + "-")
        }
        buffer.append(" |\n")
        layout.append(rows: 0..<table.rowCount, of: block, to: &buffer)
        try buffer.pass(to: sink)
    }
}

private struct MarkdownCells: CellEncoding {
    func append(_ value: Double, to buffer: inout ByteBuffer) { SignificantDigits.append(value, to: &buffer) }

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
