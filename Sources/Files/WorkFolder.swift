import Foundation

/// The hidden folder `.varlab` in a folder of results, where a command keeps what it needs to go on after an interrupt.
///
/// A marker in it says who made it and which files this program wrote there, each noted before it is written: only those
/// are ever replaced or removed. A folder of that name without the marker is somebody else's, and refused.
///
/// One process at a time works in it: the one that has the ``FolderLock`` of the folder around it, as every
/// ``OutputFolder`` has.
public struct WorkFolder: Sendable, Equatable {
    public static let name = ".varlab"
    static let markerName = "MADE-BY-VARLAB"
    static let markerText = "varlab keeps unfinished work in this folder, and removes the files named below when it is done."

    /// The hidden folder.
    public let path: String

    private init(path: String) { self.path = path }

    /// Opens the hidden folder in `folder`, which exists; makes it where it is missing.
    /// - Throws: `OutputError` with the reason `notOwn` for a folder without the marker, or the system's reason.
    public init(in folder: String) throws(OutputError) {
        path = FileSystem.join(folder, Self.name)
        if try isMarked() { return }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .system("create the folder", path: path) }
        try record([])
    }

    /// The hidden folder in `folder`, or nil where there is none.
    /// - Throws: as ``init(in:)``.
    public static func existing(in folder: String) throws(OutputError) -> WorkFolder? {
        let candidate = WorkFolder(path: FileSystem.join(folder, name))
        return try candidate.isMarked() ? candidate : nil
    }

    /// The files that this program wrote and that are still there, sorted.
    public func names() throws(OutputError) -> [String] {
        try recorded().filter { FileSystem.nameIsTaken(member($0)) }.sorted()
    }

    /// The content of a file; nil where there is none of that name.
    /// - Precondition: `name` is a plain name, without a slash.
    public func read(_ name: String) throws(OutputError) -> [UInt8]? {
        precondition(Self.isMemberName(name), "not a plain name: \(name)")
        return try FileSystem.contents(of: member(name))
    }

    /// Writes a file, whole or not at all, so that it outlasts a loss of power; replaces what this program wrote of that name.
    /// - Precondition: `name` is a plain name, without a slash.
    /// - Throws: `OutputError` with the reason `notOwn` for a file that this program did not write, or the system's reason.
    public func write(_ bytes: [UInt8], as name: String) throws(OutputError) {
        precondition(Self.isMemberName(name), "not a plain name: \(name)")
        let recorded = try recorded()
        let isRecorded = recorded.contains(name)
        switch FileSystem.type(of: member(name)) {
        case nil: break
        case S_IFREG where isRecorded: break
        default: throw OutputError(path: member(name), reason: .notOwn)
        }
        if !isRecorded { try record(recorded + [name]) }
        try OutputFile(path: member(name), force: true).write(bytes)
    }

    /// Removes a file that this program wrote, if it is there; another one stays.
    public func remove(_ name: String) throws(OutputError) {
        guard try recorded().contains(name) else { return }
        guard unlink(member(name)) == 0 || errno == ENOENT else { throw .system("remove it", path: member(name)) }
    }

    /// Removes all files that this program wrote, and the folder if nothing else is in it. Does nothing where it has gone.
    public func remove() throws(OutputError) {
        guard try isMarked() else { return }
        for name in try recorded() { try remove(name) }
        for name in try FileSystem.entries(of: path, reportedAs: path) where FileSystem.isUnfinishedName(name) {
            unlink(member(name))
        }
        // The marker last: what an interrupt leaves is still known to be this program's.
        guard try FileSystem.entries(of: path, reportedAs: path) == [Self.markerName] else { return try record([]) }
        unlink(member(Self.markerName))
        guard rmdir(path) == 0 || errno == ENOTEMPTY || errno == EEXIST else { throw .system("remove the folder", path: path) }
    }

    private func member(_ name: String) -> String { path + "/" + name }

    private static func isMemberName(_ name: String) -> Bool {
        FileSystem.isPlainName(name) && name != markerName && !FileSystem.isUnfinishedName(name)
            && !name.contains(where: \.isNewline)
    }

    /// Whether there is such a folder, with the marker; an interrupt may have come before it, and left an empty folder.
    private func isMarked() throws(OutputError) -> Bool {
        switch FileSystem.type(of: path) {
        case nil: return false
        case S_IFDIR: break
        default: throw OutputError(path: path, reason: .notOwn)
        }
        if try lines().first == Self.markerText { return true }
        guard try FileSystem.entries(of: path, reportedAs: path).allSatisfy(FileSystem.isUnfinishedName) else {
            throw OutputError(path: path, reason: .notOwn)
        }
        return false
    }

    /// The lines of the marker; none without one.
    private func lines() throws(OutputError) -> [String] {
        let bytes = try FileSystem.contents(of: member(Self.markerName)) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func recorded() throws(OutputError) -> [String] { try lines().dropFirst().filter(Self.isMemberName) }

    private func record(_ names: [String]) throws(OutputError) {
        let text = ([Self.markerText] + names).map { $0 + "\n" }.joined()
        try OutputFile(path: member(Self.markerName), force: true).write(Array(text.utf8))
    }
}
