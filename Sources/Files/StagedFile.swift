import Foundation
import Synchronization

/// A file of an ``OutputFolder`` that is written piece by piece, for a result that is larger than memory.
///
/// Like every file of the folder it appears with ``OutputFolder/commit()``, before which it must be closed.
public final class StagedFile: Sendable {
    /// Where it will be.
    public let path: String
    /// Nil once it is closed.
    private let descriptor: Mutex<Int32?>

    init(descriptor: Int32, path: String) {
        self.descriptor = Mutex(descriptor)
        self.path = path
    }

    deinit { try? close() }

    /// Appends bytes. Each call is one of the system: pieces of some ten kilobytes are worth collecting.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
        guard let open = descriptor.withLock({ $0 }) else { preconditionFailure("the file is closed") }
        try FileSystem.write(bytes, to: open, reportedAs: path)
    }

    public func write(_ bytes: [UInt8]) throws(OutputError) {
        let result = bytes.withUnsafeBytes { buffer in
            Result<Void, OutputError> { () throws(OutputError) in try write(buffer) }
        }
        try result.get()
    }

    /// Ends the file. Some file systems report a full disk only here.
    public func close() throws(OutputError) {
        let open = descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
        if let open { try FileSystem.close(open, reportedAs: path) }
    }
}
