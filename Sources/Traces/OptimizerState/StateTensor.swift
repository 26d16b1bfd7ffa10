/// A tensor in a file of an optimizer's state, found and checked, not read.
struct StateTensor: Sendable {
    /// In full, as the file has it.
    let name: String
    /// As the file calls it.
    let dtype: String
    /// Nil for what is no floating-point number of 16 to 64 bits.
    let format: ElementFormat?
    let shape: [Int]
    let count: Int
    /// Where in the file the first element is.
    let offset: Int
    let order: ElementOrder
    /// Where in the file it is described.
    let position: TraceError.Position
    /// The member of a zip file that describes it.
    let member: String?

    /// - Precondition: the elements lie in the file; the extent of `order` has been looked at.
    init(
        name: String, dtype: String, format: ElementFormat?, shape: [Int], offset: Int, order: ElementOrder, position: TraceError.Position,
        member: String? = nil
    ) {
        self.name = name
        self.dtype = dtype
        self.format = format
        self.shape = shape
        count = shape.contains(0) ? 0 : shape.reduce(1, *)
        self.offset = offset
        self.order = order
        self.position = position
        self.member = member
    }

    /// The bytes that are read of it, where they are without gaps.
    var bytes: Range<Int>? {
        guard let format, order.isGapless else { return nil }
        return offset..<offset + count * format.size
    }

    func failure(_ file: TraceFile, _ found: String, _ rule: String) -> TraceError {
        TraceError(path: file.path, member: member, position: position, found: "tensor \(TraceError.quote(name: name)) \(found)", rule: rule)
    }

    /// The same as a row of all elements in the order in which they lie.
    func inFileOrder() -> StateTensor {
        StateTensor(
            name: name, dtype: dtype, format: format, shape: shape, offset: offset, order: ElementOrder(count: count), position: position, member: member)
    }

    /// The only number, of any of the types that steps are counted in.
    func wholeNumber(of file: TraceFile) throws(TraceError) -> Int {
        guard count == 1 else { throw failure(file, "of \(TraceShape.text(shape))", "must be one number") }
        if format != nil {
            var value = 0.0
            try withUnsafeMutablePointer(to: &value) { (value) throws(TraceError) in try read(0..<1, of: file, into: value) }
            guard let whole = Int(exactly: value), whole >= 0 else {
                throw failure(file, "is \(value)", "must be a whole number, not negative")
            }
            return whole
        }
        guard let size = Self.integerSizes[dtype] else { throw failure(file, "of dtype \(dtype.prefix(20))", "must be a number") }
        let bits = try file.bytes(at: offset, count: size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let whole = size == 8 ? Int(truncatingIfNeeded: bits) : Int(Int32(truncatingIfNeeded: bits))
        if whole < 0 { throw failure(file, "is \(whole)", "must be a whole number, not negative") }
        return whole
    }

    /// The bytes of the integers that a step may be, as safetensors and PyTorch call them.
    private static let integerSizes = ["I64": 8, "I32": 4, "int64": 8, "int32": 4]

    // MARK: Reading

    /// Stays in the processor's cache between the reading and the conversion.
    private static let pieceSize = 1 << 18

    /// Elements in C order, widened to double precision.
    /// - Precondition: the tensor has a format.
    func read(_ range: Range<Int>, of file: TraceFile, into values: UnsafeMutablePointer<Double>) throws(TraceError) {
        guard let format else { preconditionFailure("a tensor that is not read") }
        try withBuffer(Self.pieceSize) { (buffer) throws(TraceError) in
            try order.forEachRun(range) { (start, step, run) throws(TraceError) in
                try read(run.count, from: start, step: step, format, of: file, through: buffer, into: values + (run.lowerBound - range.lowerBound))
            }
        }
    }

    /// Elements at equal distances.
    private func read(
        _ count: Int, from start: Int, step: Int, _ format: ElementFormat, of file: TraceFile, through buffer: UnsafeMutableRawBufferPointer,
        into values: UnsafeMutablePointer<Double>
    ) throws(TraceError) {
        let size = format.size
        // With the gaps between them so many fit.
        let height = max(1, (buffer.count / size - 1) / step + 1)
        for first in stride(from: 0, to: count, by: height) {
            let part = min(height, count - first)
            let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(((part - 1) * step + 1) * size)])
            try file.read(at: offset + (start + first * step) * size, into: bytes)
            if step > 1 {
                for index in 1..<max(part, 1) {
                    let target = bytes.baseAddress! + index * size
                    target.copyMemory(from: bytes.baseAddress! + index * step * size, byteCount: size)
                }
            }
            format.convert(UnsafeRawPointer(bytes.baseAddress!), count: part, to: values + first)
        }
    }
}
