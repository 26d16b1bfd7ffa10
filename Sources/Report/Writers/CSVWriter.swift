/// Comma-separated values after RFC 4180, with line feeds as line ends.
///
/// Numbers have the fewest digits that read back to the same number (``ShortestDigits``), infinities are `inf` and
/// `-inf`, NaN is `nan`, truth values are `true` and `false`. A missing value is an empty cell; an empty text is `""`, so
/// that the two can be told apart. In a table of one column a missing value is `""` too, since most readers skip an empty
/// line.
public struct CSVWriter: TableWriter {
    public init() {}

    public func write<Failure: Error>(
        _ table: Table, threads: Int, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        guard !table.columns.isEmpty else { return }
        let cells = CSVCells(marksMissing: table.columns.count == 1)
        let layout = RowLayout(
            prefixes: table.columns.indices.map { $0 == 0 ? "" : "," }, rowEnd: "\n")
        var header = ByteBuffer()
        for (index, column) in table.columns.enumerated() {
            if index > 0 { header.append(",") }
            cells.append(column.name, to: &header)
        }
        header.append("\n")
        try header.pass(to: sink)
        try layout.write(rowsOf: table, encoding: cells, threads: threads, to: sink)
    }
}

private struct CSVCells: CellEncoding {
    let marksMissing: Bool

    func append(_ value: Double, to buffer: inout ByteBuffer) { ShortestDigits.append(value, to: &buffer) }

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
