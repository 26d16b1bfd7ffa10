import Foundation
import Synchronization

/// A folder of results that appears whole or not at all.
///
/// Files are written to a hidden folder inside, and ``commit()`` renames them into place. Until then, and after an error
/// or an interrupt (``installInterruptHandler()``), nothing is left behind: not even the folder, where it was created for
/// the purpose. With `force` a folder that is not empty is taken; files of the same name are replaced, as an ``OutputFile``
/// replaces one, and others stay.
///
/// One process at a time has a folder (``FolderLock``). What a killed one has left in it is removed by the next.
public final class OutputFolder: Sendable {
    public let path: String
    public let force: Bool
    /// The hidden folder that files are written to, by ``write(_:as:)`` or by programs. It holds plain files only.
    public let stagingPath: String
    /// Files that an earlier process may have put in place.
    private let resumed: Set<String>
    private let createdFolders: [String]
    private let lock: FolderLock
    private let isOpen = Mutex(true)

    /// Creates the folder and those above it where they are missing, and makes sure that it can be written to.
    /// - Parameters:
    ///   - path: of the folder.
    ///   - force: whether files may be replaced.
    ///   - resumed: files of these names may be there, put in place by a process that was killed over it: at the end one with the bytes that
    ///     it is to have counts as written, and any other one is refused as ever.
    /// - Throws: `OutputError`: `inUse` where another process has the folder, `notEmpty`, `isNotFolder`, `emptyPath`, `notOwn`,
    ///   or the system's reason.
    public init(path: String, force: Bool = false, resumed: Set<String> = []) throws(OutputError) {
        self.path = path
        self.force = force
        try OutputTarget.check(path, reportedAs: path)
        if path == OutputFile.standardOutput { throw OutputError(path: path, reason: .isNotFolder) }
        let staging = FileSystem.join(path, FileSystem.unfinishedName())
        stagingPath = staging
        self.resumed = resumed
        (createdFolders, lock) = try TemporaryPaths.registry.withLock { registry throws(OutputError) in
            try Self.create(path: path, force: force, resumed: resumed, staging: staging, in: &registry)
        }
    }

    deinit { discard() }

    /// Removes what a process that was killed has left in a complete folder. One that another process has, or that cannot be written to,
    /// stays as it is.
    public static func removeAbandoned(in path: String) {
        guard let names = try? FileSystem.entries(of: path, reportedAs: path),
            names.contains(where: { $0 == FolderLock.fileName || FileSystem.isUnfinishedName($0) })
        else { return }
        TemporaryPaths.registry.withLock { registry in
            guard let lock = try? FolderLock(folder: path, in: &registry) else { return }
            removeAbandoned(in: path, with: lock)
            lock.release(&registry)
        }
    }

    private static func removeAbandoned(in path: String, with lock: FolderLock) {
        if lock.isExclusive { FileSystem.removeAbandonedFolders(in: path) }
        FileSystem.removeAbandonedFiles(in: path)
    }

    private static func create(
        path: String, force: Bool, resumed: Set<String>, staging: String, in registry: inout TemporaryPaths.Registry
    ) throws(OutputError) -> (createdFolders: [String], FolderLock) {
        var created: [String] = []
        var held: FolderLock?
        do throws(OutputError) {
            for folder in prefixes(of: path) where try create(folder, reportedAs: path) { created.append(folder) }
            // Unfinished work may be that of a process that is at it.
            try refuseForeignEntries(of: path, but: resumed.union([WorkFolder.name]), force: force)
            let lock = try FolderLock(folder: path, in: &registry)
            held = lock
            // Once more: another process may have finished meanwhile.
            try refuseForeignEntries(of: path, but: resumed, force: force)
            removeAbandoned(in: path, with: lock)
            guard mkdir(staging, 0o777) == 0 else { throw .system("write to the folder", path: path) }
            registry.unfinished.insert(staging)
            let marker = FileSystem.join(staging, FileSystem.unfinishedMarker)
            try FileSystem.close(try FileSystem.create(marker, permissions: 0o666, reportedAs: path), reportedAs: path)
            registry.createdFolders += created
            return (created, lock)
        } catch {
            registry.discard(staging)
            held?.release(&registry)
            for folder in created.reversed() { rmdir(folder) }
            throw error
        }
    }

    /// Makes a folder unless there is one. Returns whether it did.
    static func create(_ folder: String, reportedAs path: String) throws(OutputError) -> Bool {
        switch try OutputTarget.kind(of: folder, reportedAs: path) {
        case .folder: return false
        case .file, .special: throw OutputError(path: folder, reason: .isNotFolder)
        case .nothing: break
        }
        if mkdir(folder, 0o777) == 0 { return true }
        guard errno == EEXIST else { throw .system("create the folder", path: folder) }
        // Another process was faster, or it is a symbolic link to nothing.
        guard try OutputTarget.kind(of: folder, reportedAs: path) == .folder else {
            throw OutputError(path: folder, reason: .isNotFolder)
        }
        return false
    }

    /// Without `force` only what this program leaves when it is killed may be in the folder.
    private static func refuseForeignEntries(of path: String, but own: Set<String>, force: Bool) throws(OutputError) {
        guard !force else { return }
        let foreign = try FileSystem.entries(of: path, reportedAs: path).first {
            $0 != FolderLock.fileName && !own.contains($0) && !FileSystem.isUnfinishedName($0)
        }
        if let foreign { throw OutputError(path: path, reason: .notEmpty(entry: foreign)) }
    }

    /// `a/b/c` as `a`, `a/b`, `a/b/c`.
    static func prefixes(of path: String) -> [String] {
        var prefixes: [String] = []
        for (index, part) in path.split(separator: "/").enumerated() {
            let parent = index == 0 ? (path.hasPrefix("/") ? "/" : "") : prefixes[index - 1] + "/"
            prefixes.append(parent + part)
        }
        return prefixes
    }

    /// Writes a file that ``commit()`` will put in place; one of the same name written before is replaced.
    /// - Precondition: `name` is a plain name, without a slash.
    public func write(_ bytes: [UInt8], as name: String) throws(OutputError) {
        try write(OutputContent(bytes), as: name)
    }

    /// Opens a file that is written piece by piece and that ``commit()`` will put in place.
    /// - Precondition: `name` is a plain name, without a slash.
    public func stage(_ name: String) throws(OutputError) -> StagedFile {
        StagedFile(descriptor: try create(name), path: FileSystem.join(path, name))
    }

    package func write(_ content: OutputContent, as name: String) throws(OutputError) {
        try content.fillAndClose(create(name), reportedAs: FileSystem.join(path, name))
    }

    private func create(_ name: String) throws(OutputError) -> Int32 {
        precondition(FileSystem.isPlainName(name) && name != FileSystem.unfinishedMarker, "not a plain name: \(name)")
        precondition(isOpen.withLock { $0 }, "the folder is committed or discarded")
        let staged = FileSystem.join(stagingPath, name)
        unlink(staged)
        return try FileSystem.create(staged, permissions: 0o666, reportedAs: FileSystem.join(path, name))
    }

    /// Puts all files in place. On an error what was there before is restored, and the staged files are discarded.
    public func commit() throws(OutputError) {
        let wasOpen = isOpen.withLock { open in
            defer { open = false }
            return open
        }
        precondition(wasOpen, "the folder is committed or discarded")
        do throws(OutputError) {
            let placement = try FolderPlacement(of: stagingPath, in: path, force: force, skipsEqual: !resumed.isEmpty)
            // One critical section: an interrupt waits for these few renames.
            let failure = TemporaryPaths.registry.withLock { registry -> OutputError? in
                defer { leave(&registry) }
                do throws(OutputError) { try placement.run() } catch { return error }
                return nil
            }
            placement.discardCopies()
            if let failure { throw failure }
            for folder in createdFolders {
                try FileSystem.synchronize(folder: FileSystem.split(folder).folder, reportedAs: folder)
            }
        } catch {
            TemporaryPaths.registry.withLock { leave(&$0) }
            throw error
        }
    }

    /// Removes the staged files, and the folders that were created if they are empty. Does nothing after ``commit()``.
    public func discard() {
        let wasOpen = isOpen.withLock { open in
            defer { open = false }
            return open
        }
        if wasOpen { TemporaryPaths.registry.withLock { leave(&$0) } }
    }

    private func leave(_ registry: inout TemporaryPaths.Registry) {
        registry.discard(stagingPath)
        lock.release(&registry)
        for folder in createdFolders.reversed() {
            rmdir(folder)
            registry.createdFolders.removeAll { $0 == folder }
        }
    }
}
