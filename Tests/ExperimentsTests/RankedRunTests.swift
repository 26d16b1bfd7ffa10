import Errors
import Files
import Foundation
import Messages
import Simulation
import TestSupport
import Testing

@testable import Experiments

/// Ranks that are threads; those of a real MPI are tried by `Tests/Cluster`.
@Suite struct RankedRunTests {
    static let provenance = Provenance(version: "1.2.3", commit: "abc", command: "varlab simulate")

    /// Five leaves and a rest.
    static func simulation(seed: UInt64 = 7, trajectories: Int = 5 * 16_384 + 11) throws -> PartwiseSimulation {
        let experiment = try SimulateExperiment(
            means: [0.25], beta2: 0.99, epsilon: 0, trajectories: trajectories, iterations: 2, seed: seed, histogramSteps: [2], batchCount: 3)
        return try PartwiseSimulation(experiment, threads: 1)
    }

    static func state(_ simulation: PartwiseSimulation, _ share: SimulationShare) throws -> PartwiseSimulation.State {
        let state = SharedSimulationState(simulation.empty)
        try simulation.simulation.run(threads: 1, share: share, in: state)
        return state.snapshot
    }

    static func bytes(_ simulation: PartwiseSimulation, _ state: PartwiseSimulation.State) throws -> [UInt8] {
        try PartFile.bytes(state, of: simulation.experiment, provenance: provenance)
    }

    /// Any number of ranks, and any state to begin with, ends with the bytes of one process.
    @Test func ranksMakeTheBytesOfOneProcess() throws {
        let simulation = try Self.simulation(), whole = simulation.simulation.wholeShare
        let expected = try Self.bytes(simulation, try Self.state(simulation, whole))
        let begun = try Self.state(simulation, SimulationShare(leaves: [1..<2, 4..<5], rest: false))
        for (count, begun) in [(1, simulation.empty), (2, simulation.empty), (3, begun), (4, simulation.empty), (9, begun)] {
            let ranks = ThreadRanks(count: count)
            let results = ranks.run { rank in
                try! {
                    let run = RankedRun(simulation, ranks: rank, provenance: Self.provenance)
                    let left = whole.subtracting(begun.share)
                    let assignment = rank.rank == 0 ? try run.assign(left, generation: 4) : try RankedRun.await(rank)!
                    #expect(assignment.share == left && assignment.generation == 4)
                    var own = try Self.state(simulation, run.share(of: assignment))
                    if rank.rank == 0 { own.merge(begun) }
                    return try run.gather(own).map { try Self.bytes(simulation, $0) }
                }()
            }
            #expect(results == [expected] + Array(repeating: nil, count: count - 1))
        }
    }

    @Test func nothingToDoIsSaidToAll() {
        let results = ThreadRanks(count: 5).run { rank in
            guard rank.rank == 0 else { return (try? RankedRun.await(rank)) == .some(nil) }
            RankedRun.dismiss(rank)
            return true
        }
        #expect(results == Array(repeating: true, count: 5))
    }

    /// Ranks of another seed or another version of the program are refused by number.
    @Test func ranksOfOtherRunsAreRefused() throws {
        let simulations = [try Self.simulation(), try Self.simulation(seed: 8)]
        func failure(_ provenance: Provenance, _ other: PartwiseSimulation) -> String? {
            ThreadRanks(count: 2).run { rank in
                let isZero = rank.rank == 0
                let run = RankedRun(isZero ? simulations[0] : other, ranks: rank, provenance: isZero ? Self.provenance : provenance)
                do {
                    _ = try run.gather(try Self.state(run.simulation, SimulationShare(leaves: [rank.rank..<rank.rank + 1], rest: false)))
                    return nil
                } catch { return "\(error)" }
            }[0]
        }
        #expect(failure(Self.provenance, simulations[0]) == nil)
        #expect(failure(Self.provenance, simulations[1]) == "the message of rank 1: is of another run than rank 0: --seed is 8 there and 7 here")
        let other = Provenance(version: "1.2.4", commit: "abc", command: "varlab simulate")
        #expect(failure(other, simulations[0])?.hasPrefix("the message of rank 1: was made by varlab 1.2.4 (commit abc)") == true)
    }
}
