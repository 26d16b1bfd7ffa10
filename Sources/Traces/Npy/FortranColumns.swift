import CKernels

/// An array in Fortran order: all steps of one coordinate, then all steps of the next.
struct FortranColumns: Sendable {
    let file: TraceFile
    /// Where the first number is in the file.
    let offset: Int
    let format: ElementFormat
    let shape: TraceShape

    /// 16 MB of numbers: long stretches of each column, and far below the promised memory with the two copies of it.
    private static let blockSize = 1 << 21

    /// Columns that are turned into rows together: a row then gets whole cache lines.
    private static let stripe = 16

    var byteCount: Int { shape.steps * shape.coordinates * format.size }

    func forEachBlock(coordinates: Range<Int>, _ body: (RecordedBlock) throws -> Void) throws {
        // Few coordinates in one block; many in parts, each with stretches long enough to be read one by one.
        let isWhole = coordinates.count <= RecordedArray.wholeStepLimit
        let width = isWhole ? coordinates.count : min(coordinates.count, Self.blockSize / min(shape.steps, 2048))
        let height = min(shape.steps, Self.blockSize / width)
        let values = UnsafeMutablePointer<Double>.allocate(capacity: width * height)
        let stripes = UnsafeMutablePointer<Double>.allocate(capacity: min(Self.stripe, width) * height)
        let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: width * height * format.size, alignment: 64)
        defer {
            values.deallocate()
            stripes.deallocate()
            raw.deallocate()
        }
        for first in stride(from: coordinates.lowerBound, to: coordinates.upperBound, by: width) {
            let part = first..<min(first + width, coordinates.upperBound)
            for step in stride(from: 0, to: shape.steps, by: height) {
                let steps = step..<min(step + height, shape.steps)
                try read(steps, part, into: raw)
                transpose(raw.baseAddress!, steps.count, part.count, stripes, values)
                try body(
                    RecordedBlock(
                        steps: steps, coordinates: part,
                        values: UnsafeBufferPointer(start: values, count: steps.count * part.count)))
            }
        }
    }

    /// Column by column; neighbours in the file that are wanted whole come in one read.
    private func read(
        _ steps: Range<Int>, _ coordinates: Range<Int>, into raw: UnsafeMutableRawBufferPointer
    ) throws(TraceError) {
        let stretch = steps.count * format.size
        var coordinate = coordinates.lowerBound
        while coordinate < coordinates.upperBound {
            let column = self.column(of: coordinate)
            var next = coordinate + 1
            if steps.count == shape.steps {
                while next < coordinates.upperBound, self.column(of: next) == column + (next - coordinate) { next += 1 }
            }
            let start = (coordinate - coordinates.lowerBound) * stretch
            try file.read(
                at: offset + (column * shape.steps + steps.lowerBound) * format.size,
                into: UnsafeMutableRawBufferPointer(rebasing: raw[start..<(start + (next - coordinate) * stretch)]))
            coordinate = next
        }
    }

    /// Which column of the file has a coordinate, which is numbered in C order of the axes after the first.
    private func column(of coordinate: Int) -> Int {
        if shape.axes.count == 2 { return coordinate }
        var column = 0
        var rest = coordinate
        var below = shape.coordinates
        // The last axis varies fastest in the number, and slowest in the file.
        for axis in shape.axes.dropFirst().reversed() {
            below /= axis
            column += rest % axis * below
            rest /= axis
        }
        return column
    }

    private func transpose(
        _ raw: UnsafeMutableRawPointer, _ steps: Int, _ coordinates: Int, _ stripes: UnsafeMutablePointer<Double>,
        _ values: UnsafeMutablePointer<Double>
    ) {
        for first in stride(from: 0, to: coordinates, by: Self.stripe) {
            let count = min(Self.stripe, coordinates - first)
            format.convert(raw + first * steps * format.size, count: count * steps, to: stripes)
            for step in 0..<steps {
                let row = values + (step * coordinates + first)
                for column in 0..<count { row[column] = stripes[column * steps + step] }
            }
        }
    }

    /// Steps of a tile that are read at once.
    private static let tileSteps = 1 << 13

    /// The coordinates of one tile.
    func read(tile: Int, of tiles: SeriesTiles) throws(TraceError) {
        let count = tiles.count(inTile: tile), height = min(shape.steps, Self.tileSteps)
        let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: height * format.size, alignment: 64)
        let columns = UnsafeMutableRawPointer.allocate(byteCount: count * height * tiles.elementSize, alignment: 64)
        defer {
            raw.deallocate()
            columns.deallocate()
        }
        for first in stride(from: 0, to: shape.steps, by: height) {
            let steps = min(height, shape.steps - first)
            for column in 0..<count {
                let place = self.column(of: tiles.coordinates.lowerBound + tile * SeriesTiles.width + column) * shape.steps + first
                let part = UnsafeMutableRawBufferPointer(rebasing: raw[..<(steps * format.size)])
                try file.read(at: offset + place * format.size, into: part, isHashed: false)
                format.convertForTiles(part.baseAddress!, count: steps, to: columns + column * steps * tiles.elementSize)
            }
            varlab_tile_from_columns(
                columns, tiles.elementSize, steps, count, steps * tiles.elementSize, tiles.place(tile: tile, step: first))
        }
    }
}
