import CKernels
import Concurrency

extension RecordedArray {
    /// The bytes of one number in ``SeriesTiles``.
    package var tileElementSize: Int {
        switch source {
        case .binary(let region, _, let format): !region.isDeflated && format.isSingle ? 4 : 8
        case .columns(let columns): columns.format.isSingle ? 4 : 8
        case .text: 8
        }
    }

    /// Reads the whole series of some coordinates, by several threads where any part of the file can be found.
    ///
    /// No checksum is looked at, and nothing is hashed, where that is left to ``ByteCheck``.
    /// - Throws: as ``forEachBlock(coordinates:verifying:_:)``.
    package func fill(_ tiles: SeriesTiles, with coordinates: Range<Int>, threads: Int) throws {
        tiles.hold(coordinates)
        switch source {
        case .binary(let region, let headerSize, let format) where !region.isDeflated:
            let rows = TileRows(file: region.file, offset: region.offset + headerSize, format: format, rowLength: coordinateCount)
            // Short slices end at nearly the same time.
            _ = try concurrentMap(slices(of: 0..<stepCount, count: 8 * threads), threads: threads) { try rows.read($0, into: tiles) }
        case .columns(let columns):
            _ = try concurrentMap(Array(0..<tiles.tileCount), threads: threads) { try columns.read(tile: $0, of: tiles) }
        default:
            let row = SeriesTiles.width * MemoryLayout<Double>.size
            try forEachBlock(coordinates: coordinates) { block in
                let first = block.coordinates.lowerBound - coordinates.lowerBound
                for tile in first / SeriesTiles.width...(first + block.coordinates.count - 1) / SeriesTiles.width {
                    let columns = max(first, tile * SeriesTiles.width)..<min(first + block.coordinates.count, (tile + 1) * SeriesTiles.width)
                    for step in block.steps {
                        let target = tiles.place(tile: tile, step: step)
                        // The last tile's rows have places after the last column.
                        if columns.upperBound == coordinates.count, columns.count < SeriesTiles.width {
                            (target + columns.upperBound % SeriesTiles.width * 8).initializeMemory(
                                as: UInt8.self, repeating: 0, count: row - columns.upperBound % SeriesTiles.width * 8)
                        }
                        let values = block.values.baseAddress! + (step - block.steps.lowerBound) * block.coordinates.count
                        (target + (columns.lowerBound - tile * SeriesTiles.width) * 8).copyMemory(
                            from: values + (columns.lowerBound - first), byteCount: columns.count * 8)
                    }
                }
            }
        }
    }
}

/// The rows of an array in C order, of which a part goes into tiles.
private struct TileRows: Sendable {
    let file: TraceFile
    let offset: Int
    let format: ElementFormat
    let rowLength: Int

    /// What is read before it is taken apart: it stays in the second cache.
    private static let blockSize = 1 << 17

    /// Some steps of the coordinates that the tiles hold.
    func read(_ steps: Range<Int>, into tiles: SeriesTiles) throws(TraceError) {
        let rowSize = tiles.coordinates.count * format.size
        let height = max(1, min(steps.count, Self.blockSize / rowSize))
        let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: height * rowSize, alignment: 64)
        let converted: UnsafeMutableRawBufferPointer? =
            format.isNative ? nil : .allocate(byteCount: height * tiles.coordinates.count * tiles.elementSize, alignment: 64)
        defer {
            raw.deallocate()
            converted?.deallocate()
        }
        for first in stride(from: steps.lowerBound, to: steps.upperBound, by: height) {
            let part = first..<min(first + height, steps.upperBound)
            try read(part, of: tiles.coordinates, into: raw)
            if let converted { format.convertForTiles(raw.baseAddress!, count: part.count * tiles.coordinates.count, to: converted.baseAddress!) }
            varlab_tiles_from_rows(
                (converted ?? raw).baseAddress!, tiles.elementSize, part.count, tiles.coordinates.count, tiles.place(tile: 0, step: first),
                tiles.tileBytes)
        }
    }

    /// A read for each row, or one for all where the rows are whole.
    private func read(_ steps: Range<Int>, of coordinates: Range<Int>, into raw: UnsafeMutableRawBufferPointer) throws(TraceError) {
        let whole = coordinates.count == rowLength
        let pieces = whole ? 1 : steps.count
        let size = (whole ? steps.count : 1) * coordinates.count * format.size
        for piece in 0..<pieces {
            let target = UnsafeMutableRawBufferPointer(rebasing: raw[piece * size..<(piece + 1) * size])
            let position = ((steps.lowerBound + piece) * rowLength + coordinates.lowerBound) * format.size
            try file.read(at: offset + position, into: target, isHashed: false)
        }
    }
}
