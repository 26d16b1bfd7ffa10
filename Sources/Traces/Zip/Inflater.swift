import CZlib

/// Inflates a deflated member of a zip file in pieces.
final class Inflater {
    private let region: ByteRegion
    // zlib keeps the address of the stream.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let input: UnsafeMutableRawBufferPointer
    private var consumed = 0
    private var isAtEnd = false

    init(_ region: ByteRegion) throws(TraceError) {
        self.region = region
        input = .allocate(byteCount: max(1, min(region.storedSize, 1 << 18)), alignment: 64)
        stream.initialize(to: z_stream())
        guard varlab_inflate_init_raw(stream) == Z_OK else {
            throw region.error(found: "cannot inflate it", rule: "zlib has no memory or is of another version")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// Inflates at least one byte into `target` and returns how many.
    func inflate(into target: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
        let count = try advance(target)
        if count == 0 {
            throw error("the deflated data end after \(stream.pointee.total_out) bytes", "the directory says \(region.size)")
        }
        return count
    }

    /// Checks that the deflated data end where the directory says.
    func finish() throws(TraceError) {
        if !isAtEnd {
            var byte: UInt8 = 0
            let count = try withUnsafeMutableBytes(of: &byte) { target throws(TraceError) in try advance(target) }
            if count > 0 { throw error("the deflated data go on", "the directory says that they give \(region.size) bytes") }
        }
        let used = consumed - Int(stream.pointee.avail_in)
        if used != region.storedSize {
            throw error("the deflated data end here", "the directory says that they have \(region.storedSize) bytes")
        }
    }

    /// How many bytes came, 0 at the end of the data alone.
    private func advance(_ target: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
        if isAtEnd { return 0 }
        stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(target.count)
        while Int(stream.pointee.avail_out) == target.count {
            if stream.pointee.avail_in == 0, consumed < region.storedSize {
                let count = min(input.count, region.storedSize - consumed)
                try region.file.read(
                    at: region.offset + consumed, into: UnsafeMutableRawBufferPointer(rebasing: input[..<count]))
                stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_in = UInt32(count)
                consumed += count
            }
            switch CZlib.inflate(stream, Z_NO_FLUSH) {
            case Z_OK:
                continue
            case Z_STREAM_END:
                isAtEnd = true
                return target.count - Int(stream.pointee.avail_out)
            case Z_BUF_ERROR:
                throw error("the deflated data stop in the middle", "must be whole")
            case Z_MEM_ERROR:
                throw error("cannot inflate it", "zlib has no memory")
            default:
                throw error("broken deflated data", stream.pointee.msg.map { String(cString: $0) } ?? "zlib cannot inflate it")
            }
        }
        return target.count - Int(stream.pointee.avail_out)
    }

    /// An error at the byte of the file that zlib has come to.
    private func error(_ found: String, _ rule: String) -> TraceError {
        TraceError(
            path: region.file.path, member: region.member,
            position: .byte(region.offset + consumed - Int(stream.pointee.avail_in)), found: found, rule: rule)
    }
}
