import Foundation
import Synchronization

/// The right to write into a folder, which one process has at a time.
///
/// It is a lock on a hidden, empty file in the folder. The system takes it from a process that dies, however it dies; at
/// the end, and after an interrupt (``installInterruptHandler()``), the file is removed. On a file system without locks
/// there is nothing to hold, and nobody is refused.
public final class FolderLock: Sendable {
    static let fileName = ".varlab.lock"

    /// Whether the system vouches that no other process has it.
    let isExclusive: Bool
    private let path: String
    /// Nil once it is released.
    private let descriptor: Mutex<Int32?>

    /// Takes the lock, at once or not at all.
    /// - Throws: `OutputError` with the reason `inUse` where another process has it, `notOwn` where a file of that name is
    ///   not this program's, or the system's reason.
    public convenience init(folder: String) throws(OutputError) {
        let taken = try TemporaryPaths.registry.withLock { registry throws(OutputError) in
            try Self.take(folder: folder, in: &registry)
        }
        self.init(taken)
    }

    convenience init(folder: String, in registry: inout TemporaryPaths.Registry) throws(OutputError) {
        self.init(try Self.take(folder: folder, in: &registry))
    }

    private init(_ taken: Taken) {
        path = taken.path
        isExclusive = taken.isExclusive
        descriptor = Mutex(taken.descriptor)
    }

    deinit { release() }

    /// Gives the lock back and removes the file. Does nothing the second time.
    public func release() {
        // What is forgotten while the registry is locked has been released before.
        if descriptor.withLock({ $0 != nil }) { TemporaryPaths.registry.withLock { release(&$0) } }
    }

    func release(_ registry: inout TemporaryPaths.Registry) {
        let open = descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
        guard let open else { return }
        // In this order: the name goes while nobody else can have taken it.
        registry.discard(path)
        _ = close(open)
    }

    private struct Taken {
        let path: String
        let descriptor: Int32
        let isExclusive: Bool
    }

    private static func take(folder: String, in registry: inout TemporaryPaths.Registry) throws(OutputError) -> Taken {
        let path = FileSystem.join(folder, fileName)
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else {
                if errno == ELOOP || errno == EISDIR || errno == ENXIO { throw OutputError(path: path, reason: .notOwn) }
                throw .system("write to the folder", path: folder)
            }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size == 0 else {
                _ = close(descriptor)
                throw OutputError(path: path, reason: .notOwn)
            }
            let state = FileSystem.lockIfFree(descriptor, named: path)
            switch state {
            case .locked, .unsupported:
                registry.unfinished.insert(path)
                return Taken(path: path, descriptor: descriptor, isExclusive: state == .locked)
            case .taken:
                _ = close(descriptor)
                throw OutputError(path: folder, reason: .inUse)
            case .nameless:
                // Who had it has removed it between the two calls: there is a new one to be had.
                _ = close(descriptor)
            }
        }
    }
}
