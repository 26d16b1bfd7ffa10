import Files
import Foundation

/// The folder of a training command: its results, and while it is not complete a hidden folder with all that is needed to go on.
///
/// Everything is looked at before there is work: a folder that is opened can be resumed, and nothing in it will be replaced that
/// these runs did not write, unless that was asked for.
///
/// Processes of their own may make shares of the runs, each in a hidden folder in it (``TrainingShards``): the command that resumes takes
/// the runs from there.
public final class TrainingFolder {
    /// Where the results go; it holds the folder's lock.
    public let output: OutputFolder
    private let options: [String: String]
    private let work: WorkFolder?
    /// Whether resuming was asked for, and whether there is something of its own to go on with.
    private let takesUp, resumes: Bool
    private let shards: TrainingShards
    /// What was there before and is not of these runs.
    private let foreign: Set<String>

    private static let optionsFile = "options.json"
    private static let filesFile = "files.json"

    /// Opens a folder for runs of these options.
    ///
    /// - Parameters:
    ///   - shard: the share of the runs that this process makes; nil for all, and those that shares have are taken from them.
    ///   - options: all that decides the runs' numbers, by the options' names.
    ///   - resumes: whether to go on with what is there.
    ///   - force: whether files may be replaced, and without `resumes` unfinished runs.
    ///   - results: tables that a complete folder has.
    /// - Returns: nil where the folder is complete already, and resuming was asked for.
    /// - Throws: `ResumeError` or `OutputError`.
    public static func open(
        _ path: String, shard: Shard? = nil, options: [String: String], resumes: Bool, force: Bool, results: [String]
    ) throws -> TrainingFolder? {
        let existing = try WorkFolder.existing(in: path)
        let shardNames = TrainingShards.names(in: path)
        if shard == nil, existing != nil || !shardNames.isEmpty, !resumes, !force {
            // Where another process is at work there is nothing to resume yet.
            if existing != nil { _ = try FolderLock(folder: path) }
            _ = try TrainingShards(in: path)
            throw ResumeError.unfinished(path: path)
        }
        if resumes || shard != nil, existing == nil, !visibleNames(path).isEmpty {
            do {
                if try isComplete(path, options: options, results: results) {
                    OutputFolder.removeAbandoned(in: path)
                    if shard == nil { try TrainingShards(in: path).remove() }
                    return nil
                }
            } catch let error as OutputError {
                if !force { throw error }
            }
        }
        if let shard {
            let own = FileSystem.join(path, TrainingShards.name(shard))
            return try open(own, options: options, resumes: resumes, force: force, results: results)
        }
        // The lock comes with the folder: from here on no other process changes it.
        let output = try OutputFolder(path: path, force: force || (resumes && existing != nil), resumed: Set(shardNames))
        let shards = try TrainingShards(in: path)
        if resumes { for work in shards.workFolders where try !work.names().isEmpty { try requireSame(options, as: savedOptions(work), in: work.path) } }
        guard resumes, let work = try WorkFolder.existing(in: path) else {
            return TrainingFolder(
                output, options, work: try WorkFolder.existing(in: path), takesUp: resumes, resumes: false, shards: shards, foreign: visibleNames(path))
        }
        // An interrupt may have come before anything was saved.
        let hasBegun = try !work.names().isEmpty
        if hasBegun { try requireSame(options, as: savedOptions(work), in: path) }
        let own = try savedFiles(work)
        let foreign = visibleNames(path).subtracting(own.keys)
        if !force {
            if let name = foreign.min() { throw ResumeError.foreignFile(path: FileSystem.join(path, name)) }
            for (name, digest) in own.sorted(by: { $0.key < $1.key }) {
                if let now = Self.digest(FileSystem.join(path, name)), now != digest { throw ResumeError.changedFile(path: FileSystem.join(path, name)) }
            }
        }
        return TrainingFolder(output, options, work: work, takesUp: true, resumes: hasBegun, shards: shards, foreign: foreign)
    }

    private init(
        _ output: OutputFolder, _ options: [String: String], work: WorkFolder?, takesUp: Bool, resumes: Bool, shards: TrainingShards, foreign: Set<String>
    ) {
        self.output = output
        self.options = options
        self.work = work
        self.takesUp = takesUp
        self.resumes = resumes
        self.shards = shards
        self.foreign = foreign
    }

    /// The saved runs, each of which is read once, so that nothing is trained beside one that cannot be used.
    public func checkpoints(for runs: [LabelledRun]) throws -> Checkpoints {
        if !resumes { try work?.remove() }
        if !takesUp { try shards.remove() }
        let folder = try WorkFolder(in: output.path)
        let checkpoints = Checkpoints(folder: folder, shards: takesUp ? shards.workFolders : [])
        if !resumes { try folder.write(Self.encoded(options), as: Self.optionsFile) }
        if takesUp { for run in runs { _ = try checkpoints.load(run) } }
        return checkpoints
    }

    /// Notes which files the runs have put into the folder: these a resumed command may replace.
    public func noteFiles() throws {
        var files: [String: String] = [:]
        for name in Self.visibleNames(output.path).subtracting(foreign) { files[name] = Self.digest(FileSystem.join(output.path, name)) }
        try WorkFolder(in: output.path).write(Self.encoded(files), as: Self.filesFile)
    }

    /// Removes the hidden folder and the shares: everything is in place.
    public func finish() throws {
        try WorkFolder.existing(in: output.path)?.remove()
        try shards.remove()
    }

    /// Ends the work on a share: its runs stay in the hidden folder.
    public func leave() { output.discard() }

    /// Whether the folder has the complete results of these options.
    /// - Throws: `ResumeError` where they are of other options; `OutputError` where it holds anything else.
    private static func isComplete(_ path: String, options: [String: String], results: [String]) throws -> Bool {
        struct Record: Decodable {
            struct Parameters: Decodable {
                let options: [String: String]
                let unfinishedRuns: Int
            }
            let program: String
            let parameters: Parameters
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let names = visibleNames(path)
        guard let data = FileManager.default.contents(atPath: FileSystem.join(path, "run.json")),
            let record = try? decoder.decode(Record.self, from: data), record.program == "varlab"
        else { throw OutputError(path: path, reason: .notEmpty(entry: names.min()!)) }
        try requireSame(options, as: record.parameters.options, in: path)
        guard record.parameters.unfinishedRuns == 0, names.isSuperset(of: results) else {
            throw OutputError(path: path, reason: .notEmpty(entry: "run.json"))
        }
        return true
    }

    private static func requireSame(_ here: [String: String], as there: [String: String], in path: String) throws(ResumeError) {
        let differences = Set(here.keys).union(there.keys).sorted().filter { here[$0] != there[$0] }
        guard differences.isEmpty else {
            throw .otherOptions(path: path, differences.map { SettingDifference(name: shown($0), there: there[$0], here: here[$0]) })
        }
    }

    /// An option as it is typed; what is no option as it is.
    private static func shown(_ name: String) -> String {
        TrainExperiment.recordedFacts.contains(name) ? name : "--\(name)"
    }

    private static func savedOptions(_ work: WorkFolder) throws -> [String: String] {
        try dictionary(optionsFile, of: work) ?? { throw ResumeError.unreadable(path: FileSystem.join(work.path, optionsFile)) }()
    }

    private static func savedFiles(_ work: WorkFolder) throws -> [String: String] { try dictionary(filesFile, of: work) ?? [:] }

    private static func dictionary(_ name: String, of work: WorkFolder) throws -> [String: String]? {
        guard let bytes = try work.read(name) else { return nil }
        guard let value = try? JSONDecoder().decode([String: String].self, from: Data(bytes)) else {
            throw ResumeError.unreadable(path: FileSystem.join(work.path, name))
        }
        return value
    }

    private static func encoded(_ value: [String: String]) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value))
    }

    /// Results are never hidden.
    private static func visibleNames(_ path: String) -> Set<String> {
        Set(((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { !$0.hasPrefix(".") })
    }

    private static func digest(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map {
            let hash = SHA256()
            hash.update([UInt8]($0))
            return hash.hexadecimal()
        }
    }

}
