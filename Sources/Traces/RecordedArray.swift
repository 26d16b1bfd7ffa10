/// One recorded array: the gradients of `coordinateCount` coordinates over `stepCount` steps.
public struct RecordedArray: Sendable {
    /// The member's or tensor's name; the file's name without folder and ending for `.npy` and CSV.
    public let name: String
    /// As in the file: [steps, coordinates...]. A CSV of one column is [steps], of more [steps, columns].
    public let shape: [Int]
    public let stepCount: Int
    /// The product of the axes after the first; 1 without any.
    public let coordinateCount: Int
    let source: Source

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

    /// Whether a part of its coordinates is found only by reading all that precedes it: in text, and where it is deflated.
    package var isSequential: Bool {
        switch source {
        case .binary(let region, _, _): region.isDeflated
        case .columns: false
        case .text: true
        }
    }

    /// The file, as errors name it.
    var path: String {
        switch source {
        case .binary(let region, _, _): region.file.path
        case .columns(let columns): columns.file.path
        case .text(let table): table.file.path
        }
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
    /// - Parameters:
    ///   - coordinates: which coordinates; nil for all.
    ///   - verifying: whether the checksum of a zip member is looked at, for which all of it must be read.
    /// - Throws: ``TraceError`` when the file cannot be read or turns out to be broken, and what `body` throws. A wrong
    ///   checksum of a zip member shows after its last block.
    /// - Precondition: `coordinates` lies in 0..<`coordinateCount`.
    public func forEachBlock(
        coordinates: Range<Int>? = nil, verifying: Bool = true, _ body: (RecordedBlock) throws -> Void
    ) throws {
        let coordinates = coordinates ?? 0..<coordinateCount
        precondition(coordinates.lowerBound >= 0 && coordinates.upperBound <= coordinateCount, "no such coordinates")
        if coordinates.isEmpty { return }
        if case .columns(let columns) = source {
            try columns.forEachBlock(coordinates: coordinates, body)
        } else {
            try forEachBlock(of: values(verifying: verifying), coordinates, body)
        }
    }

    /// Calls `body` with the rows of some steps, in blocks of one step each; of a wide step in parts, one after the other.
    ///
    /// Where a file can be sought in, nothing else of it is read, and no checksum is looked at.
    ///
    /// - Parameter steps: from 0, ascending, each once.
    /// - Throws: as ``forEachBlock(coordinates:verifying:_:)``.
    /// - Precondition: the array has all of the steps.
    public func forEachRow(of steps: [Int], _ body: (RecordedBlock) throws -> Void) throws {
        guard let last = steps.last else { return }
        precondition(steps[0] >= 0 && last < stepCount && zip(steps, steps.dropFirst()).allSatisfy(<), "no such steps")
        if case .columns(let columns) = source {
            let chosen = Set(steps)
            try columns.forEachBlock(coordinates: 0..<coordinateCount) { block in
                for step in block.steps where chosen.contains(step) { try body(block.row(of: step)) }
            }
            return
        }
        let stream = try values(verifying: false)
        let width = min(coordinateCount, Self.widestBlock)
        let row = UnsafeMutablePointer<Double>.allocate(capacity: width)
        defer { row.deallocate() }
        var next = 0
        for step in steps {
            try stream.skip((step - next) * coordinateCount)
            next = step + 1
            for first in stride(from: 0, to: coordinateCount, by: width) {
                let part = first..<min(first + width, coordinateCount)
                try stream.read(part.count, into: row)
                try body(block(step..<step + 1, part, row))
            }
        }
    }

    private func values(verifying: Bool) throws(TraceError) -> any ValueStream {
        switch source {
        case .binary(var region, let headerSize, let format):
            if !verifying { region.checksum = nil }
            return try BinaryValueStream(region, headerSize: headerSize, format: format)
        case .text(let table): return CSVValueStream(table)
        case .columns: preconditionFailure("columns do not come in the order of a stream")
        }
    }

    /// 1 MB of numbers, which stay in the processor's cache until `body` has seen them.
    private static let blockSize = 1 << 17

    /// The most of one step in a block.
    private static let widestBlock = 1 << 20

    private func forEachBlock(
        of stream: any ValueStream, _ coordinates: Range<Int>, _ body: (RecordedBlock) throws -> Void
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

/// Some consecutive steps of some consecutive coordinates of a ``RecordedArray``.
public struct RecordedBlock {
    /// Steps from 0.
    public let steps: Range<Int>
    /// Coordinates from 0, in C order of the array's axes after the first.
    public let coordinates: Range<Int>
    /// Step by step: that of a step and a coordinate is
    /// `values[(step - steps.lowerBound) * coordinates.count + (coordinate - coordinates.lowerBound)]`.
    ///
    /// As in the file, NaN and infinities included. Valid only during the call that hands over the block.
    public let values: UnsafeBufferPointer<Double>

    /// The block of one of its steps.
    package func row(of step: Int) -> RecordedBlock {
        let start = (step - steps.lowerBound) * coordinates.count
        return RecordedBlock(
            steps: step..<step + 1, coordinates: coordinates,
            values: UnsafeBufferPointer(rebasing: values[start..<start + coordinates.count]))
    }
}

/// The numbers of an array in C order, from the first to the last.
protocol ValueStream: AnyObject {
    /// - Precondition: so many are left; so also in `skip`.
    func read(_ count: Int, into values: UnsafeMutablePointer<Double>) throws(TraceError)
    func skip(_ count: Int) throws(TraceError)
    /// Goes to the end and checks what can be checked only there.
    func finish() throws(TraceError)
}

/// Numbers of a fixed size in a ``ByteRegion``.
final class BinaryValueStream: ValueStream {
    private let reader: RegionReader
    private let format: ElementFormat

    /// - Parameter headerSize: how many bytes precede the numbers in the region.
    init(_ region: ByteRegion, headerSize: Int, format: ElementFormat) throws(TraceError) {
        reader = try RegionReader(region)
        self.format = format
        try reader.skip(headerSize)
    }

    func read(_ count: Int, into values: UnsafeMutablePointer<Double>) throws(TraceError) {
        var done = 0
        while done < count {
            let bytes = try reader.take(unit: format.size, maximum: (count - done) * format.size)
            let taken = bytes.count / format.size
            format.convert(bytes.baseAddress!, count: taken, to: values + done)
            done += taken
        }
    }

    func skip(_ count: Int) throws(TraceError) { try reader.skip(count * format.size) }

    func finish() throws(TraceError) { try reader.finish() }
}
