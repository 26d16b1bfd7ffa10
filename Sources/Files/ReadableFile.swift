import Foundation
import Synchronization

/// An open file, or bytes in memory that stand for one, read at any offset from any thread.
///
/// A file is read rather than mapped: a mapped file counts as memory, and ends the process when another one shortens it.
/// What cannot be read twice, a pipe or the standard input, is copied to a ``Spool`` when it is opened.
public final class ReadableFile: Sendable {
    /// The path that stands for standard input.
    public static let standardInput = "-"

    /// As errors name it.
    public let path: String
    /// In bytes, when it was opened.
    public let size: Int
    private let storage: Storage
    private let running: Mutex<RunningDigest>
    private let takesDigest: Bool

    private enum Storage {
        /// `modified` is nil for what nobody else can change.
        case descriptor(Int32, modified: FileTime?)
        case memory([UInt8])
    }

    /// SHA-256 of the bytes before `position`. It is touched under its lock alone, and keeps no pointer.
    private struct RunningDigest: @unchecked Sendable {
        let hash = SHA256()
        var position = 0

        /// Takes what follows on the bytes so far, if these do.
        mutating func take(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
            guard offset <= position, position < offset + bytes.count else { return }
            hash.update(UnsafeRawBufferPointer(rebasing: bytes[(position - offset)...]))
            position = offset + bytes.count
        }
    }

    private init(path: String, size: Int, storage: Storage, takesDigest: Bool) {
        self.path = path
        self.size = size
        self.storage = storage
        self.takesDigest = takesDigest
        running = Mutex(RunningDigest())
    }

    /// What has been written to a temporary file that has no name any more.
    init(spooled path: String, size: Int, descriptor: Int32) {
        self.path = path
        self.size = size
        storage = .descriptor(descriptor, modified: nil)
        takesDigest = false
        running = Mutex(RunningDigest())
    }

    /// Bytes in memory.
    /// - Parameter path: what errors call them.
    public convenience init(path: String, bytes: [UInt8]) {
        self.init(path: path, size: bytes.count, storage: .memory(bytes), takesDigest: false)
    }

    deinit {
        if case .descriptor(let descriptor, _) = storage { _ = close(descriptor) }
    }

    /// Opens a file, a pipe, or with `-` the standard input.
    /// - Parameter takesDigest: whether the bytes are hashed while they are read, for ``digest()``.
    /// - Throws: `InputError`, also for a folder, a device and an empty path.
    public static func open(_ path: String, takesDigest: Bool = false) throws(InputError) -> ReadableFile {
        let isStandardInput = path == standardInput
        let shown = isStandardInput ? "standard input" : path
        // A path with a zero byte would be cut there by the system.
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw InputError(path: path, found: "no such name", rule: "a file is needed")
        }
        let descriptor = isStandardInput ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : systemOpen(path)
        guard descriptor >= 0 else { throw .system("open it", path: shown) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = InputError.system("look at it", path: shown)
            _ = close(descriptor)
            throw error
        }
        let kind = status.st_mode & S_IFMT
        // A redirected file is read in place when nothing of it has been read.
        if kind == S_IFREG, !isStandardInput || lseek(descriptor, 0, SEEK_CUR) == 0 {
            return ReadableFile(
                path: shown, size: Int(status.st_size), storage: .descriptor(descriptor, modified: FileTime(status)),
                takesDigest: takesDigest)
        }
        defer { _ = close(descriptor) }
        if kind == S_IFDIR { throw InputError(path: shown, found: "a folder", rule: "a file is needed") }
        guard isStandardInput || kind == S_IFIFO || kind == S_IFSOCK else {
            throw InputError(path: shown, found: "a device", rule: "a file or a pipe is needed")
        }
        return try Spool.copy(descriptor, reportedAs: shown)
    }

    /// Fills `buffer` with the bytes from `offset` on.
    /// - Parameter isHashed: whether the bytes are hashed on the way if they follow on what was; false for what is read out of order.
    /// - Precondition: of bytes in memory, so many are there; what reads them has checked the headers against `size`.
    public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer, isHashed: Bool = true) throws(InputError) {
        switch storage {
        case .memory(let bytes): buffer.copyBytes(from: bytes[offset..<offset + buffer.count])
        case .descriptor(let descriptor, _):
            try fill(buffer, from: descriptor, at: offset)
            // Another thread may be hashing; what it makes this one miss is read again in the end.
            guard takesDigest, isHashed else { return }
            let bytes = UnsafeRawBufferPointer(buffer)
            _ = running.withLockIfAvailable { running in
                // What was skipped, such as the headers between the members of a zip file.
                let gap = offset - running.position
                if gap > 0, gap <= Self.largestGap {
                    withUnsafeTemporaryAllocation(byteCount: gap, alignment: 64) { skipped in
                        guard (try? fill(skipped, from: descriptor, at: running.position)) != nil else { return }
                        running.take(UnsafeRawBufferPointer(skipped), at: running.position)
                    }
                }
                running.take(bytes, at: offset)
            }
        }
    }

    private static let largestGap = 1 << 17

    private func fill(_ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32, at offset: Int) throws(InputError) {
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
            if count > 0 {
                done += count
            } else if count == 0 {
                throw InputError(
                    path: path, at: .byte(offset + done), found: "the end of the file", rule: "had \(size) bytes when it was opened")
            } else if errno != EINTR {
                throw .system("read it", path: path)
            }
        }
    }

    /// So many bytes from `offset` on; all of them by default.
    public func bytes(at offset: Int = 0, count: Int? = nil) throws(InputError) -> [UInt8] {
        var failure: InputError?
        let count = count ?? size - offset
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(InputError) {
                try read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
                filled = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Hashes what precedes `end` and has not been hashed yet, ahead of ``digest()``: beside other work, in parts.
    public func hash(to end: Int) throws(InputError) {
        guard case .descriptor(let descriptor, _) = storage else { return }
        try running.withLock { (running) throws(InputError) in
            // The piece stays in the second cache between the reading and the hashing.
            let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 64)
            defer { piece.deallocate() }
            while running.position < min(end, size) {
                let part = UnsafeMutableRawBufferPointer(rebasing: piece[..<min(piece.count, min(end, size) - running.position)])
                try fill(part, from: descriptor, at: running.position)
                running.take(UnsafeRawBufferPointer(part), at: running.position)
            }
        }
    }

    /// The SHA-256 of all bytes, as 64 lower-case hexadecimal digits.
    ///
    /// Those that were read in their order were hashed as they were read, if the file was opened so; the rest is read now,
    /// from what was opened, whatever the path leads to by now.
    /// - Throws: `InputError` where the file has been written to since it was opened: then no digest is that of the bytes
    ///   that were read.
    public func digest() throws(InputError) -> String {
        if case .memory(let bytes) = storage {
            let hash = SHA256()
            hash.update(bytes)
            return hash.hexadecimal()
        }
        guard case .descriptor(let descriptor, let modified) = storage else { return "" }
        try hash(to: size)
        let digest = running.withLock { $0.hash.hexadecimal() }
        if let modified {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw .system("look at it", path: path) }
            guard FileTime(status) == modified, Int(status.st_size) == size else {
                throw InputError(path: path, found: "has changed since it was opened", rule: "must stay as it is while it is read")
            }
        }
        return digest
    }
}

/// When a file was last written to.
private struct FileTime: Equatable {
    let seconds: Int
    let nanoseconds: Int

    init(_ status: stat) {
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        seconds = time.tv_sec
        nanoseconds = time.tv_nsec
    }
}

// A member of `ReadableFile` hides the system call of the same name.
private func systemOpen(_ path: String) -> Int32 { open(path, O_RDONLY | O_CLOEXEC) }
