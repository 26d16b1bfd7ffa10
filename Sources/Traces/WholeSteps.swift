/// The steps of a recorded array one after the other, each with all its coordinates, whatever the file's order.
///
/// Up to 2^20 coordinates a chunk is the reader's own block; of more a step is put together. An array in Fortran order of more than
/// ``RecordedArray/wholeStepLimit`` coordinates is read once for every band of steps.
package struct WholeSteps {
    /// Some consecutive steps; the memory is valid during the call that hands it over.
    package struct Chunk: @unchecked Sendable {
        // Read by several threads at once, written by none.
        /// Steps from 0.
        package let steps: Range<Int>
        /// [steps][coordinates]
        package let values: UnsafeBufferPointer<Double>

        /// The gradient of the step `steps.lowerBound + index`.
        package func gradient(_ index: Int) -> UnsafeBufferPointer<Double> {
            let width = values.count / steps.count
            return UnsafeBufferPointer(rebasing: values[index * width..<(index + 1) * width])
        }
    }

    private let array: RecordedArray
    /// How many of the steps.
    private let count: Int
    private let bandSize: Int

    /// - Parameters:
    ///   - count: how many of the steps, from the first on.
    ///   - bandSize: so many numbers of an array in Fortran order are in memory, or a whole step; 128 MB.
    package init(array: RecordedArray, count: Int, bandSize: Int = 1 << 24) {
        self.array = array
        self.count = count
        self.bandSize = bandSize
    }

    /// - Throws: `TraceError` when the file cannot be read and where one step is more than ``TraceMemory/mostBytes``, and what `body`
    ///   throws.
    package func forEach(_ body: (Chunk) throws -> Void) throws {
        try TraceMemory.require(MemoryLayout<Double>.stride, perCoordinateOf: [array])
        if array.comesStepByStep { try forEachInOrder(body) } else { try forEachBand(body) }
    }

    /// Thrown to end the reading after the last wanted step.
    private struct Enough: Error {}

    private func forEachInOrder(_ body: (Chunk) throws -> Void) throws {
        var row: UnsafeMutableBufferPointer<Double>?
        defer { row?.deallocate() }
        do {
            try array.forEachBlock { block in
                if block.steps.lowerBound >= count { throw Enough() }
                guard block.coordinates.count < array.coordinateCount else {
                    let steps = block.steps.lowerBound..<min(block.steps.upperBound, count)
                    let values = UnsafeBufferPointer(rebasing: block.values[..<(steps.count * array.coordinateCount)])
                    return try body(Chunk(steps: steps, values: values))
                }
                let whole = row ?? .allocate(capacity: array.coordinateCount)
                row = whole
                copy(block, into: whole, from: block.steps.lowerBound)
                if block.coordinates.upperBound == array.coordinateCount {
                    try body(Chunk(steps: block.steps, values: UnsafeBufferPointer(whole)))
                }
            }
        } catch is Enough {}
    }

    private func forEachBand(_ body: (Chunk) throws -> Void) throws {
        let height = min(count, max(1, bandSize / array.coordinateCount))
        let band = UnsafeMutableBufferPointer<Double>.allocate(capacity: height * array.coordinateCount)
        defer { band.deallocate() }
        for first in stride(from: 0, to: count, by: height) {
            let steps = first..<min(first + height, count)
            let values = UnsafeMutableBufferPointer(rebasing: band[..<(steps.count * array.coordinateCount)])
            try array.forEachBlock { copy($0, into: values, from: first) }
            try body(Chunk(steps: steps, values: UnsafeBufferPointer(values)))
        }
    }

    /// The part of a block that lies in the rows from step `first` on.
    private func copy(_ block: RecordedBlock, into rows: UnsafeMutableBufferPointer<Double>, from first: Int) {
        let width = array.coordinateCount
        let steps = block.steps.clamped(to: first..<(first + rows.count / width))
        for step in steps {
            let source = (step - block.steps.lowerBound) * block.coordinates.count
            let target = (step - first) * width + block.coordinates.lowerBound
            (rows.baseAddress! + target).update(from: block.values.baseAddress! + source, count: block.coordinates.count)
        }
    }
}
