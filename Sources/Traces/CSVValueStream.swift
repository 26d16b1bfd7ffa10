/// The numbers of a CSV file, every line of which must have as many as the first.
final class CSVValueStream: ValueStream {
    private let table: CSVTable
    private let cells: CSVCells

    init(_ table: CSVTable) {
        self.table = table
        cells = CSVCells(table.file, bytes: table.bytes, line: table.firstLine)
    }

    func read(_ count: Int, into values: UnsafeMutablePointer<Double>) throws(TraceError) {
        for index in 0..<count { values[index] = try next() }
    }

    /// What is skipped is looked at all the same.
    func skip(_ count: Int) throws(TraceError) {
        for _ in 0..<count { _ = try next() }
    }

    func finish() {}

    private func next() throws(TraceError) -> Double {
        let cell = try cells.next()
        if cell.endsLine != (cell.column == table.columnCount) {
            throw TraceError(
                path: table.file.path, position: .line(cell.line, column: cell.column),
                found: cell.endsLine ? "the end of the line after \(cell.column) cells" : "more than \(table.columnCount) cells",
                rule: "the first line has \(table.columnCount)")
        }
        guard let value = DecimalNumber.parse(cell.text) else {
            throw TraceError(
                path: table.file.path, position: .line(cell.line, column: cell.column),
                found: cell.text.isEmpty ? "an empty cell" : TraceError.quote(cell.text), rule: "must be a number")
        }
        return value
    }
}
