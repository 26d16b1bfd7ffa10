import Foundation

/// An open file, or bytes in memory that stand for one, read at any offset from any thread.
///
/// A file is read rather than mapped: a mapped file counts as memory, and ends the process when another one shortens it.
final class TraceFile: Sendable {
    /// As errors name it.
    let path: String
    let size: Int
    private let storage: Storage

    private enum Storage {
        case descriptor(Int32)
        case memory([UInt8])
    }

    static let standardInput = "-"

    private init(path: String, size: Int, descriptor: Int32) {
        self.path = path
        self.size = size
        storage = .descriptor(descriptor)
    }

    /// A file that is in memory.
    init(path: String, bytes: [UInt8]) {
        self.path = path
        size = bytes.count
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
            return TraceFile(path: shown, size: Int(status.st_size), descriptor: descriptor)
        }
        defer { close(descriptor) }
        if kind == S_IFDIR { throw TraceError(path: shown, found: "a folder", rule: "a file is needed") }
        guard isStandardInput || kind == S_IFIFO || kind == S_IFSOCK else {
            throw TraceError(path: shown, found: "a device", rule: "a file or a pipe is needed")
        }
        let spool = try Spool(reportedAs: shown)
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
        let descriptor: Int32
        switch storage {
        case .descriptor(let open): descriptor = open
        case .memory(let bytes):
            buffer.copyBytes(from: bytes[offset..<offset + buffer.count])
            return
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

    /// Takes what is written in order, and becomes a file without a name.
    final class Spool {
        private let path: String
        private let descriptor: Int32
        private var size = 0
        private var isFinished = false

        init(reportedAs path: String) throws(TraceError) {
            self.path = path
            let folder = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
            var name = Array("\(folder)/varlab-XXXXXX".utf8CString)
            descriptor = mkstemp(&name)
            guard descriptor >= 0 else { throw TraceFile.system("make a temporary file in \(folder) for it", path: path) }
            // Gone with the last descriptor, however the process ends.
            unlink(name)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }

        deinit { if !isFinished { close(descriptor) } }

        func append(_ bytes: UnsafeRawBufferPointer) throws(TraceError) {
            var done = 0
            while done < bytes.count {
                let count = write(descriptor, bytes.baseAddress! + done, bytes.count - done)
                if count >= 0 {
                    done += count
                } else if errno != EINTR {
                    throw TraceFile.system("copy it to a temporary file", path: path)
                }
            }
            size += done
        }

        func finish() -> TraceFile {
            isFinished = true
            return TraceFile(path: path, size: size, descriptor: descriptor)
        }
    }

    private static func system(_ operation: String, path: String, code: Int32 = errno) -> TraceError {
        TraceError(path: path, found: "cannot \(operation)", rule: String(cString: strerror(code)))
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
