/// The cells of a CSV file one after another, each in memory for a moment.
final class CSVCells {
    struct Cell {
        /// Without the blanks around it; valid until the next cell is read.
        let text: UnsafeBufferPointer<UInt8>
        let line: Int
        let column: Int
        let endsLine: Bool
    }

    /// No number is longer, and no name of a column should be.
    static let longestCell = 4096

    private let file: TraceFile
    private let end: Int
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private var available = 0..<0
    /// Where in the file the bytes after the available ones are.
    private var readPosition: Int
    private var line: Int
    private var column = 1

    /// - Parameters:
    ///   - bytes: of the file, beginning with a line, without the end of the last line.
    ///   - line: the number of the first line.
    init(_ file: TraceFile, bytes: Range<Int>, line: Int) {
        self.file = file
        self.line = line
        // One more for a line end behind the last byte.
        buffer = .allocate(capacity: min(bytes.count, 1 << 20) + 1)
        readPosition = bytes.lowerBound
        end = bytes.upperBound
    }

    deinit { buffer.deallocate() }

    /// Where in the file the next cell begins.
    var position: Int { readPosition - available.count }

    /// The next cell. After the last one comes an empty one that ends the line.
    func next() throws(TraceError) -> Cell {
        if available.count <= Self.longestCell, readPosition < end { try refill() }
        var index = available.lowerBound
        // A line end stands behind what is available.
        while buffer[index] != 0x2c, buffer[index] != 0x0a { index += 1 }
        if index - available.lowerBound > Self.longestCell || (index == available.upperBound && readPosition < end) {
            throw failure(TraceError.quote(buffer[available.lowerBound..<index]), "a cell has at most \(Self.longestCell) bytes")
        }
        var start = available.lowerBound, stop = index
        while start < stop, isBlank(buffer[start]) { start += 1 }
        while stop > start, isBlank(buffer[stop - 1]) { stop -= 1 }
        let endsLine = buffer[index] == 0x0a
        let cell = Cell(
            text: UnsafeBufferPointer(rebasing: buffer[start..<stop]), line: line, column: column, endsLine: endsLine)
        available = min(index + 1, available.upperBound)..<available.upperBound
        line += endsLine ? 1 : 0
        column = endsLine ? 1 : column + 1
        return cell
    }

    /// A blank or the first half of a line end as Windows writes it.
    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }

    private func failure(_ found: String, _ rule: String) -> TraceError {
        TraceError(path: file.path, position: .line(line, column: column), found: found, rule: rule)
    }

    private func refill() throws(TraceError) {
        let start = buffer.baseAddress!
        let kept = available.count
        UnsafeMutableRawPointer(start).copyMemory(from: start + available.lowerBound, byteCount: kept)
        let count = min(buffer.count - 1 - kept, end - readPosition)
        try file.read(at: readPosition, into: UnsafeMutableRawBufferPointer(start: start + kept, count: count))
        readPosition += count
        available = 0..<(kept + count)
        buffer[available.upperBound] = 0x0a
    }
}
