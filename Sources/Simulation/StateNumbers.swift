/// Numbers of a state as it leaves the process, for files and messages: first all real ones, then all whole ones, each 8 bytes,
/// little-endian: IEEE 754 and two's complement, the same on every machine.
public struct StateNumbers: Sendable {
    private var reals: [[Double]] = []
    private var integers: [[Int]] = []

    public init() {}

    public mutating func append(_ values: [Double]) { reals.append(values) }
    public mutating func append(_ values: [Int]) { integers.append(values) }

    /// How many real and how many whole numbers.
    public var counts: (reals: Int, integers: Int) {
        (reals.reduce(0) { $0 + $1.count }, integers.reduce(0) { $0 + $1.count })
    }

    public var byteCount: Int { 8 * (counts.reals + counts.integers) }

    /// Passes the bytes on in pieces, in their order.
    public func forEachPiece<Failure>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
        for values in reals { try Self.pass(values, littleEndian: { $0.bitPattern.littleEndian }, body) }
        for values in integers { try Self.pass(values, littleEndian: { UInt64(bitPattern: Int64($0)).littleEndian }, body) }
    }

    private static func pass<Value, Failure>(
        _ values: [Value], littleEndian: (Value) -> UInt64, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        #if _endian(little)
            // As they are.
            let result = values.withUnsafeBytes { bytes in Result<Void, Failure> { () throws(Failure) in try body(bytes) } }
        #else
            let result = values.map(littleEndian).withUnsafeBytes { bytes in Result<Void, Failure> { () throws(Failure) in try body(bytes) } }
        #endif
        try result.get()
    }
}

/// What was written as ``StateNumbers``, read in the same order.
public struct StateNumberReader: Sendable {
    /// Why numbers are not those of a state that is expected.
    public struct Failure: Error, Equatable, Sendable {
        /// In words that follow "the numbers": `are too few`.
        public let rule: String

        public init(_ rule: String) { self.rule = rule }
    }

    private let bytes: ArraySlice<UInt8>
    private var real: Int
    private var whole: Int
    private let wholeStart: Int

    /// - Parameters:
    ///   - bytes: of all numbers.
    ///   - realCount: how many of them are real ones, which stand first.
    public init(_ bytes: ArraySlice<UInt8>, realCount: Int) throws(Failure) {
        guard bytes.count.isMultiple(of: 8), realCount >= 0, realCount <= bytes.count / 8 else { throw Failure("are too few") }
        self.bytes = bytes
        real = bytes.startIndex
        wholeStart = bytes.startIndex + 8 * realCount
        whole = wholeStart
    }

    public mutating func reals(_ count: Int) throws(Failure) -> [Double] {
        guard count >= 0, count <= (wholeStart - real) / 8 else { throw Failure("are too few") }
        defer { real += 8 * count }
        return words(real, count) { Double(bitPattern: $0) }
    }

    public mutating func integers(_ count: Int) throws(Failure) -> [Int] {
        guard count >= 0, count <= (bytes.endIndex - whole) / 8 else { throw Failure("are too few") }
        defer { whole += 8 * count }
        return words(whole, count) { Int(Int64(bitPattern: $0)) }
    }

    /// The counts of a histogram with the edges that are expected, which make up a total.
    mutating func counts(_ count: Int, total: Int, edges: [Double]) throws(Failure) -> [Int] {
        guard try reals(edges.count).elementsEqual(edges) else { throw Failure("are of a histogram with other edges") }
        let counts = try integers(count)
        var left = total
        for count in counts {
            // Each by itself, so that no sum overflows.
            guard count >= 0, count <= left else { throw Failure("are of other trajectories") }
            left -= count
        }
        guard left == 0 else { throw Failure("are of other trajectories") }
        return counts
    }

    /// Throws unless everything was read.
    public func finish() throws(Failure) {
        guard real == wholeStart, whole == bytes.endIndex else { throw Failure("are too many") }
    }

    private func words<Value>(_ start: Int, _ count: Int, _ value: (UInt64) -> Value) -> [Value] {
        bytes.withUnsafeBytes { bytes in
            let offset = start - self.bytes.startIndex
            return (0..<count).map { value(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8 * $0, as: UInt64.self))) }
        }
    }
}

/// What of a state leaves the process as numbers and comes back.
public protocol StateCoding {
    func encode(to numbers: inout StateNumbers)

    /// Takes what was encoded in place of nothing.
    /// - Parameter trajectories: those that it must be of, as the fewest ranges.
    /// - Throws: when the numbers cannot be those of these trajectories.
    /// - Precondition: this one is empty, and of the same run.
    mutating func decode(from numbers: inout StateNumberReader, trajectories: [Range<Int>]) throws(StateNumberReader.Failure)
}

extension NoSamples: StateCoding {
    public func encode(to numbers: inout StateNumbers) {}
    public mutating func decode(from numbers: inout StateNumberReader, trajectories: [Range<Int>]) throws(StateNumberReader.Failure) {}
}
