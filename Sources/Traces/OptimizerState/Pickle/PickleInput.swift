/// Takes the arguments of opcodes from the bytes of a pickle.
struct PickleInput {
    let bytes: [UInt8]
    /// What the bytes are in the file.
    let region: ByteRegion
    private(set) var position = 0
    /// Where the opcode is whose arguments are taken.
    private(set) var opcodePosition = 0

    init(_ bytes: [UInt8], of region: ByteRegion) {
        self.bytes = bytes
        self.region = region
    }

    /// An error at the opcode.
    func failure(_ found: String, _ rule: String) -> TraceError { region.error(at: opcodePosition, found: found, rule: rule) }

    mutating func opcode() throws(TraceError) -> UInt8 {
        opcodePosition = position
        return UInt8(try unsigned(1))
    }

    /// A number of up to 8 bytes, least byte first.
    mutating func unsigned(_ count: Int) throws(TraceError) -> UInt64 {
        try need(UInt64(count))
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(bytes[position + index]) << (8 * UInt64(index)) }
        position += count
        return value
    }

    /// So many bytes, whose number itself has `width` bytes.
    mutating func counted(_ width: Int) throws(TraceError) -> PickleValue.Span {
        let count = try unsigned(width)
        try need(count)
        let span = PickleValue.Span(start: Int32(position), count: Int32(count))
        position += Int(count)
        return span
    }

    /// The bytes up to the end of the line, which is taken too.
    mutating func line() throws(TraceError) -> String {
        guard let end = bytes[position...].prefix(Self.longestLine).firstIndex(of: 0x0a) else {
            throw failure(
                TraceError.quote(bytes[position...].prefix(Self.longestLine)), "a name has at most \(Self.longestLine) bytes and ends with its line")
        }
        let text = String(decoding: bytes[position..<end], as: UTF8.self)
        position = end + 1
        return text
    }

    private static let longestLine = 256

    private func need(_ count: UInt64) throws(TraceError) {
        guard count <= UInt64(bytes.count - position) else {
            throw failure("the end of the pickle", "\(count) more bytes are announced, \(bytes.count - position) follow")
        }
    }
}
