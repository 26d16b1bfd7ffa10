import Errors
import Foundation
import Messages
import Simulation

/// A simulation that several processes make together, the ranks: each a contiguous share of what is left to do, then their states go up
/// the binomial tree, once, as messages in the format of ``PartFile``.
///
/// However many there are, rank 0 ends with the state that a single process would have: the same bits.
public struct RankedRun<Ranks: MessagePassing>: Sendable {
    public let simulation: PartwiseSimulation
    public let ranks: Ranks
    private let provenance: Provenance

    public init(_ simulation: PartwiseSimulation, ranks: Ranks, provenance: Provenance) {
        (self.simulation, self.ranks, self.provenance) = (simulation, ranks, provenance)
    }

    /// Tells all ranks what is left, and in which generation of the checkpoint they save themselves; called by rank 0.
    public func assign(_ left: SimulationShare, generation: Int? = nil) throws -> RankAssignment {
        let assignment = RankAssignment(left, generation: generation)
        _ = ranks.broadcast([UInt8](try JSONEncoder().encode(assignment)))
        return assignment
    }

    /// What rank 0 assigns; called by the others. nil where there is nothing to do.
    public static func await(_ ranks: Ranks) throws -> RankAssignment? {
        let bytes = ranks.broadcast([])
        return bytes.isEmpty ? nil : try JSONDecoder().decode(RankAssignment.self, from: Data(bytes))
    }

    /// Tells all ranks that there is nothing to do; called by rank 0 in place of ``assign(_:generation:)``.
    public static func dismiss(_ ranks: Ranks) { _ = ranks.broadcast([]) }

    /// The share of this rank in what is left.
    public func share(of assignment: RankAssignment) -> SimulationShare { assignment.share.slice(ranks.rank, of: ranks.count) }

    /// Brings all states together: the ranks' own, and at rank 0 that of the checkpoint.
    ///
    /// A rank that was stopped sends what it has; rank 0 sees what is missing.
    /// - Returns: nil but at rank 0.
    /// - Throws: ``PartError`` or `InputError` for the message of a rank that makes another run, as by another version of the program.
    public func gather(_ own: PartwiseSimulation.State) throws -> PartwiseSimulation.State? {
        try ranks.gather(own) { state in
            try PartFile.bytes(state, of: simulation.experiment, provenance: provenance)
        } merge: { state, message, rank in
            let part = try PartFile(message, name: "the message of rank \(rank)")
            try part.requireProgram(provenance)
            let experiment = simulation.experiment
            let differences = SettingDifference.all(
                there: part.header.parameters.settings(part.header.inputs), here: experiment.recordedParameters.settings(experiment.inputs))
            guard differences.isEmpty else { throw PartError.otherSettings(part: part.name, differences, of: "rank \(ranks.rank)") }
            let other = try part.state(of: simulation)
            if let both = simulation.simulation.trajectories(of: other.share.intersection(state.share)).first {
                throw PartError.overlap(part: part.name, of: "rank \(ranks.rank)", trajectories: both)
            }
            state.merge(other)
        }
    }
}

/// What the ranks have to do.
public struct RankAssignment: Codable, Equatable, Sendable {
    private let leaves: [[Int]]
    private let rest: Bool
    /// Of the checkpoint; nil where nothing is saved.
    public let generation: Int?

    init(_ share: SimulationShare, generation: Int?) {
        leaves = share.leaves.map { [$0.lowerBound, $0.upperBound] }
        rest = share.rest
        self.generation = generation
    }

    /// All that is left.
    public var share: SimulationShare { SimulationShare(leaves: leaves.map { $0[0]..<$0[1] }, rest: rest) }
}
