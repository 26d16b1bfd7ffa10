import Files
import Foundation

/// Recorded gradients by the name of a file, or in memory.
public struct TraceInput: Sendable {
    /// As tables and errors name it.
    public let name: String
    package let bytes: [UInt8]?

    /// - Parameter path: of a file or a pipe; `-` for standard input.
    public static func file(_ path: String) -> TraceInput { TraceInput(name: path, bytes: nil) }

    /// - Parameter name: what the file would be called; its ending decides the format.
    public static func memory(_ bytes: [UInt8], name: String) -> TraceInput { TraceInput(name: name, bytes: bytes) }

    package func open() throws(TraceError) -> RecordedTrace {
        if let bytes { return try RecordedTrace.read(bytes, named: name) }
        return try RecordedTrace.open(name)
    }

    /// The SHA-256 of its bytes; nil for a pipe, which cannot be read again.
    /// - Throws: `TraceError` when the file can no longer be read.
    package func digest() throws -> String? {
        let hash = SHA256()
        if let bytes {
            bytes.withUnsafeBytes { hash.update($0) }
            return hash.hexadecimal()
        }
        var status = stat()
        guard stat(name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        guard let file = FileHandle(forReadingAtPath: name) else {
            throw TraceError(path: name, found: "cannot be opened again", rule: "must be a readable file")
        }
        defer { try? file.close() }
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
            piece.withUnsafeBytes { hash.update($0) }
        }
        return hash.hexadecimal()
    }
}
