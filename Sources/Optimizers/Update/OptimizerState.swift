import CLibC

/// What an optimizer remembers from step to step, as a value: save it, load it, continue with the same bits.
///
/// Encoded, the buffers are base64 of their little-endian bytes, so that every bit survives, infinities and NaN too.
public struct OptimizerState<Scalar: OptimizerScalar>: Hashable, Sendable {
    /// The steps taken so far.
    public internal(set) var step: Int
    /// m_t; empty for a method without momentum.
    public internal(set) var momentum: [Scalar]
    /// v_t; empty for a method without adaptive rate.
    public internal(set) var secondMoment: [Scalar]
    /// The average of the gradients of centred RMSProp; otherwise empty.
    public internal(set) var gradientAverage: [Scalar]

    /// A state that was saved; ``Optimizer/init(_:count:state:)`` checks it.
    public init(step: Int, momentum: [Scalar], secondMoment: [Scalar], gradientAverage: [Scalar]) {
        (self.step, self.momentum) = (step, momentum)
        (self.secondMoment, self.gradientAverage) = (secondMoment, gradientAverage)
    }
}

extension OptimizerState: Codable {
    private enum CodingKeys: CodingKey {
        case step, momentum, secondMoment, gradientAverage
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        step = try container.decode(Int.self, forKey: .step)
        momentum = try Self.buffer(in: container, forKey: .momentum)
        secondMoment = try Self.buffer(in: container, forKey: .secondMoment)
        gradientAverage = try Self.buffer(in: container, forKey: .gradientAverage)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(step, forKey: .step)
        try container.encode(Self.bytes(of: momentum), forKey: .momentum)
        try container.encode(Self.bytes(of: secondMoment), forKey: .secondMoment)
        try container.encode(Self.bytes(of: gradientAverage), forKey: .gradientAverage)
    }

    // Every platform of the package is little-endian.
    private static func bytes(of buffer: [Scalar]) -> String { buffer.withUnsafeBytes(Base64.text) }

    private static func buffer(
        in container: KeyedDecodingContainer<CodingKeys>, forKey key: CodingKeys
    ) throws -> [Scalar] {
        func failure(_ description: String) -> DecodingError {
            .dataCorruptedError(forKey: key, in: container, debugDescription: description)
        }
        guard let bytes = Base64.bytes(of: try container.decode(String.self, forKey: key)) else { throw failure("no base64") }
        guard bytes.count % MemoryLayout<Scalar>.stride == 0 else { throw failure("\(bytes.count) bytes are no whole number of values") }
        return [Scalar](unsafeUninitializedCapacity: bytes.count / MemoryLayout<Scalar>.stride) { buffer, count in
            UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes)
            count = bytes.count / MemoryLayout<Scalar>.stride
        }
    }
}

/// Zeros in memory that the system is asked to map by large pages, where that is worth it: a pass over buffers of many megabytes
/// otherwise waits for address translation.
func zerosInLargePages<Scalar: OptimizerScalar>(count: Int) -> [Scalar] {
    [Scalar](unsafeUninitializedCapacity: count) { buffer, initializedCount in
        adviseLargePages(UnsafeMutableRawBufferPointer(buffer))
        buffer.initialize(repeating: 0)
        initializedCount = count
    }
}

private func adviseLargePages(_ memory: UnsafeMutableRawBufferPointer) {
    #if os(Linux)
        guard memory.count >= 8 << 20, let base = memory.baseAddress else { return }
        let page = Int(getpagesize())
        let start = (Int(bitPattern: base) + page - 1) / page * page
        let length = (Int(bitPattern: base) + memory.count - start) / page * page
        // A hint: where it is refused nothing is lost.
        _ = madvise(UnsafeMutableRawPointer(bitPattern: start), length, MADV_HUGEPAGE)
    #endif
}
