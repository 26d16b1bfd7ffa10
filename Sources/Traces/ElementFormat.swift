/// How a file holds one number, and its conversion to double precision, which is exact for every format.
struct ElementFormat: Sendable, Equatable {
    enum Kind: Sendable {
        case float16
        case bfloat16
        case float32
        case float64
    }

    let kind: Kind
    var isBigEndian = false

    /// The bytes of one number.
    var size: Int {
        switch kind {
        case .float16, .bfloat16: 2
        case .float32: 4
        case .float64: 8
        }
    }

    /// Converts `count` numbers that may lie at any address.
    func convert(_ bytes: UnsafeRawPointer, count: Int, to values: UnsafeMutablePointer<Double>) {
        switch (kind, isBigEndian) {
        case (.float16, false): convert(bytes, count, values) { (bits: UInt16) in Self.half(bits) }
        case (.float16, true): convert(bytes, count, values) { (bits: UInt16) in Self.half(bits.byteSwapped) }
        case (.bfloat16, false): convert(bytes, count, values) { (bits: UInt16) in Self.brain(bits) }
        case (.bfloat16, true): convert(bytes, count, values) { (bits: UInt16) in Self.brain(bits.byteSwapped) }
        case (.float32, false): convert(bytes, count, values) { (bits: UInt32) in Double(Float(bitPattern: bits)) }
        case (.float32, true): convert(bytes, count, values) { (bits: UInt32) in Double(Float(bitPattern: bits.byteSwapped)) }
        case (.float64, false): convert(bytes, count, values) { (bits: UInt64) in Double(bitPattern: bits) }
        case (.float64, true): convert(bytes, count, values) { (bits: UInt64) in Double(bitPattern: bits.byteSwapped) }
        }
    }

    /// One loop per format, without calls or branches, so that the compiler makes it a vector loop.
    @inline(__always)
    private func convert<Bits: FixedWidthInteger & BitwiseCopyable, Value>(
        _ bytes: UnsafeRawPointer, _ count: Int, _ values: UnsafeMutablePointer<Value>, _ value: (Bits) -> Value
    ) {
        for index in 0..<count {
            values[index] = value(bytes.loadUnaligned(fromByteOffset: index &* MemoryLayout<Bits>.size, as: Bits.self))
        }
    }

    /// Whether single precision holds every number.
    var isSingle: Bool { kind != .float64 }

    /// Whether the numbers are the machine's own, of single or double precision.
    var isNative: Bool { !isBigEndian && size >= 4 }

    /// Converts `count` numbers to what ``SeriesTiles`` holds of this format: single precision where that is exact.
    func convertForTiles(_ bytes: UnsafeRawPointer, count: Int, to target: UnsafeMutableRawPointer) {
        guard isSingle else { return convert(bytes, count: count, to: target.assumingMemoryBound(to: Double.self)) }
        let values = target.assumingMemoryBound(to: Float.self)
        switch (kind, isBigEndian) {
        case (.float16, false): convert(bytes, count, values) { (bits: UInt16) in Self.singleHalf(bits) }
        case (.float16, true): convert(bytes, count, values) { (bits: UInt16) in Self.singleHalf(bits.byteSwapped) }
        case (.bfloat16, false): convert(bytes, count, values) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
        case (.bfloat16, true): convert(bytes, count, values) { (bits: UInt16) in Float(bitPattern: UInt32(bits.byteSwapped) << 16) }
        case (_, false): convert(bytes, count, values) { (bits: UInt32) in Float(bitPattern: bits) }
        case (_, true): convert(bytes, count, values) { (bits: UInt32) in Float(bitPattern: bits.byteSwapped) }
        }
    }

    @inline(__always)
    private static func brain(_ bits: UInt16) -> Double { Double(Float(bitPattern: UInt32(bits) << 16)) }

    @inline(__always)
    private static func half(_ bits: UInt16) -> Double { Double(singleHalf(bits)) }

    /// By integer arithmetic: the Float16 of the language is missing on some platforms, and a call per number on others.
    ///
    /// 5 bits of exponent with bias 15 and 10 of fraction become 8 with bias 127 and 23. A subnormal is its fraction in
    /// units of 2^-24, which the difference of two normal numbers gives exactly.
    @inline(__always)
    private static func singleHalf(_ bits: UInt16) -> Float {
        let magnitude = UInt32(bits & 0x7fff) << 13
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = magnitude & 0x0f80_0000
        let isSpecial = exponent == 0x0f80_0000
        let normal = magnitude &+ (isSpecial ? 0x7000_0000 : 0x3800_0000)
        let subnormal = (Float(bitPattern: magnitude &+ 0x3880_0000) - Float(bitPattern: 0x3880_0000)).bitPattern
        return Float(bitPattern: (exponent == 0 ? subnormal : normal) | sign)
    }
}

/// The shape of a recorded array: steps first, then the axes of the coordinates.
struct TraceShape: Sendable, Equatable {
    let axes: [Int]
    let steps: Int
    let coordinates: Int

    /// - Returns: nil with the rule that the axes break.
    static func make(_ axes: [Int], elementSize: Int) -> Result<TraceShape, Broken> {
        guard let steps = axes.first else { return .failure(Broken(rule: "must be [steps] or [steps, coordinates...], not a single number")) }
        guard axes.allSatisfy({ $0 > 0 }) else {
            return .failure(Broken(rule: "must have at least one step and one coordinate"))
        }
        guard byteCount(axes, elementSize: elementSize) != nil else { return .failure(.tooLarge) }
        return .success(TraceShape(axes: axes, steps: steps, coordinates: axes.dropFirst().reduce(1, *)))
    }

    /// The bytes of an array of such axes; nil where they are 2^63 or more.
    static func byteCount(_ axes: [Int], elementSize: Int) -> Int? {
        if axes.contains(0) { return 0 }
        var count = elementSize
        for axis in axes {
            let (product, overflows) = count.multipliedReportingOverflow(by: axis)
            if overflows { return nil }
            count = product
        }
        return count
    }

    struct Broken: Error {
        let rule: String
        static let tooLarge = Broken(rule: "must have fewer than 2^63 bytes")
    }

    /// As NumPy writes it; of more axes than any array has the first 64.
    static func text(_ axes: [Int]) -> String {
        let shown = axes.prefix(64).map(String.init).joined(separator: ", ")
        return "shape (" + shown + (axes.count == 1 ? ",)" : axes.count > 64 ? ", …)" : ")")
    }
}
