import Foundation

/// A file in which a long piece of work saves itself again and again, so that a kill at any moment leaves one that is whole, and the one
/// before it as ``previousPath``.
///
/// One process at a time has the folder around it (``FolderLock``), or several processes of one run, the first of which has it. Each writing goes to a hidden file, which comes to the disk, the file
/// that is there gets the second name, and the new one its name.
public final class SavedFile: Sendable {
    public let path: String
    private let lock: FolderLock?
    private let keepsPrevious: Bool

    public var previousPath: String { path + ".previous" }

    /// Takes the folder for this process, and creates it and those above it where they are missing.
    /// - Precondition: `name` is a plain name, without a slash.
    /// - Throws: `OutputError`: `inUse` where another process has the folder, or the system's reason.
    public init(_ name: String, in folder: String) throws(OutputError) {
        precondition(FileSystem.isPlainName(name), "not a plain name: \(name)")
        try OutputTarget.check(folder, reportedAs: folder)
        for path in OutputFolder.prefixes(of: folder) { _ = try OutputFolder.create(path, reportedAs: folder) }
        path = FileSystem.join(folder, name)
        lock = try FolderLock(folder: folder)
        keepsPrevious = true
        FileSystem.removeAbandonedFiles(in: folder)
    }

    /// A file of its own for a process of a run, in a folder that another process of the run has; it keeps none before it.
    ///
    /// It touches no other file: where locks end at a host, as on some parallel file systems, the unfinished files of other processes look
    /// abandoned.
    public init(_ name: String, inFolderOfRun folder: String) {
        precondition(FileSystem.isPlainName(name), "not a plain name: \(name)")
        path = FileSystem.join(folder, name)
        lock = nil
        keepsPrevious = false
    }

    /// Whether the file, or the one before it, is there.
    public var exists: Bool { FileSystem.nameIsTaken(path) || FileSystem.nameIsTaken(previousPath) }

    /// Writes the file so that it outlasts a loss of power. On an error what was there before is still there.
    package func write(_ content: OutputContent) throws(OutputError) {
        let unfinished = try UnfinishedFile(beside: path, attributes: nil, reportedAs: path)
        do throws(OutputError) {
            try unfinished.fill(content)
            if keepsPrevious { try keepPrevious() }
            try unfinished.finish(as: path, replacing: true)
        } catch {
            unfinished.discard()
            throw error
        }
    }

    /// Gives the file that is there its second name; a file system without second names has none.
    private func keepPrevious() throws(OutputError) {
        guard FileSystem.nameIsTaken(path) else { return }
        guard unlink(previousPath) == 0 || errno == ENOENT else { throw .system("replace it", path: previousPath) }
        guard link(path, previousPath) == 0 || [EPERM, ENOTSUP, ENOSYS, EMLINK].contains(errno) else {
            throw .system("keep the one before", path: previousPath)
        }
    }

    /// Puts the file before in the place of one that is of no use, so that it is not what the next writing replaces.
    public func restorePrevious() throws(OutputError) {
        try FileSystem.place(previousPath, at: path, replacing: true, reportedAs: path)
    }

    /// Removes both files.
    public func remove() throws(OutputError) {
        for path in [path, previousPath] where unlink(path) != 0 && errno != ENOENT { throw .system("remove it", path: path) }
    }

    /// Lets another process have the folder.
    public func release() { lock?.release() }
}
