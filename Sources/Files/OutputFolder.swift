import Foundation
import Synchronization

/// A folder of results that appears whole or not at all.
///
/// Files are written to a hidden folder inside, and ``commit()`` renames them into place. Until then, and after an error
/// or an interrupt (``installInterruptHandler()``), nothing is left behind: not even the folder, where it was created for
/// the purpose. With `force` a folder that is not empty is taken; files of the same name are replaced, others stay.
public final class OutputFolder: Sendable {
    public let path: String
    public let force: Bool
    /// The hidden folder that files are written to, by ``write(_:as:)`` or by programs. It holds plain files only.
    public let stagingPath: String
    private let createdFolders: [String]
    private let lock: FolderLock
    private let isOpen = Mutex(true)

    /// Creates the folder and those above it where they are missing, and makes sure that it can be written to.
    public init(path: String, force: Bool = false) throws(OutputError) {
        self.path = path
        self.force = force
        let staging = FileSystem.join(path, FileSystem.unfinishedName())
        stagingPath = staging
        (createdFolders, lock) = try TemporaryPaths.registry.withLock { registry throws(OutputError) in
            try Self.create(path: path, force: force, staging: staging, in: &registry)
        }
    }

    deinit { discard() }

    private static func create(
        path: String, force: Bool, staging: String, in registry: inout TemporaryPaths.Registry
    ) throws(OutputError) -> (createdFolders: [String], FolderLock) {
        if try FileSystem.kind(of: path, reportedAs: path) == .folder {
            if !force, let entry = try FileSystem.entries(of: path, reportedAs: path).first(where: { !isOwnName($0) }) {
                throw OutputError(path: path, reason: .notEmpty(entry: entry))
            }
        }
        var created: [String] = []
        var held: FolderLock?
        do throws(OutputError) {
            for folder in Self.prefixes(of: path) {
                switch try FileSystem.kind(of: folder, reportedAs: path) {
                case .folder: continue
                case .file, .special: throw OutputError(path: folder, reason: .isNotFolder)
                case .nothing:
                    guard mkdir(folder, 0o777) == 0 else {
                        if errno == EEXIST { continue }
                        throw .system("create the folder", path: folder)
                    }
                    created.append(folder)
                }
            }
            let lock = try FolderLock(folder: path, in: &registry)
            held = lock
            guard mkdir(staging, 0o777) == 0 else { throw .system("write to the folder", path: path) }
            registry.unfinished.insert(staging)
            registry.createdFolders += created
            return (created, lock)
        } catch {
            held?.release(&registry)
            for folder in created.reversed() { rmdir(folder) }
            throw error
        }
    }

    /// Whether something of that name in the folder is this program's, and of no account.
    private static func isOwnName(_ name: String) -> Bool { name == FolderLock.fileName || FileSystem.isUnfinishedName(name) }

    /// `a/b/c` as `a`, `a/b`, `a/b/c`.
    private static func prefixes(of path: String) -> [String] {
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
        StagedFile(descriptor: try create(name), path: finalPath(name))
    }

    package func write(_ content: OutputContent, as name: String) throws(OutputError) {
        try content.fill(create(name), reportedAs: finalPath(name))
    }

    private func create(_ name: String) throws(OutputError) -> Int32 {
        precondition(!name.isEmpty && !name.contains("/") && name != "." && name != "..", "not a plain name: \(name)")
        precondition(isOpen.withLock { $0 }, "the folder is committed or discarded")
        let staged = stagingPath + "/" + name
        unlink(staged)
        return try FileSystem.create(staged, permissions: 0o666, reportedAs: finalPath(name))
    }

    /// Puts all files in place. On an error what was there before is restored, and the staged files are discarded.
    public func commit() throws(OutputError) {
        let wasOpen = isOpen.withLock { open in
            defer { open = false }
            return open
        }
        precondition(wasOpen, "the folder is committed or discarded")
        // One critical section: an interrupt waits for these few renames.
        try TemporaryPaths.registry.withLock { registry throws(OutputError) in
            defer { leave(&registry) }
            var undo: [(name: String, backup: String?)] = []
            do throws(OutputError) {
                let names = try FileSystem.entries(of: stagingPath, reportedAs: path)
                for name in names {
                    if try FileSystem.kind(of: finalPath(name), reportedAs: finalPath(name)) == .folder {
                        throw OutputError(path: finalPath(name), reason: .isFolder)
                    }
                }
                for name in names {
                    let backup = force ? try keepExisting(name) : nil
                    do throws(OutputError) {
                        try FileSystem.place(
                            stagingPath + "/" + name, at: finalPath(name), replacing: force, reportedAs: finalPath(name))
                    } catch {
                        if let backup { rename(backup, finalPath(name)) }
                        throw error
                    }
                    undo.append((name, backup))
                }
            } catch {
                for step in undo.reversed() {
                    if let backup = step.backup {
                        rename(backup, finalPath(step.name))
                    } else {
                        unlink(finalPath(step.name))
                    }
                }
                throw error
            }
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

    private func finalPath(_ name: String) -> String { FileSystem.join(path, name) }

    /// A second name for the file that is about to be replaced, in the staging folder, or `nil` when there is none.
    private func keepExisting(_ name: String) throws(OutputError) -> String? {
        guard FileSystem.nameIsTaken(finalPath(name)) else { return nil }
        let backup = stagingPath + "/" + FileSystem.unfinishedName()
        if link(finalPath(name), backup) != 0, rename(finalPath(name), backup) != 0 {
            throw .system("replace it", path: finalPath(name))
        }
        return backup
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
