/// Bytes that grow at the end. Appending costs a comparison and a copy; there is no uniqueness check as in `[UInt8]`,
/// which matters at half a million cells.
struct ByteBuffer: ~Copyable {
    private(set) var start: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int = 1024) {
        self.capacity = max(capacity, 64)
        start = .allocate(capacity: self.capacity)
    }

    init(_ literal: StaticString) {
        self.init()
        append(literal)
    }

    deinit { start.deallocate() }

    /// Makes room for `extra` more bytes and returns where they go; `advance(by:)` says how many were written.
    @inline(__always)
    mutating func reserve(_ extra: Int) -> UnsafeMutablePointer<UInt8> {
        if capacity - count < extra { grow(extra) }
        return start + count
    }

    @inline(__always)
    mutating func advance(by written: Int) { count += written }

    @inline(never)
    private mutating func grow(_ extra: Int) {
        let larger = max(2 * capacity, count + extra)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.update(from: start, count: count)
        start.deallocate()
        start = moved
        capacity = larger
    }

    mutating func removeAll() { count = 0 }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1).pointee = byte
        count += 1
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafePointer<UInt8>, count extra: Int) {
        reserve(extra).update(from: bytes, count: extra)
        count += extra
    }

    mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { if let base = $0.baseAddress { append(base, count: $0.count) } }
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { if let base = $0.baseAddress { append(base, count: $0.count) } }
    }

    mutating func append(_ literal: StaticString) {
        append(literal.utf8Start, count: literal.utf8CodeUnitCount)
    }

    mutating func append(repeating byte: UInt8, count extra: Int) {
        reserve(extra).update(repeating: byte, count: extra)
        count += extra
    }

    /// Passes all bytes on.
    func pass<Failure: Error>(to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
        try sink(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// The bytes from `offset` on, as text.
    func text(from offset: Int = 0) -> String {
        String(decoding: UnsafeBufferPointer(start: start + offset, count: count - offset), as: UTF8.self)
    }
}
