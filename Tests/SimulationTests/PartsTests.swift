import Simulation
import Synchronization
import TestSupport
import Testing
import Theory

/// Runs in parts: the same bits as in one.
@Suite struct PartsTests {
    /// Three leaves and a rest.
    private static let parameters = {
        do {
            return try SimulationParameters(means: [0, 1], trajectories: 3 * 16_384 + 1001, iterations: 6, seed: 4, sampleSteps: [3, 6])
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    private static func empty() throws -> SimulationState<SampleHistograms, BatchMoments> {
        SimulationState(
            counts: try SampleHistograms(parameters) { _, _ in try SampleHistogram(range: 0..<5, bins: 50, inverseRange: 0..<3) },
            samples: try BatchMoments(parameters, batchCount: 7))
    }

    private struct Outcome: Equatable {
        let bits: [[UInt64?]]
        let batches: [[StreamMoments]]
        let counts: [[Int]]

        init(_ state: SimulationState<SampleHistograms, BatchMoments>) throws {
            let (result, batches) = try #require(MonteCarlo(parameters).result(of: state))
            bits = result.curves.map(\.bits)
            self.batches = (0..<4).map { batches.batches(stepIndex: $0 / 2, meanIndex: $0 % 2) }
            counts = (0..<4).map { state.allCounts[stepIndex: $0 / 2, meanIndex: $0 % 2].counts }
        }
    }

    private static func run(_ leaves: Range<Int>, rest: Bool, threads: Int) throws -> SimulationState<SampleHistograms, BatchMoments> {
        let state = SharedSimulationState(try empty())
        try MonteCarlo(parameters).run(threads: threads, share: SimulationShare(leaves: [leaves], rest: rest), in: state)
        return state.snapshot
    }

    @Test func partsMakeUpTheWhole() throws {
        let expected = try Outcome(Self.run(0..<3, rest: true, threads: 1))
        #expect(expected.batches.allSatisfy { $0.map(\.count).reduce(0, +) == Self.parameters.trajectories })
        #expect(try Outcome(Self.run(0..<3, rest: true, threads: 4)) == expected)
        for parts in [[(0..<1, false), (1..<3, true)], [(2..<3, false), (3..<3, true), (0..<2, false)], [(1..<2, true), (2..<3, false), (0..<1, false)]] {
            var whole = try Self.empty()
            for (leaves, rest) in parts {
                #expect(MonteCarlo(Self.parameters).result(of: whole) == nil)
                whole.merge(try Self.run(leaves, rest: rest, threads: 2))
            }
            #expect(try Outcome(whole) == expected)
        }
    }

    /// The sums of many leaves, which threads fold each for itself, are those of leaves whose chunks are shared.
    @Test func manyLeavesGiveTheSameBits() throws {
        let parameters = try SimulationParameters(means: [0], trajectories: 9 * 16_384 + 5, iterations: 2)
        let one = try MonteCarlo(parameters).run(threads: 1).curves.map(\.bits)
        for threads in [2, 3, 5] { #expect(try MonteCarlo(parameters).run(threads: threads).curves.map(\.bits) == one) }
        let state = SharedSimulationState(SimulationState(counts: NoSamples(), samples: NoSamples()))
        for leaf in (0..<9).reversed() {
            try MonteCarlo(parameters).run(threads: 1, share: SimulationShare(leaves: [leaf..<leaf + 1], rest: leaf == 4), in: state)
        }
        #expect(try #require(MonteCarlo(parameters).result(of: state.snapshot)).0.curves.map(\.bits) == one)
    }

    @Test func aCancelledRunKeepsItsLeaves() throws {
        let parameters = try SimulationParameters(means: [0], trajectories: 12 * 16_384, iterations: 2)
        let simulation = MonteCarlo(parameters)
        let seen = Mutex(0)
        let state = SharedSimulationState(SimulationState(counts: NoSamples(), samples: NoSamples()))
        #expect(throws: CancellationError.self) {
            try simulation.run(
                threads: 2, share: simulation.wholeShare, in: state, isCancelled: { seen.withLock { $0 += 1; return $0 > 500 } })
        }
        #expect(state.snapshot.share.leafCount > 4 && state.snapshot.share.leafCount < 9)
        try simulation.run(threads: 1, share: simulation.wholeShare.subtracting(state.snapshot.share), in: state)
        #expect(try #require(simulation.result(of: state.snapshot)).0.curves.map(\.bits) == simulation.run(threads: 1).curves.map(\.bits))
    }
}
