import Files
import Foundation

/// A file that a run has read, as `run.json` names it.
public struct InputFile: Encodable, Sendable, Equatable {
    public let file: String
    /// The SHA-256 of its bytes; nil for what cannot be read twice, such as a pipe.
    public let sha256: String?

    /// - Throws: `TraceError` when the file cannot be read.
    public init(_ path: String) throws {
        file = path
        sha256 = Self.isPlain(path) ? try Self.digest(of: path) : nil
    }

    private static func isPlain(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private static func digest(of path: String) throws -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw TraceError(path: path, found: "cannot be opened again", rule: "must be a readable file")
        }
        defer { try? file.close() }
        let hash = SHA256()
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
            piece.withUnsafeBytes { hash.update($0) }
        }
        return hash.hexadecimal()
    }
}
