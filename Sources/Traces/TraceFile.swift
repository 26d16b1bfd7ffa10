import Files
import Foundation

/// A file of recorded gradients, or bytes in memory that stand for one, read at any offset from any thread; its errors are
/// ``TraceError``s.
final class TraceFile: Sendable {
    private let file: ReadableFile
    /// Whether it is a pipe or the standard input, whose name has no ending that means something.
    let isStream: Bool

    /// As errors name it.
    var path: String { file.path }
    /// In bytes, when it was opened.
    var size: Int { file.size }

    private init(_ file: ReadableFile, isStream: Bool) {
        self.file = file
        self.isStream = isStream
    }

    /// A file that is in memory.
    convenience init(path: String, bytes: [UInt8]) { self.init(ReadableFile(path: path, bytes: bytes), isStream: false) }

    /// What has been written to a temporary file.
    convenience init(_ spool: Spool) { self.init(spool.finish(), isStream: true) }

    /// Opens a file; a pipe and the standard input are copied to a temporary file first, so that they can be read again.
    static func open(_ path: String) throws(TraceError) -> TraceFile {
        var status = stat()
        let isPlain = path != ReadableFile.standardInput && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        return try reported { () throws(InputError) in
            TraceFile(try ReadableFile.open(path, takesDigest: true), isStream: !isPlain)
        }
    }

    /// Fills `buffer` with the bytes from `offset` on.
    /// - Precondition: of bytes in memory, so many are there; what reads them has checked the headers against `size`.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(TraceError) {
        try Self.reported { () throws(InputError) in try file.read(at: offset, into: buffer) }
    }

    func bytes(at offset: Int, count: Int) throws(TraceError) -> [UInt8] {
        try Self.reported { () throws(InputError) in try file.bytes(at: offset, count: count) }
    }

    /// The SHA-256 of the bytes as they were read; what has not been read in its order is read now.
    /// - Throws: `TraceError` when the file was changed after it was opened: then nobody knows what was read.
    func digest() throws(TraceError) -> String {
        try Self.reported { () throws(InputError) in try file.digest() }
    }

    /// `body` with its errors as ``TraceError``s.
    static func reported<Result>(_ body: () throws(InputError) -> Result) throws(TraceError) -> Result {
        do throws(InputError) {
            return try body()
        } catch {
            throw TraceError(path: error.path, position: error.byte.map { .byte($0) } ?? .file, found: error.found, rule: error.rule)
        }
    }
}

/// Memory for the time of a call.
func withBuffer(
    _ count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(TraceError) -> Void
) throws(TraceError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    defer { buffer.deallocate() }
    try body(buffer)
}
