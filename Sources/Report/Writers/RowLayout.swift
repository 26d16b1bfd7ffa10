import Dispatch

/// What stands around the cells of a row, and how rows become bytes.
struct RowLayout: Sendable {
    /// How a cell is filled up to the width of its column.
    enum Padding: Sendable {
        case left(width: Int)
        case right(width: Int)
    }

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
    /// Below this number of cells, a second thread costs more than it saves.
    private static let cellsPerThread = 16_384

    /// The rows of a table, formatted in ranges by several threads. The bytes do not depend on their number: what is
    /// written for a row depends on that row alone.
    func append<Encoding: CellEncoding>(
        rowsOf table: Table, encoding: Encoding, threads: Int, to result: inout ByteBuffer
    ) {
        let cells = table.rowCount * table.columns.count
        let parts = max(1, min(threads, cells / Self.cellsPerThread))
        if parts == 1 {
            append(rows: 0..<table.rowCount, of: table, encoding: encoding, to: &result)
            return
        }
        let buffers = (0..<parts).map { _ in PartialBytes() }
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let rows = (table.rowCount * part / parts)..<(table.rowCount * (part + 1) / parts)
            append(rows: rows, of: table, encoding: encoding, to: &buffers[part].bytes)
        }
        let total = buffers.reduce(0) { $0 + $1.bytes.count }
        _ = result.reserve(total + 64)
        for buffer in buffers { result.append(buffer.bytes.start, count: buffer.bytes.count) }
    }

    private func append<Encoding: CellEncoding>(
        rows: Range<Int>, of table: Table, encoding: Encoding, to buffer: inout ByteBuffer
    ) {
        var block = CellBlock()
        var first = rows.lowerBound
        while first < rows.upperBound {
            let last = min(first + Self.blockRows, rows.upperBound)
            block.fill(from: table, rows: first..<last, encoding: encoding)
            let before = buffer.count
            append(rows: first..<last, of: block, to: &buffer)
            if first == rows.lowerBound {
                // Room for all rows at once, as if they were like the first ones, with a tenth to spare.
                let perRow = Double(buffer.count - before) / Double(last - first)
                _ = buffer.reserve(Int(1.1 * perRow * Double(rows.upperBound - last)))
            }
            first = last
        }
    }

    /// Joins the cells of a filled block.
    func append(rows: Range<Int>, of block: borrowing CellBlock, to buffer: inout ByteBuffer) {
        let columns = prefixes.count
        // The fixed parts one after the other, so that a row is copies alone.
        var fixed = ByteBuffer()
        var ends: [Int] = []
        for part in prefixes + [rowEnd, betweenRows] {
            fixed.append(part)
            ends.append(fixed.count)
        }
        for row in rows {
            if row > 0 { buffer.append(fixed.start + ends[columns], count: ends[columns + 1] - ends[columns]) }
            var start = 0
            for column in 0..<columns {
                buffer.append(fixed.start + start, count: ends[column] - start)
                start = ends[column]
                append(block.place(column: column, row: row), of: block, column: column, to: &buffer)
            }
            buffer.append(fixed.start + start, count: ends[columns] - start)
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

/// The bytes of one range of rows. Each instance is touched by one thread at a time: the one that formats its range, then
/// the one that waited for all of them.
private final class PartialBytes: @unchecked Sendable {
    var bytes = ByteBuffer()
}
