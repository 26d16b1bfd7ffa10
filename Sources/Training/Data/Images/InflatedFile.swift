import CZlib
import Files

/// A file read from its beginning to its end, which may be compressed by gzip: what is read is what it holds.
///
/// Nothing is allocated that the file has not given: a header may lie about what follows.
final class InflatedFile {
    let path: String
    private let file: ReadableFile
    private let inflater: GzipInflater?
    /// How many of the bytes that it holds have been read.
    private(set) var position = 0

    init(_ file: ReadableFile) throws(InputError) {
        self.file = file
        path = file.path
        let isCompressed = try file.bytes(at: 0, count: min(2, file.size)) == [0x1f, 0x8b]
        inflater = isCompressed ? try GzipInflater(file) : nil
    }

    /// A place in what the file holds, for an error.
    func error(at offset: Int, found: String, rule: String) -> InputError {
        InputError(path: path, at: inflater == nil ? .byte(offset) : .inflatedByte(offset), found: found, rule: rule)
    }

    /// The next bytes, fewer only at the end.
    func next(_ count: Int) throws(InputError) -> [UInt8] {
        let bytes: [UInt8]
        if let inflater {
            bytes = try inflater.read(count)
        } else {
            bytes = try file.bytes(at: position, count: min(count, file.size - position))
        }
        position += bytes.count
        return bytes
    }

    /// The next bytes.
    /// - Parameter rule: what says that there are so many.
    func read(_ count: Int, rule: @autoclosure () -> String) throws(InputError) -> [UInt8] {
        let bytes = try next(count)
        guard bytes.count == count else { throw error(at: position, found: "the end of the data", rule: rule()) }
        return bytes
    }

    /// Makes sure that nothing is left.
    func requireEnd(rule: @autoclosure () -> String) throws(InputError) {
        let end = position
        guard try next(1).isEmpty else { throw error(at: end, found: "more data", rule: rule()) }
    }
}

/// Inflates a gzip file of one or more members in pieces.
private final class GzipInflater {
    private let file: ReadableFile
    // zlib keeps the address of the stream.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    private var consumed = 0
    private var isAtEnd = false

    init(_ file: ReadableFile) throws(InputError) {
        self.file = file
        stream.initialize(to: z_stream())
        guard varlab_inflate_init_gzip(stream) == Z_OK else {
            throw InputError(path: file.path, found: "cannot inflate it", rule: "zlib has no memory or is of another version")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// The next bytes, fewer only at the end.
    func read(_ count: Int) throws(InputError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            // A piece at a time: what is announced need not come.
            var failure: InputError?
            let room = min(count - bytes.count, 1 << 20)
            let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
                do throws(InputError) { filled = try inflate(into: buffer) } catch { failure = error }
            }
            if let failure { throw failure }
            if piece.isEmpty { break }
            bytes += piece
        }
        return bytes
    }

    /// How many bytes came, 0 at the end alone.
    private func inflate(into target: UnsafeMutableBufferPointer<UInt8>) throws(InputError) -> Int {
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(target.count)
        while !isAtEnd, stream.pointee.avail_out == target.count {
            try takeInput()
            switch CZlib.inflate(stream, Z_NO_FLUSH) {
            case Z_OK: continue
            case Z_STREAM_END:
                // Another member may follow.
                try takeInput()
                if stream.pointee.avail_in == 0 { isAtEnd = true } else { inflateReset(stream) }
            case Z_BUF_ERROR: throw error("the compressed data stop in the middle", "must be whole")
            case Z_MEM_ERROR: throw error("cannot inflate it", "zlib has no memory")
            default: throw error("broken compressed data", stream.pointee.msg.map { String(cString: $0) } ?? "zlib cannot inflate it")
            }
        }
        return target.count - Int(stream.pointee.avail_out)
    }

    private func takeInput() throws(InputError) {
        guard stream.pointee.avail_in == 0, consumed < file.size else { return }
        let count = min(input.count, file.size - consumed)
        try file.read(at: consumed, into: UnsafeMutableRawBufferPointer(rebasing: input[..<count]))
        stream.pointee.next_in = input.baseAddress!.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
        consumed += count
    }

    /// An error at the byte of the file that zlib has come to.
    private func error(_ found: String, _ rule: String) -> InputError {
        InputError(path: file.path, at: .byte(consumed - Int(stream.pointee.avail_in)), found: found, rule: rule)
    }
}
