import Foundation

/// The size of a CSV file: one step a line, one coordinate a column, commas between them.
///
/// The first line is a header when no cell of it is a number. Blank lines at the end are left out.
struct CSVTable: Sendable {
    let file: TraceFile
    let rowCount: Int
    let columnCount: Int
    /// The lines with numbers.
    let bytes: Range<Int>
    /// The number of the first of them, from 1.
    let firstLine: Int

    init(_ file: TraceFile) throws(TraceError) {
        self.file = file
        let mark = try file.bytes(at: 0, count: min(file.size, 3))
        // UTF-8 as Windows marks it.
        let start = mark == [0xef, 0xbb, 0xbf] ? 3 : 0
        let end = try Self.contentEnd(file, after: start)
        if end == start {
            throw TraceError(path: file.path, position: .line(1, column: nil), found: "nothing but blanks", rule: "must have gradients")
        }
        let cells = CSVCells(file, bytes: start..<end, line: 1)
        var columns = 0, numbers = 0
        var firstWord: (column: Int, text: String)?
        while true {
            let cell = try cells.next()
            columns += 1
            if DecimalNumber.parse(cell.text) != nil {
                numbers += 1
            } else if firstWord == nil {
                firstWord = (cell.column, cell.text.isEmpty ? "an empty cell" : TraceError.quote(cell.text))
            }
            if cell.endsLine { break }
        }
        if let firstWord, numbers > 0 {
            throw TraceError(
                path: file.path, position: .line(1, column: firstWord.column), found: firstWord.text,
                rule: "must be a number, as others in the line are, or the line a header without numbers")
        }
        columnCount = columns
        let isHeader = numbers == 0
        firstLine = isHeader ? 2 : 1
        if isHeader, cells.position >= end {
            throw TraceError(
                path: file.path, position: .line(1, column: 1), found: firstWord?.text ?? "", rule: "a line of numbers must follow the header")
        }
        bytes = (isHeader ? cells.position : start)..<end
        rowCount = try Self.lineEnds(file, bytes) + 1
    }

    /// Where the text ends, without blanks and line ends.
    private static func contentEnd(_ file: TraceFile, after start: Int) throws(TraceError) -> Int {
        var end = file.size
        while end > start {
            let bytes = try file.bytes(at: max(start, end - 4096), count: min(4096, end - start))
            if let last = bytes.lastIndex(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d }) {
                return end - (bytes.count - 1 - last)
            }
            end -= bytes.count
        }
        return start
    }

    private static func lineEnds(_ file: TraceFile, _ bytes: Range<Int>) throws(TraceError) -> Int {
        var count = 0
        try withBuffer(1 << 20) { (buffer) throws(TraceError) in
            var position = bytes.lowerBound
            while position < bytes.upperBound {
                let part = UnsafeMutableRawBufferPointer(
                    rebasing: buffer[..<min(buffer.count, bytes.upperBound - position)])
                try file.read(at: position, into: part)
                for byte in part { count &+= byte == 0x0a ? 1 : 0 }
                position += part.count
            }
        }
        return count
    }
}

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
