import Foundation

/// A temporary file without a name: takes bytes in order, and becomes a ``ReadableFile``. It is gone with the last who has it
/// open, however the process ends.
public final class Spool {
    private let path: String
    private let descriptor: Int32
    private var size = 0
    private var isFinished = false

    /// - Parameter path: what errors name, from here on and of the finished file.
    public init(reportedAs path: String) throws(InputError) {
        self.path = path
        let folder = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var name = Array("\(folder)/varlab-XXXXXX".utf8CString)
        descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw .system("make a temporary file in \(folder) for it", path: path) }
        unlink(name)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { if !isFinished { _ = close(descriptor) } }

    /// Appends bytes. Each call is one of the system: pieces of some ten kilobytes are worth collecting.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(InputError) {
        var done = 0
        while done < bytes.count {
            let count = write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                throw .system("copy it to a temporary file", path: path)
            }
        }
        size += done
    }

    /// The file, to be read; nothing may be appended any more.
    public func finish() -> ReadableFile {
        precondition(!isFinished, "the spool is finished")
        isFinished = true
        return ReadableFile(spooled: path, size: size, descriptor: descriptor)
    }

    /// All that comes from an open pipe.
    static func copy(_ pipe: Int32, reportedAs path: String) throws(InputError) -> ReadableFile {
        let spool = try Spool(reportedAs: path)
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { piece.deallocate() }
        while true {
            let count = read(pipe, piece.baseAddress!, piece.count)
            if count == 0 { return spool.finish() }
            if count > 0 {
                try spool.append(UnsafeRawBufferPointer(rebasing: piece[..<count]))
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
                _ = poll(&waiting, 1, -1)
            } else if errno != EINTR {
                throw .system("read it", path: path)
            }
        }
    }
}
