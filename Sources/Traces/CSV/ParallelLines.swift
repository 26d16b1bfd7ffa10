import CKernels
import Concurrency

extension CSVTable {
    /// Text that is parsed by one thread at once, some whole lines of it.
    private static let pieceSize = 1 << 20

    /// Calls `body` with all numbers in their order, in pieces that several threads have parsed.
    /// - Returns: false where the text is anything but lines of as many numbers as the first; what `body` has got by then is not to be used.
    /// - Throws: `TraceError` when the file cannot be read, and what `body` throws.
    func forEachPiece(threads: Int, _ body: (UnsafeBufferPointer<Double>) throws -> Void) throws -> Bool {
        var position = bytes.lowerBound
        var rows = 0
        while position < bytes.upperBound {
            let pieces = try pieces(from: position, count: threads)
            guard let last = pieces.last else { return false }
            let parsed = try concurrentMap(pieces, threads: threads) { try parse($0) }
            for values in parsed {
                guard let values else { return false }
                rows += values.count / columnCount
                try values.withUnsafeBufferPointer(body)
            }
            position = last.upperBound
        }
        return rows == rowCount
    }

    /// Stretches of whole lines; none where a line is longer than a piece.
    private func pieces(from start: Int, count: Int) throws(TraceError) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var position = start
        while pieces.count < count, position < bytes.upperBound {
            var end = min(position + Self.pieceSize, bytes.upperBound)
            if end < bytes.upperBound {
                // Back to the end of a line, which is near as a rule.
                var size = 1 << 12
                var lineEnd: Int?
                while lineEnd == nil {
                    let from = max(position, end - size)
                    lineEnd = try file.bytes(at: from, count: end - from).lastIndex(of: 0x0a).map { from + $0 + 1 }
                    if from == position { break }
                    size *= 8
                }
                guard let lineEnd else { return [] }
                end = lineEnd
            }
            pieces.append(position..<end)
            position = end
        }
        return pieces
    }

    /// nil for anything but numbers.
    private func parse(_ piece: Range<Int>) throws(TraceError) -> [Double]? {
        let text = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count + 1, alignment: 64)
        defer { text.deallocate() }
        try file.read(at: piece.lowerBound, into: UnsafeMutableRawBufferPointer(rebasing: text[..<piece.count]))
        var length = piece.count
        // The last line of the file may have no end.
        if text[length - 1] != 0x0a {
            text[length] = 0x0a
            length += 1
        }
        // A number takes at least two bytes.
        let capacity = length / 2 + columnCount
        let values = [Double](unsafeUninitializedCapacity: capacity) { values, count in
            count = max(0, varlab_parse_lines(text.baseAddress!.assumingMemoryBound(to: CChar.self), length, columnCount, values.baseAddress!, capacity))
        }
        return values.isEmpty ? nil : values
    }
}
