import Errors
import Files
import Foundation

/// A run as far as it got.
struct SavedRun: Codable, Sendable {
    let run: LabelledRun
    let result: RunResult
    /// The bytes of the training run's own checkpoint; nil once the run is complete.
    let checkpoint: Data?
}

/// Where runs save themselves while a training command is at work, so that it can be resumed: one file for each run in the work
/// folder, which begins with the SHA-256 of what follows.
public struct Checkpoints: Sendable {
    private let folder: WorkFolder
    /// Where other processes have saved runs of the same command.
    private let shards: [WorkFolder]
    /// The marker of the folder names its files, and runs save themselves at the same time.
    private static let writing = DispatchQueue(label: "varlab.checkpoints")

    init(folder: WorkFolder, shards: [WorkFolder] = []) { (self.folder, self.shards) = (folder, shards) }

    private static func name(_ run: LabelledRun) -> String { run.fileName + ".checkpoint" }

    /// The run as it was saved, and the file; nil where it was not. One that is complete comes before one that is not.
    /// - Throws: `ResumeError` for a file that is not a checkpoint of this run, whole and unchanged; `OutputError` for one that
    ///   cannot be opened.
    func load(_ run: LabelledRun) throws -> (run: SavedRun, path: String)? {
        let saved = try ([folder] + shards).compactMap { try load(run, in: $0) }
        return saved.first { $0.run.checkpoint == nil } ?? saved.first
    }

    private func load(_ run: LabelledRun, in folder: WorkFolder) throws -> (run: SavedRun, path: String)? {
        guard let bytes = try folder.read(Self.name(run)) else { return nil }
        let path = FileSystem.join(folder.path, Self.name(run))
        guard bytes.count > Self.digestLength,
            Self.digest(bytes[Self.digestLength...]) == Array(bytes[..<Self.digestLength]),
            let saved = try? PropertyListDecoder().decode(SavedRun.self, from: Data(bytes[Self.digestLength...])),
            saved.run == run
        else { throw ResumeError.unreadable(path: path) }
        return (saved, path)
    }

    /// Replaces what was saved of the run, whole or not at all.
    func save(_ run: LabelledRun, _ result: RunResult, checkpoint: Data?) throws {
        let data = try PropertyListEncoder.binary.encode(SavedRun(run: run, result: result, checkpoint: checkpoint))
        let bytes = [UInt8](data)
        try Self.writing.sync { try folder.write(Self.digest(bytes[...]) + bytes, as: Self.name(run)) }
    }

    private static let digestLength = 64

    private static func digest(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let hash = SHA256()
        bytes.withUnsafeBytes { hash.update($0) }
        return Array(hash.hexadecimal().utf8)
    }
}

/// Why a training command does not go on in a folder. Nothing was changed there.
public enum ResumeError: ReportedError, Equatable {
    /// The folder's runs are of other options.
    case otherOptions(path: String, [SettingDifference])
    /// The folder has runs that are not finished, and neither resuming nor replacing them was asked for.
    case unfinished(path: String)
    /// A file in the folder that the runs would replace and that they did not write.
    case foreignFile(path: String)
    /// A file that the runs wrote and that is not as they left it.
    case changedFile(path: String)
    /// A file of the hidden folder that is not what was written there.
    case unreadable(path: String)

    public var exitClass: ExitClass {
        switch self {
        case .otherOptions: .usage
        case .unfinished, .foreignFile, .changedFile: .cannotCreate
        case .unreadable: .data
        }
    }

    public var description: String {
        switch self {
        case .otherOptions(let path, let differences):
            return "--resume: \(path) has runs of other options: \(SettingDifference.text(differences))"
        case .unfinished(let path):
            return "\(path): has runs that are not finished; --resume goes on with them, --force starts anew"
        case .foreignFile(let path):
            return "\(path): was not written by the runs to be resumed; move it away, or replace files of the same names by --force"
        case .changedFile(let path):
            return "\(path): was changed since the runs wrote it; move it away, or replace it by --force"
        case .unreadable(let path):
            return "\(path): is not the checkpoint that was written; without --resume, --force starts anew"
        }
    }
}
