/// One recorded array: the gradients of `coordinateCount` coordinates over `stepCount` steps.
public struct RecordedArray: Sendable {
    /// The member's or tensor's name; the file's name without folder and ending for `.npy` and CSV.
    public let name: String
    /// As in the file: [steps, coordinates...]. A CSV of one column is [steps], of more [steps, columns].
    public let shape: [Int]
    public let stepCount: Int
    /// The product of the axes after the first; 1 without any.
    public let coordinateCount: Int
    private let source: Source

    /// So many coordinates come in one block in every format.
    public static let wholeStepLimit = 4096

    /// Where the numbers come from.
    enum Source: Sendable {
        /// After a header of that size.
        case binary(ByteRegion, headerSize: Int, ElementFormat)
        case columns(FortranColumns)
        case text(CSVTable)
    }

    /// The shape as NumPy writes it: `shape (500, 256)`.
    public var shapeText: String { TraceShape.text(shape) }

    /// Whether the blocks come in the order of the steps for all coordinates, not all steps of some before those of others.
    public var comesStepByStep: Bool {
        if case .columns = source { return coordinateCount <= Self.wholeStepLimit }
        return true
    }

    init(name: String, shape: TraceShape, source: Source) {
        self.name = name
        self.shape = shape.axes
        stepCount = shape.steps
        coordinateCount = shape.coordinates
        self.source = source
    }

    /// Calls `body` with one block after another, which together have every step of the coordinates once.
    ///
    /// For each coordinate the blocks come in the order of the steps. Up to ``wholeStepLimit`` coordinates every block has
    /// all of them; more may come in parts, those of one step one after another in C order, and in Fortran order all
    /// steps of the first coordinates before those of the next. May be called several times and from several threads at once;
    /// each call reads the file anew.
    ///
    /// - Parameter coordinates: which coordinates; nil for all.
    /// - Throws: ``TraceError`` when the file cannot be read or turns out to be broken, and what `body` throws. A wrong
    ///   checksum of a zip member shows after its last block.
    /// - Precondition: `coordinates` lies in 0..<`coordinateCount`.
    public func forEachBlock(coordinates: Range<Int>? = nil, _ body: (RecordedBlock) throws -> Void) throws {
        let coordinates = coordinates ?? 0..<coordinateCount
        precondition(coordinates.lowerBound >= 0 && coordinates.upperBound <= coordinateCount, "no such coordinates")
        if coordinates.isEmpty { return }
        switch source {
        case .binary(let region, let headerSize, let format):
            try forEachBlock(of: BinaryValueStream(region, headerSize: headerSize, format: format), coordinates, body)
        case .columns(let columns):
            try columns.forEachBlock(coordinates: coordinates, body)
        case .text(let table):
            try forEachBlock(of: CSVValueStream(table), coordinates, body)
        }
    }

    /// 1 MB of numbers, which stay in the processor's cache until `body` has seen them.
    private static let blockSize = 1 << 17

    /// The most of one step in a block.
    private static let widestBlock = 1 << 20

    private func forEachBlock(
        of stream: some ValueStream, _ coordinates: Range<Int>, _ body: (RecordedBlock) throws -> Void
    ) throws {
        let width = min(coordinates.count, Self.widestBlock)
        let height = min(stepCount, max(1, Self.blockSize / width))
        let values = UnsafeMutablePointer<Double>.allocate(capacity: width * height)
        defer { values.deallocate() }
        for step in stride(from: 0, to: stepCount, by: height) {
            let steps = step..<min(step + height, stepCount)
            if coordinates.count == coordinateCount, width == coordinates.count {
                try stream.read(steps.count * width, into: values)
                try body(block(steps, coordinates, values))
                continue
            }
            // More than one step here only when the coordinates are one part.
            for row in 0..<steps.count {
                try stream.skip(coordinates.lowerBound)
                for first in stride(from: coordinates.lowerBound, to: coordinates.upperBound, by: width) {
                    let part = first..<min(first + width, coordinates.upperBound)
                    try stream.read(part.count, into: values + row * width)
                    if width < coordinates.count { try body(block(steps, part, values)) }
                }
                try stream.skip(coordinateCount - coordinates.upperBound)
            }
            if width == coordinates.count { try body(block(steps, coordinates, values)) }
        }
        try stream.finish()
    }

    private func block(
        _ steps: Range<Int>, _ coordinates: Range<Int>, _ values: UnsafeMutablePointer<Double>
    ) -> RecordedBlock {
        RecordedBlock(
            steps: steps, coordinates: coordinates,
            values: UnsafeBufferPointer(start: values, count: steps.count * coordinates.count))
    }
}
