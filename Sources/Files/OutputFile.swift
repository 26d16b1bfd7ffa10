import Foundation

/// A file that is written whole or not at all.
///
/// The bytes go to a hidden file in the same folder, which is then renamed: a reader sees the old file or the new one,
/// and an error or an interrupt (``installInterruptHandler()``) leaves nothing behind. An existing file is replaced only
/// with `force`, and keeps its permissions; where the path is a symbolic link, the file it leads to is replaced. Devices
/// and named pipes are written to directly, with or without `force`.
public struct OutputFile: Sendable {
    /// The path that stands for standard output.
    public static let standardOutput = "-"

    public let path: String
    public let force: Bool

    /// - Parameters:
    ///   - path: the file, or `-` for standard output.
    ///   - force: whether an existing file is replaced.
    public init(path: String, force: Bool = false) {
        self.path = path
        self.force = force
    }

    /// Throws what can be known before a long computation: that the file exists, that its folder is missing or cannot be
    /// written to. Leaves nothing behind.
    public func check() throws(OutputError) {
        guard case .file(let target, _) = try destination() else { return }
        let unfinished = try createUnfinished(beside: target, permissions: 0o666)
        _ = close(unfinished.descriptor)
        TemporaryPaths.registry.withLock { $0.discard(unfinished.path) }
    }

    /// Writes these bytes.
    public func write(_ bytes: [UInt8]) throws(OutputError) { try write(OutputContent(bytes)) }

    package func write(_ content: OutputContent) throws(OutputError) {
        switch try destination() {
        case .descriptor(let descriptor):
            try content.fill(descriptor, reportedAs: path, closing: false)
        case .special:
            let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
            guard descriptor >= 0 else { throw .system("open it", path: path) }
            try content.fill(descriptor, reportedAs: path)
        case .file(let target, let permissions):
            try write(content, to: target, permissions: permissions)
        }
    }

    private enum Destination {
        case descriptor(Int32)
        case special
        /// `permissions` are those of the file to replace.
        case file(path: String, permissions: mode_t?)
    }

    private func destination() throws(OutputError) -> Destination {
        if let descriptor = Self.openDescriptor(path) { return .descriptor(descriptor) }
        switch try FileSystem.kind(of: path, reportedAs: path) {
        case .special: return .special
        case .folder: throw OutputError(path: path, reason: .isFolder)
        case .file(let permissions):
            guard force else { throw OutputError(path: path, reason: .exists) }
            guard let resolved = realpath(path, nil) else { throw .system("look at it", path: path) }
            defer { free(resolved) }
            return .file(path: String(cString: resolved), permissions: permissions)
        case .nothing:
            if FileSystem.split(path).name.isEmpty, !path.isEmpty { throw OutputError(path: path, reason: .isFolder) }
            // A symbolic link to nothing.
            if !force, FileSystem.nameIsTaken(path) { throw OutputError(path: path, reason: .exists) }
            return .file(path: path, permissions: nil)
        }
    }

    /// The open descriptor that a path names: opening `/dev/stdout` anew would start at the beginning of the file again.
    private static func openDescriptor(_ path: String) -> Int32? {
        switch path {
        case standardOutput, "/dev/stdout": return STDOUT_FILENO
        case "/dev/stderr": return STDERR_FILENO
        default:
            for prefix in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(prefix) {
                return Int32(path.dropFirst(prefix.count))
            }
            return nil
        }
    }

    private func write(_ content: OutputContent, to target: String, permissions: mode_t?) throws(OutputError) {
        let unfinished = try createUnfinished(beside: target, permissions: 0o666)
        do throws(OutputError) {
            if let permissions { fchmod(unfinished.descriptor, permissions) }
            try content.fill(unfinished.descriptor, reportedAs: path)
            try TemporaryPaths.registry.withLock { registry throws(OutputError) in
                try FileSystem.place(unfinished.path, at: target, replacing: force, reportedAs: path)
                registry.unfinished.remove(unfinished.path)
            }
        } catch {
            TemporaryPaths.registry.withLock { $0.discard(unfinished.path) }
            throw error
        }
    }

    private func createUnfinished(
        beside target: String, permissions: mode_t
    ) throws(OutputError) -> (path: String, descriptor: Int32) {
        // The name itself is what a file system refuses when it is too long; the hidden name would not be.
        let unfinished = FileSystem.split(target).folder + "/" + FileSystem.unfinishedName()
        return try TemporaryPaths.registry.withLock { registry throws(OutputError) in
            let descriptor = try FileSystem.create(unfinished, permissions: permissions, reportedAs: path)
            registry.unfinished.insert(unfinished)
            return (unfinished, descriptor)
        }
    }
}
