import Foundation

/// Takes what comes in order, and becomes a file without a name: for what cannot be read twice, such as a pipe.
final class TraceSpool {
    private let path: String
    private let descriptor: Int32
    private var size = 0
    private var isFinished = false

    /// - Parameter path: what errors name.
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

    /// Everything that was appended. Nobody else can change it.
    func finish() -> TraceFile {
        isFinished = true
        return TraceFile(path: path, size: size, descriptor: descriptor)
    }
}
