import Foundation
import Synchronization

/// What a file is filled with: something that passes its bytes on in pieces, so that a large table is never in memory as
/// text.
package struct OutputContent {
    package let write: (_ sink: (UnsafeRawBufferPointer) throws(OutputError) -> Void) throws(OutputError) -> Void

    package init(_ bytes: [UInt8]) {
        write = { (sink) throws(OutputError) in
            // `withUnsafeBytes` does not pass a typed error on.
            let result = bytes.withUnsafeBytes { buffer in
                Result<Void, OutputError> { () throws(OutputError) in try sink(buffer) }
            }
            try result.get()
        }
    }

    package init(
        write: @escaping (_ sink: (UnsafeRawBufferPointer) throws(OutputError) -> Void) throws(OutputError) -> Void
    ) {
        self.write = write
    }

    /// From so many bytes on a piece is on its way to the disk while the next is made.
    private static let writtenBack = 1 << 17

    /// Writes everything to an open file.
    func fill(_ descriptor: Int32, reportedAs shown: String) throws(OutputError) {
        try write { (piece) throws(OutputError) in
            try FileSystem.write(piece, to: descriptor, reportedAs: shown)
            if piece.count >= Self.writtenBack { FileSystem.beginWriteBack(descriptor) }
        }
    }

    /// Writes everything to an open file and closes it, whether or not that succeeds.
    func fillAndClose(_ descriptor: Int32, reportedAs shown: String) throws(OutputError) {
        do throws(OutputError) {
            try fill(descriptor, reportedAs: shown)
        } catch {
            try? FileSystem.close(descriptor, reportedAs: shown)
            throw error
        }
        try FileSystem.close(descriptor, reportedAs: shown)
    }
}

/// A file under a hidden name, beside the one that it becomes when it is whole.
///
/// It is locked as long as its process lives: one that nobody has locked is what a killed process has left, and goes when
/// the next file is written beside it.
final class UnfinishedFile: Sendable {
    let path: String
    private let shown: String
    private let descriptor: Int32

    /// - Parameters:
    ///   - target: what it is to become.
    ///   - attributes: of the file that it is to replace.
    ///   - shown: how errors call it.
    init(beside target: String, attributes: OutputTarget.Attributes?, reportedAs shown: String) throws(OutputError) {
        let folder = FileSystem.split(target).folder
        let created = try TemporaryPaths.registry.withLock { registry throws(OutputError) -> (path: String, descriptor: Int32) in
            while true {
                let path = FileSystem.join(folder, FileSystem.unfinishedName())
                let descriptor = try FileSystem.create(
                    path, permissions: attributes.map { $0.permissions & 0o600 } ?? 0o666, reportedAs: shown)
                // Between the two calls another process may have taken it for a leftover.
                switch FileSystem.lockIfFree(descriptor, named: path) {
                case .locked, .unsupported:
                    registry.unfinished.insert(path)
                    return (path, descriptor)
                case .taken, .nameless:
                    _ = close(descriptor)
                }
            }
        }
        path = created.path
        descriptor = created.descriptor
        self.shown = shown
        attributes?.apply(to: descriptor)
    }

    deinit { _ = close(descriptor) }

    /// Writes the content, so that it outlasts a loss of power.
    func fill(_ content: OutputContent) throws(OutputError) {
        try content.fill(descriptor, reportedAs: shown)
        try FileSystem.synchronize(descriptor, reportedAs: shown)
        // A second descriptor keeps the lock until the file has its name; some file systems report a full disk only here.
        let flushed = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        if flushed >= 0 { try FileSystem.close(flushed, reportedAs: shown) }
    }

    /// Gives the file its name.
    func finish(as target: String, replacing: Bool) throws(OutputError) {
        try TemporaryPaths.registry.withLock { [path, shown] registry throws(OutputError) in
            try FileSystem.place(path, at: target, replacing: replacing, reportedAs: shown)
            registry.unfinished.remove(path)
        }
        try FileSystem.synchronize(folder: FileSystem.split(target).folder, reportedAs: shown)
    }

    func discard() { TemporaryPaths.registry.withLock { [path] in $0.discard(path) } }
}

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
