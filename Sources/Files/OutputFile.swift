import Foundation

/// A file that is written whole or not at all.
///
/// The bytes go to a hidden file in the same folder, which is then renamed: a reader sees the old file or the new one,
/// also after a loss of power, and an error or an interrupt (``installInterruptHandler()``) leaves nothing behind. An
/// existing file is replaced only with `force`, and keeps its permissions and, where the system allows it, its owner; where
/// the path is a symbolic link, the file it leads to is replaced. Devices and named pipes are written to directly, with or
/// without `force`.
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
        guard case .file(let target) = try destination() else { return }
        try UnfinishedFile(beside: target.path, attributes: target.attributes, reportedAs: path).discard()
    }

    /// Writes these bytes.
    public func write(_ bytes: [UInt8]) throws(OutputError) { try write(OutputContent(bytes)) }

    /// Writes what comes in pieces.
    package func write(_ content: OutputContent) throws(OutputError) {
        switch try destination() {
        case .descriptor(let descriptor):
            try content.fill(descriptor, reportedAs: path)
        case .special:
            let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
            guard descriptor >= 0 else { throw .system("open it", path: path) }
            try content.fillAndClose(descriptor, reportedAs: path)
        case .file(let target):
            try write(content, to: target)
        }
    }

    private enum Destination {
        case descriptor(Int32)
        case special
        case file(OutputTarget)
    }

    private func destination() throws(OutputError) -> Destination {
        if let descriptor = Self.openDescriptor(path) { return .descriptor(descriptor) }
        let target = try OutputTarget(path, force: force, reportedAs: path)
        switch target.kind {
        case .special: return .special
        case .folder: throw OutputError(path: path, reason: .isFolder)
        case .file, .nothing: return .file(target)
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

    private func write(_ content: OutputContent, to target: OutputTarget) throws(OutputError) {
        FileSystem.removeAbandonedFiles(in: FileSystem.split(target.path).folder)
        // The name itself is what a file system refuses when it is too long; the hidden name would not be.
        let unfinished = try UnfinishedFile(beside: target.path, attributes: target.attributes, reportedAs: path)
        do throws(OutputError) {
            try unfinished.fill(content)
            try unfinished.finish(as: target.path, replacing: force)
        } catch {
            unfinished.discard()
            throw error
        }
    }
}
