import Errors
import Files
import Foundation
import Simulation

/// The checkpoint of a run by several ranks: `g3-base.part`, what there was when its third start began, and for each rank `g3-rank-2.part`,
/// what that rank has added since. All are ``PartFile``s, and together they are what is saved.
///
/// At the next start rank 0 puts all of the newest generation into the base of the next one; once that is on the disk the older files go,
/// and the ranks, maybe more or fewer, save themselves beside it. So no kill at any moment loses or doubles what was saved: files of an
/// older generation than the newest base are of no account.
struct RankGenerations: Sendable {
    let folder: String

    enum Role: Hashable, Sendable {
        case base
        case rank(Int)
    }

    struct Name: Hashable, Sendable {
        let generation: Int
        let role: Role

        /// `g3-base.part`, `g3-rank-2.part`.
        var text: String {
            switch role {
            case .base: "g\(generation)-base.part"
            case .rank(let rank): "g\(generation)-rank-\(rank).part"
            }
        }

        init(_ generation: Int, _ role: Role) { (self.generation, self.role) = (generation, role) }

        init?(_ text: String) {
            guard text.hasPrefix("g"), text.hasSuffix(".part") else { return nil }
            let words = text.dropFirst().dropLast(5).split(separator: "-", omittingEmptySubsequences: false)
            guard let generation = words.first.flatMap({ Int($0) }), generation > 0 else { return nil }
            switch (words.count, words.dropFirst().first) {
            case (2, "base"): self.init(generation, .base)
            case (3, "rank"):
                guard let rank = Int(words[2]), rank >= 0 else { return nil }
                self.init(generation, .rank(rank))
            default: return nil
            }
            // One spelling each, so that nothing else is taken for one, or removed.
            guard self.text == text else { return nil }
        }
    }

    /// The files that are there, in no order.
    var names: [Name] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap(Name.init) }

    func path(_ name: Name) -> String { FileSystem.join(folder, name.text) }

    /// The newest generation whose base is there: the one that counts.
    var newest: Int? { names.filter { $0.role == .base }.map(\.generation).max() }

    /// The number of the next generation.
    var next: Int { (names.map(\.generation).max() ?? 0) + 1 }

    /// What the newest generation has; nil where there is none.
    /// - Parameters:
    ///   - load: reads a file, and refuses one of another run.
    ///   - warn: told in a line of a rank's file that is of no use: its trajectories are computed again.
    /// - Throws: what `load` throws, for the base also where it is damaged.
    func load(
        _ load: (String) throws -> PartwiseSimulation.State, warn: (String) -> Void
    ) throws -> PartwiseSimulation.State? {
        guard let generation = newest else { return nil }
        var state = try load(path(Name(generation, .base)))
        let ranks = names.filter { $0.generation == generation && $0.role != .base }.map(path).sorted()
        for path in ranks {
            do {
                let other = try load(path)
                guard other.share.intersection(state.share).isEmpty else {
                    warn("warning: \(path.onOneLine): has trajectories that are there already; it is left out")
                    continue
                }
                state.merge(other)
            } catch let error as InputError {
                warn("warning: \(error); what it had is computed again")
            }
        }
        return state
    }

    /// Removes the files of generations before that one.
    func removeOlder(than generation: Int) {
        for name in names where name.generation < generation { unlink(path(name)) }
    }
}

/// Where one of several ranks saves what it has added in a generation.
public struct RankCheckpoint: Sendable {
    private let file: SavedFile
    private let experiment: SimulateExperiment
    private let provenance: Provenance

    /// - Parameters:
    ///   - folder: as the user named it; rank 0 has it (``SimulationCheckpoint``).
    ///   - shard: as there.
    ///   - generation: from ``SimulationCheckpoint/beginGeneration(_:)``.
    public init(
        in folder: String, shard: Shard?, generation: Int, rank: Int, of experiment: SimulateExperiment, provenance: Provenance
    ) {
        file = SavedFile(
            RankGenerations.Name(generation, .rank(rank)).text, inFolderOfRun: SimulationCheckpoint.place(folder, shard: shard))
        (self.experiment, self.provenance) = (experiment, provenance)
    }

    /// Saves what this rank has added, in place of the last time.
    public func save(_ state: PartwiseSimulation.State) throws {
        try file.write(try PartFile.content(state, of: experiment, provenance: provenance))
    }
}
