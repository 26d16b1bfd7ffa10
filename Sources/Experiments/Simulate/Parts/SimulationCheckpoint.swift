import Errors
import Files
import Foundation
import Simulation

/// Where a simulation saves itself: `checkpoint.part` in a folder, for a shard in a folder of its own inside, and the one before it as
/// `checkpoint.part.previous`. Both are ``PartFile``s.
public struct SimulationCheckpoint: Sendable {
    private let file: SavedFile
    private let generations: RankGenerations
    private let simulation: PartwiseSimulation
    private let share: SimulationShare
    private let provenance: Provenance

    /// Where it is.
    public var path: String { file.path }

    static let fileName = "checkpoint.part"

    /// Opens the folder, and makes it where it is missing.
    /// - Parameters:
    ///   - folder: as the user named it.
    ///   - shard: whose checkpoint; nil for the whole run's.
    ///   - simulation: which run.
    ///   - resumes: whether to go on with what is there; else it must be empty.
    ///   - force: whether to remove what is there, without `resumes`.
    ///   - provenance: of this program.
    /// - Throws: `OutputError`; ``CheckpointError/exists(path:)``.
    public init(
        in folder: String, shard: Shard?, of simulation: PartwiseSimulation, resumes: Bool, force: Bool, provenance: Provenance
    ) throws {
        let place = Self.place(folder, shard: shard)
        file = try SavedFile(Self.fileName, in: place)
        generations = RankGenerations(folder: place)
        self.simulation = simulation
        self.provenance = provenance
        share = shard?.share(of: simulation.simulation) ?? simulation.simulation.wholeShare
        guard !resumes, file.exists || !generations.names.isEmpty else { return }
        guard force else { throw CheckpointError.exists(path: file.exists ? file.path : place) }
        try file.remove()
        generations.removeOlder(than: .max)
    }

    /// A shard has a folder of its own inside.
    static func place(_ folder: String, shard: Shard?) -> String {
        shard.map { FileSystem.join(folder, "shard-\($0.number)-of-\($0.count)") } ?? folder
    }

    /// What was saved; an empty state where there is nothing.
    /// - Parameter warn: told in a line of a checkpoint that is of no use.
    /// - Throws: `InputError` where neither the newest nor the one before can be used; ``CheckpointError``, ``PartError`` for one of another
    ///   run, which is left as it is.
    public func load(warn: (String) -> Void) throws -> PartwiseSimulation.State {
        let own = try loadOwn(warn: warn)
        // A run by several ranks takes over what one process has saved, and the other way round. A kill between leaves both; one has all.
        guard let others = try generations.load(load, warn: warn) else { return own }
        return others.share.subtracting(own.share).isEmpty ? own : others
    }

    private func loadOwn(warn: (String) -> Void) throws -> PartwiseSimulation.State {
        guard file.exists else { return simulation.empty }
        do {
            return try load(file.path)
        } catch let error as InputError {
            guard let previous = try? load(file.previousPath) else { throw error }
            warn("warning: \(error); going on with the one before it")
            try file.restorePrevious()
            return previous
        }
    }

    private func load(_ path: String) throws -> PartwiseSimulation.State {
        let part = try PartFile.open(path)
        try part.requireProgram(provenance)
        let (there, here) = (part.header.parameters, simulation.experiment.recordedParameters)
        let differences = SettingDifference.all(
            there: there.settings(part.header.inputs), here: here.settings(simulation.experiment.inputs), but: ["--trajectories", "--batches"])
        guard differences.isEmpty else { throw CheckpointError.otherSettings(path: path, differences) }
        try Self.requireSameBatches(there, here, path: path)
        let state = try part.state(of: simulation)
        let foreign = state.share.subtracting(share)
        if let range = simulation.simulation.trajectories(of: foreign).first {
            throw CheckpointError.otherShare(path: path, trajectories: range)
        }
        return state
    }

    /// A run is extended by trajectories where that changes no batch: batch b begins at ⌊b n/B⌋.
    private static func requireSameBatches(
        _ there: SimulateExperiment.RecordedParameters, _ here: SimulateExperiment.RecordedParameters, path: String
    ) throws(CheckpointError) {
        guard (there.trajectories, there.batches) != (here.trajectories, here.batches) else { return }
        // Both have at most 2^40 and 10^7 in every run that there is; what is no run is refused with its numbers.
        let (n, b) = (there.trajectories.multipliedFullWidth(by: here.batches), here.trajectories.multipliedFullWidth(by: there.batches))
        let isSame = n == b || (there.batches == 1 && here.batches == 1)
        guard isSame, there.trajectories <= here.trajectories else {
            throw .otherBatches(path: path, there: [there.trajectories, there.batches], here: [here.trajectories, here.batches])
        }
    }

    /// Saves a state in place of the last one.
    public func save(_ state: PartwiseSimulation.State) throws {
        try file.write(try PartFile.content(state, of: simulation.experiment, provenance: provenance))
        generations.removeOlder(than: .max)
    }

    /// Begins a generation of a run by several ranks: what there is becomes its base, and when that is on the disk all else goes.
    /// - Returns: the generation's number, for ``RankCheckpoint``.
    public func beginGeneration(_ state: PartwiseSimulation.State) throws -> Int {
        let generation = generations.next
        let content = try PartFile.content(state, of: simulation.experiment, provenance: provenance)
        try SavedFile(RankGenerations.Name(generation, .base).text, inFolderOfRun: generations.folder).write(content)
        generations.removeOlder(than: generation)
        try file.remove()
        return generation
    }

    /// Lets another process have the folder.
    public func release() { file.release() }

    /// Removes what was saved of a whole run, and the folder where nothing else is in it. Does nothing where there is none.
    public static func remove(in folder: String) throws {
        guard FileManager.default.fileExists(atPath: folder) else { return }
        let file = try SavedFile(fileName, in: folder)
        try file.remove()
        file.release()
        rmdir(folder)
    }
}

/// Why a run does not go on with a checkpoint. Nothing was changed.
public enum CheckpointError: ReportedError, Equatable {
    /// There is one, and neither resuming nor replacing it was asked for.
    case exists(path: String)
    case otherSettings(path: String, [SettingDifference])
    /// Trajectories and batches there and here.
    case otherBatches(path: String, there: [Int], here: [Int])
    /// It has trajectories that are not of this share.
    case otherShare(path: String, trajectories: Range<Int>)

    public var exitClass: ExitClass {
        switch self {
        case .exists: .cannotCreate
        case .otherSettings, .otherBatches, .otherShare: .usage
        }
    }

    public var description: String {
        switch self {
        case .exists(let path): return "\(path.onOneLine): is of a run that may go on; --resume goes on with it, --force starts anew"
        case .otherSettings(let path, let differences):
            return "--resume: \(path) is of another run: \(SettingDifference.text(differences))".onOneLine
        case .otherBatches(let path, let there, let here):
            let pairs = "--trajectories \(there[0]) --batches \(there[1]) there and --trajectories \(here[0]) --batches \(here[1]) here"
            let rule: String
            if here[0] < there[0] {
                rule = "a run can be extended, not cut"
            } else {
                let (batches, rest) = (here[0].multipliedFullWidth(by: there[1]), there[0])
                let (fitting, left) = batches.high < rest && batches.high >= 0 && rest > 0 ? rest.dividingFullWidth(batches) : (0, 1)
                rule = "a run is extended where trajectories/batches stays the same, else its batches would be others"
                    + (left == 0 && fitting <= here[0] / 2 ? ": --batches \(fitting)" : "")
            }
            return "--resume: \(path) is of \(pairs); \(rule)".onOneLine
        case .otherShare(let path, let trajectories):
            return "--resume: \(path) has trajectories \(PartError.text(trajectories)), which are not of this share of the run".onOneLine
        }
    }
}
