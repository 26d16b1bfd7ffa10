import Foundation

/// An open file, or bytes in memory that stand for one, read at any offset from any thread.
///
/// A file is read rather than mapped: a mapped file counts as memory, and ends the process when another one shortens it.
/// Its digest is taken of the bytes as they are read, so that it names what an analysis has seen.
final class TraceFile: Sendable {
    /// As errors name it.
    let path: String
    let size: Int
    private let storage: Storage
    /// Whether it came from a pipe or the standard input, whose name has no ending that means something.
    let isStream: Bool
    /// When the bytes were last changed; nil for those that nobody else can change.
    private let modified: ModificationTime?
    private let running = RunningDigest()

    private enum Storage {
        case descriptor(Int32)
        case memory([UInt8])
    }

    static let standardInput = "-"

    /// - Parameter modified: nil for a file of this process alone.
    init(path: String, size: Int, descriptor: Int32, isStream: Bool = true, modified: ModificationTime? = nil) {
        self.path = path
        self.isStream = isStream
        self.size = size
        self.modified = modified
        storage = .descriptor(descriptor)
    }

    /// A file that is in memory.
    init(path: String, bytes: [UInt8]) {
        self.path = path
        size = bytes.count
        isStream = false
        modified = nil
        storage = .memory(bytes)
    }

    deinit {
        if case .descriptor(let descriptor) = storage { close(descriptor) }
    }

    /// Opens a file; a pipe and the standard input are copied to a temporary file first, so that they can be read again.
    static func open(_ path: String) throws(TraceError) -> TraceFile {
        let isStandardInput = path == standardInput
        let shown = isStandardInput ? "standard input" : path
        // A path with a zero byte would be cut there by the system.
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw TraceError(path: path, found: "no such name", rule: "a file is needed")
        }
        let descriptor = isStandardInput ? dup(STDIN_FILENO) : systemOpen(path)
        guard descriptor >= 0 else { throw system("open it", path: shown) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = system("look at it", path: shown)
            close(descriptor)
            throw error
        }
        let kind = status.st_mode & S_IFMT
        // A redirected file is read in place when nothing of it has been read.
        if kind == S_IFREG, !isStandardInput || lseek(descriptor, 0, SEEK_CUR) == 0 {
            return TraceFile(
                path: shown, size: Int(status.st_size), descriptor: descriptor, isStream: isStandardInput,
                modified: ModificationTime(status))
        }
        defer { close(descriptor) }
        if kind == S_IFDIR { throw TraceError(path: shown, found: "a folder", rule: "a file is needed") }
        guard isStandardInput || kind == S_IFIFO || kind == S_IFSOCK else {
            throw TraceError(path: shown, found: "a device", rule: "a file or a pipe is needed")
        }
        let spool = try TraceSpool(reportedAs: shown)
        try withBuffer(1 << 20) { (buffer) throws(TraceError) in
            while true {
                let count = systemRead(descriptor, buffer.baseAddress!, buffer.count)
                if count == 0 { break }
                if count < 0 {
                    if errno == EINTR { continue }
                    throw system("read it", path: shown)
                }
                try spool.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        return spool.finish()
    }

    /// Fills `buffer` with the bytes from `offset` on.
    /// - Precondition: of bytes in memory, so many are there; what reads them has checked the headers against `size`.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(TraceError) {
        try fill(buffer, from: offset)
        let bytes = UnsafeRawBufferPointer(buffer)
        // What was skipped, such as the headers between the members of a zip file.
        let start = running.position
        if offset > start, offset - start <= Self.largestGap {
            try withBuffer(offset - start) { (skipped) throws(TraceError) in
                try fill(skipped, from: start)
                running.append(UnsafeRawBufferPointer(skipped), from: start)
            }
        }
        running.append(bytes, from: offset)
    }

    private static let largestGap = 1 << 17

    /// The SHA-256 of the bytes as they were read; what has not been read, or was read before what precedes it, is read now.
    /// - Throws: `TraceError` when the file was changed after it was opened: then nobody knows what was read.
    func digest() throws(TraceError) -> String {
        try withBuffer(1 << 20) { (buffer) throws(TraceError) in
            while true {
                let position = running.position
                if position >= size { break }
                try read(at: position, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, size - position)]))
            }
        }
        if case .descriptor(let descriptor) = storage, let modified {
            var status = stat()
            guard fstat(descriptor, &status) == 0, Int(status.st_size) == size, ModificationTime(status) == modified else {
                throw TraceError(path: path, found: "the file was changed while it was read", rule: "it must stay as it is until the end")
            }
        }
        return running.hexadecimal()
    }

    private func fill(_ buffer: UnsafeMutableRawBufferPointer, from offset: Int) throws(TraceError) {
        let descriptor: Int32
        switch storage {
        case .descriptor(let open): descriptor = open
        case .memory(let bytes): return buffer.copyBytes(from: bytes[offset..<offset + buffer.count])
        }
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
            if count > 0 {
                done += count
            } else if count == 0 {
                throw TraceError(
                    path: path, position: .byte(offset + done), found: "the end of the file",
                    rule: "had \(size) bytes when it was opened")
            } else if errno != EINTR {
                throw Self.system("read it", path: path)
            }
        }
    }

    func bytes(at offset: Int, count: Int) throws(TraceError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: TraceError?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(TraceError) { try read(at: offset, into: buffer) } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    static func system(_ operation: String, path: String, code: Int32 = errno) -> TraceError {
        TraceError(path: path, found: "cannot \(operation)", rule: String(cString: strerror(code)))
    }
}

/// When a file was last changed, as finely as the file system keeps it.
struct ModificationTime: Equatable, Sendable {
    private let seconds: Int
    private let nanoseconds: Int

    init(_ status: stat) {
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        (seconds, nanoseconds) = (Int(time.tv_sec), Int(time.tv_nsec))
    }
}

// The members of `TraceFile` hide the system calls of the same name.
private func systemOpen(_ path: String) -> Int32 { open(path, O_RDONLY | O_CLOEXEC) }
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, bytes, count)
}

/// Memory for the time of a call.
func withBuffer(
    _ count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(TraceError) -> Void
) throws(TraceError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    defer { buffer.deallocate() }
    try body(buffer)
}
