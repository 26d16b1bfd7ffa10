/// Comma-separated values after RFC 4180, with line feeds as line ends.
///
/// Numbers have the fewest digits that read back to the same number (``ShortestDigits``), infinities are `inf` and
/// `-inf`, NaN is `nan`, truth values are `true` and `false`. A missing value is an empty cell; an empty text is `""`, so
/// that the two can be told apart. In a table of one column a missing value is `""` too, since most readers skip an empty
/// line.
public struct CSVWriter: TableWriter {
    private let digits: Int?
    private let rowsOnly: Bool

    /// - Parameters:
    ///   - digits: significant digits of real numbers; nil for as many as bring the number back.
    ///   - rowsOnly: without the line of names.
    public init(digits: Int? = nil, rowsOnly: Bool = false) {
        self.digits = digits
        self.rowsOnly = rowsOnly
    }

    public func document(beginningWith rows: Table, isWhole: Bool) -> TableDocument {
        let cells = CSVCells(digits: digits, marksMissing: rows.columns.count == 1)
        var header = ByteBuffer()
        if !rowsOnly, !rows.columns.isEmpty {
            for (index, column) in rows.columns.enumerated() {
                if index > 0 { header.append(",") }
                cells.append(column.name, to: &header)
            }
            header.append("\n")
        }
        let layout = RowLayout(prefixes: rows.columns.indices.map { $0 == 0 ? "" : "," }, rowEnd: "\n")
        return TableDocument(head: header.text(), rows: layout, cells: cells)
    }
}

private struct CSVCells: CellEncoding {
    let digits: Int?
    let marksMissing: Bool

    func append(_ value: Double, to buffer: inout ByteBuffer) {
        if let digits { SignificantDigits.append(value, digits: digits, to: &buffer) } else { ShortestDigits.append(value, to: &buffer) }
    }

    func append(_ value: String, to buffer: inout ByteBuffer) {
        let quote = UInt8(ascii: "\"")
        let special: [UInt8] = [quote, UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
        guard value.isEmpty || value.utf8.contains(where: special.contains) else { return buffer.append(value) }
        buffer.append(quote)
        for byte in value.utf8 {
            if byte == quote { buffer.append(quote) }
            buffer.append(byte)
        }
        buffer.append(quote)
    }

    func appendMissing(to buffer: inout ByteBuffer) {
        if marksMissing { buffer.append("\"\"") }
    }
}
