import CLibC
import Foundation
import Synchronization

/// Paths, and the system calls behind the output: each failure becomes an ``OutputError`` that names the path the user gave.
package enum FileSystem {
    /// What outlasts a loss of power, in the order in which it comes to the disk.
    package enum DiskEvent: Equatable, Sendable {
        /// The bytes of the file that is or will be at this path.
        case content(String)
        /// A file has got its name.
        case name(String)
        /// The names in a folder.
        case folder(String)
    }

    /// Told of all that `body` brings to the disk from this thread. Nothing else shows from outside whether it was done.
    package static func observingDisk(
        _ observer: @escaping @Sendable (DiskEvent) -> Void, _ body: () throws -> Void
    ) rethrows {
        let thread = ObjectIdentifier(Thread.current)
        diskObservers.withLock { $0[thread] = observer }
        defer { diskObservers.withLock { $0[thread] = nil } }
        try body()
    }

    private static let diskObservers = Mutex<[ObjectIdentifier: @Sendable (DiskEvent) -> Void]>([:])

    private static func note(_ event: DiskEvent) {
        let observer = diskObservers.withLock { $0.isEmpty ? nil : $0[ObjectIdentifier(Thread.current)] }
        observer?(event)
    }

    /// What is of that name, a symbolic link being one: the bits of `S_IFMT`, or nil for nothing.
    static func type(of path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    /// Whether there is anything of that name, a dangling symbolic link included.
    static func nameIsTaken(_ path: String) -> Bool { type(of: path) != nil }

    /// The folder part of a path, `.` where there is none, and the rest.
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = path[..<slash]
        return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
    }

    package static func join(_ folder: String, _ name: String) -> String { folder.hasSuffix("/") ? folder + name : folder + "/" + name }

    /// Whether it names something in a folder itself.
    static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "/") }
    }

    static func create(_ path: String, permissions: mode_t, reportedAs shown: String) throws(OutputError) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions)
        guard descriptor >= 0 else { throw .system("create it", path: shown) }
        return descriptor
    }

    /// Writes all bytes, whatever number of calls it takes.
    ///
    /// A pipe whose reader has gone raises SIGPIPE, which would end the process: the signal is held back in this thread
    /// for the time of the call, and the error says the same.
    static func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, reportedAs shown: String
    ) throws(OutputError) {
        var code: Int32 = 0
        withoutPipeSignal {
            var written = 0
            while written < bytes.count {
                let count = systemWrite(descriptor, bytes.baseAddress! + written, bytes.count - written)
                if count >= 0 {
                    written += count
                } else if errno == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&waiting, 1, -1)
                } else if errno != EINTR {
                    code = errno
                    return
                }
            }
        }
        if code == EPIPE { throw OutputError(path: shown, reason: .closedPipe) }
        if code != 0 { throw .system("write to it", path: shown, code: code) }
    }

    /// All bytes of a plain file of that very name; nil where there is none.
    static func contents(of path: String) throws(OutputError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .system("open it", path: path)
        }
        defer { _ = systemClose(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes += buffer[..<count]
            } else if errno != EINTR {
                throw .system("read it", path: path)
            }
        }
    }

    /// Closes a file that was written to. Some file systems report a full disk only here.
    static func close(_ descriptor: Int32, reportedAs shown: String) throws(OutputError) {
        guard systemClose(descriptor) == 0 || errno == EINTR else { throw .system("finish it", path: shown) }
    }

    /// Has the system begin to bring to the disk what was written, where it can: waiting for it later takes less.
    static func beginWriteBack(_ descriptor: Int32) {
        #if os(Linux)
            varlab_begin_write_back(descriptor)
        #endif
    }

    /// Waits until what was written is on the disk, where the file system has such a thing.
    static func synchronize(_ descriptor: Int32, reportedAs shown: String) throws(OutputError) {
        try flush(descriptor, reportedAs: shown)
        note(.content(shown))
    }

    private static func flush(_ descriptor: Int32, reportedAs shown: String) throws(OutputError) {
        #if canImport(Darwin)
            // There `fsync` leaves the bytes in the cache of the disk.
            if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
        #endif
        while fsync(descriptor) != 0 {
            switch errno {
            case EINTR: continue
            case EINVAL, EROFS, ENOTSUP, ENOSYS: return
            default: throw .system("write to it", path: shown)
            }
        }
    }

    /// Waits until the names in a folder are on the disk. A folder that may be written to but not read is left to the system.
    static func synchronize(folder: String, reportedAs shown: String) throws(OutputError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { _ = systemClose(descriptor) }
        try flush(descriptor, reportedAs: shown)
        note(.folder(folder))
    }

    enum LockState {
        case locked
        /// Another process has it.
        case taken
        /// It is not the file of that name any more.
        case nameless
        /// The file system has no locks.
        case unsupported
    }

    /// Locks an open file for this process if no other one has it, and sees whether it still is the file of that name.
    static func lockIfFree(_ descriptor: Int32, named path: String) -> LockState {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return .taken }
            if errno != EINTR { return .unsupported }
        }
        var opened = stat()
        var named = stat()
        guard fstat(descriptor, &opened) == 0, lstat(path, &named) == 0, opened.st_ino == named.st_ino,
            opened.st_dev == named.st_dev
        else { return .nameless }
        return .locked
    }

    /// Gives a finished file its name.
    static func place(_ from: String, at to: String, replacing: Bool, reportedAs shown: String) throws(OutputError) {
        let code = replacing ? (rename(from, to) == 0 ? 0 : errno) : renameWithoutReplacing(from, to)
        if code == EEXIST { throw OutputError(path: shown, reason: .exists) }
        if code != 0 { throw .system("rename the finished file to it", path: shown, code: code) }
        note(.name(to))
    }

    /// Renames unless the name is taken: a second name for the file fails in one step when it is, then the first goes.
    /// Returns 0 or an `errno`.
    private static func renameWithoutReplacing(_ from: String, _ to: String) -> Int32 {
        if link(from, to) == 0 {
            unlink(from)
            return 0
        }
        guard errno == EPERM || errno == ENOTSUP || errno == ENOSYS else { return errno }
        // A file system without second names, such as FAT: the best there is.
        if nameIsTaken(to) { return EEXIST }
        return rename(from, to) == 0 ? 0 : errno
    }

    /// The names in a folder, sorted, without `.` and `..`.
    static func entries(of folder: String, reportedAs shown: String) throws(OutputError) -> [String] {
        guard let stream = opendir(folder) else { throw .system("read the folder", path: shown) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

// The members of `FileSystem` hide the system calls of the same name.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }

/// Runs `body` with SIGPIPE held back in this thread, and takes away one that came meanwhile.
private func withoutPipeSignal(_ body: () -> Void) {
    var pipeSignal = sigset_t()
    var before = sigset_t()
    var pending = sigset_t()
    sigemptyset(&pipeSignal)
    sigaddset(&pipeSignal, SIGPIPE)
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    pthread_sigmask(SIG_BLOCK, &pipeSignal, &before)
    body()
    sigpending(&pending)
    if !wasPending, sigismember(&pending, SIGPIPE) == 1 {
        var taken: Int32 = 0
        sigwait(&pipeSignal, &taken)
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
}
