import Dispatch

/// What stands around the cells of a row, and how rows become bytes.
struct RowLayout: Sendable {
    /// How a cell is filled up to the width of its column.
    enum Padding: Sendable {
        case left(width: Int)
        case right(width: Int)

        func applied(to text: String) -> String {
            switch self {
            case .left(let width): String(repeating: " ", count: max(0, width - text.count)) + text
            case .right(let width): text + String(repeating: " ", count: max(0, width - text.count))
            }
        }
    }

    /// Formats a range of a table's rows; `isFirst` says that no row precedes them.
    typealias Formatter = @Sendable (
        _ table: Table, _ rows: Range<Int>, _ isFirst: Bool, _ block: inout CellBlock, _ bytes: inout ByteBuffer
    ) -> Void

    /// What precedes each cell, one per column; the first starts the row.
    var prefixes: [String]
    /// What ends a row.
    var rowEnd: String
    /// What stands between two rows, after the end of the first.
    var betweenRows = ""
    /// Padding per column; none when empty.
    var padding: [Padding] = []

    /// So many rows at a time stay in a core's cache.
    private static let blockRows = 256
    /// So many rows a thread formats before they are passed on.
    private static let pieceRows = 1024

    /// Formats the rows of a table, a piece per thread at a time, and passes the pieces on in order. The bytes do not
    /// depend on the number of threads: what is written for a row depends on that row alone.
    ///
    /// The buffers are used again for the next pieces, so that a large table costs no memory: the first touch of fresh
    /// pages took longer than the second thread saved.
    func write<Failure: Error>(
        rowsOf table: Table, isFirst: Bool, threads: Int, format: @escaping Formatter,
        to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let pieces = (table.rowCount + Self.pieceRows - 1) / Self.pieceRows
        let workers = (0..<max(1, min(threads, pieces))).map { _ in Worker() }
        var first = 0
        while first < pieces {
            let active = min(workers.count, pieces - first)
            let start = first
            let fill: @Sendable (Int) -> Void = { index in
                let lower = (start + index) * Self.pieceRows
                let rows = lower..<min(lower + Self.pieceRows, table.rowCount)
                workers[index].bytes.removeAll()
                format(table, rows, isFirst && lower == 0, &workers[index].block, &workers[index].bytes)
            }
            if active == 1 { fill(0) } else { DispatchQueue.concurrentPerform(iterations: active, execute: fill) }
            for index in 0..<active { try workers[index].bytes.pass(to: sink) }
            first += active
        }
    }

    func append<Encoding: CellEncoding>(
        rows: Range<Int>, of table: Table, encoding: Encoding, isFirst: Bool, block: inout CellBlock, to buffer: inout ByteBuffer
    ) {
        // The fixed parts one after the other, so that a row is copies alone.
        var fixed = ByteBuffer()
        var ends: [Int] = []
        for part in prefixes + [rowEnd, betweenRows] {
            fixed.append(part)
            ends.append(fixed.count)
        }
        let columns = prefixes.count
        var first = rows.lowerBound
        while first < rows.upperBound {
            let last = min(first + Self.blockRows, rows.upperBound)
            block.fill(from: table, rows: first..<last, encoding: encoding)
            for row in first..<last {
                if !isFirst || row > rows.lowerBound {
                    buffer.append(fixed.start + ends[columns], count: ends[columns + 1] - ends[columns])
                }
                var start = 0
                for column in 0..<columns {
                    buffer.append(fixed.start + start, count: ends[column] - start)
                    start = ends[column]
                    append(block.place(column: column, row: row), of: block, column: column, to: &buffer)
                }
                buffer.append(fixed.start + start, count: ends[columns] - start)
            }
            first = last
        }
    }

    @inline(__always)
    private func append(
        _ place: CellBlock.Place, of block: borrowing CellBlock, column: Int, to buffer: inout ByteBuffer
    ) {
        let text = block.bytes.start + place.offset
        guard !padding.isEmpty else { return buffer.append(text, count: place.count) }
        let space = UInt8(ascii: " ")
        switch padding[column] {
        case .left(let width):
            buffer.append(repeating: space, count: max(0, width - block.width(of: place)))
            buffer.append(text, count: place.count)
        case .right(let width):
            buffer.append(text, count: place.count)
            buffer.append(repeating: space, count: max(0, width - block.width(of: place)))
        }
    }
}

/// What one thread formats with. Each instance is touched by one thread at a time: the one that formats a piece, then the
/// one that waited for all of them.
private final class Worker: @unchecked Sendable {
    var block = CellBlock()
    var bytes = ByteBuffer(capacity: 1 << 17)
}
