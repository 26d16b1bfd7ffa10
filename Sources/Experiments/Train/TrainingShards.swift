import Files
import Foundation

/// The shares of a training command's runs that processes of their own have made: each in a hidden folder beside the results, with a work
/// folder in it as every training command has one.
///
/// They are locked as long as this lives, so that nobody adds to them.
struct TrainingShards {
    private struct Folder {
        let path: String
        let lock: FolderLock
        let work: WorkFolder?
    }

    private let shards: [Folder]

    private static let prefix = ".varlab-shard-", separator = "-of-"

    /// The name of a share's folder.
    static func name(_ shard: Shard) -> String { "\(prefix)\(shard.number)\(separator)\(shard.count)" }

    /// The names of all that are there, sorted.
    static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter(isName).sorted()
    }

    private static func isName(_ name: String) -> Bool {
        guard name.hasPrefix(prefix) else { return false }
        let numbers = name.dropFirst(prefix.count).components(separatedBy: separator).map { Int($0) }
        guard numbers.count == 2, let number = numbers[0], let count = numbers[1], let shard = try? Shard(number, of: count) else { return false }
        return name == Self.name(shard)
    }

    /// Takes all that are in a folder.
    /// - Throws: `OutputError` with the reason `inUse` where a process is at work on one, `notOwn` for one that is somebody else's.
    init(in folder: String) throws(OutputError) {
        var shards: [Folder] = []
        for name in Self.names(in: folder) {
            let path = FileSystem.join(folder, name)
            OutputFolder.removeAbandoned(in: path)
            let work = try WorkFolder.existing(in: path)
            shards.append(Folder(path: path, lock: try FolderLock(folder: path), work: work))
        }
        self.shards = shards
    }

    /// Those in which something was saved.
    var workFolders: [WorkFolder] { shards.compactMap(\.work) }

    /// Removes them; what this program did not write stays.
    func remove() throws(OutputError) {
        for shard in shards {
            try shard.work?.remove()
            shard.lock.release()
            rmdir(shard.path)
        }
    }
}
