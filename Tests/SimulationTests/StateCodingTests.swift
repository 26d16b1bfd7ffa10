@testable import Simulation
import TestSupport
import Testing
import Theory

/// States as numbers, and back: the same state, or none.
@Suite struct StateCodingTests {
    private typealias State = SimulationState<UpdatingCounts, BatchMoments>

    private struct UpdatingCounts: SampleConsumer, StateCoding {
        var psi: SampleHistograms
        var updates: UpdateHistograms

        mutating func consume(_ block: SampleBlock) {
            psi.consume(block)
            updates.consume(block)
        }

        mutating func merge(_ later: Self) {
            psi.merge(later.psi)
            updates.merge(later.updates)
        }

        func encode(to numbers: inout StateNumbers) {
            psi.encode(to: &numbers)
            updates.encode(to: &numbers)
        }

        mutating func decode(from numbers: inout StateNumberReader, trajectories: [Range<Int>]) throws(StateNumberReader.Failure) {
            try psi.decode(from: &numbers, trajectories: trajectories)
            try updates.decode(from: &numbers, trajectories: trajectories)
        }
    }

    private static func parameters(_ trajectories: Int) throws -> SimulationParameters {
        try SimulationParameters(means: [0, 1], trajectories: trajectories, iterations: 4, seed: 4, sampleSteps: [2, 4], beta1: 0.9)
    }

    private static func empty(_ parameters: SimulationParameters, batches: Int = 9) throws -> State {
        let psi = try SampleHistograms(parameters) { _, _ in try SampleHistogram(range: 0..<5, bins: 50, inverseRange: 0..<3) }
        let updates = UpdateHistograms(ranges: Array(repeating: [-2..<2, -2..<2.5], count: 2), bins: 20)
        return State(counts: UpdatingCounts(psi: psi, updates: updates), samples: try BatchMoments(parameters, batchCount: batches))
    }

    private static func bytes(_ state: State) -> [UInt8] {
        var bytes: [UInt8] = []
        state.numbers.forEachPiece { bytes += $0 }
        return bytes
    }

    private static func decode(
        _ bytes: [UInt8], as state: State, reals: Int, by simulation: MonteCarlo, empty: State, rest: Range<Int>?
    ) throws -> State {
        var reader = try StateNumberReader(bytes[...], realCount: reals)
        return try simulation.state(nodes: state.forest.nodes, rest: rest, numbers: &reader, empty: empty)
    }

    @Test func numbersAreLittleEndian() {
        var numbers = StateNumbers()
        numbers.append([1, -2])
        numbers.append([0.5])
        numbers.append([3.0])
        var bytes: [UInt8] = []
        numbers.forEachPiece { bytes += $0 }
        #expect(numbers.counts == (2, 2) && numbers.byteCount == 32)
        #expect(bytes == [0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 0, 0, 0, 0, 0, 0, 8, 0x40, 1, 0, 0, 0, 0, 0, 0, 0, 0xfe] + Array(repeating: 0xff, count: 7))
    }

    /// Any part of a run, with a gap and with the rest or without.
    @Test(arguments: [([0..<5], true), ([0..<3], false), ([1..<2, 4..<5], true), ([], true), ([], false), ([2..<4], false)])
    func whatComesBackIsTheSame(leaves: [Range<Int>], rest: Bool) throws {
        let parameters = try Self.parameters(5 * 16_384 + 77)
        let simulation = MonteCarlo(parameters), empty = try Self.empty(parameters)
        let shared = SharedSimulationState(empty)
        try simulation.run(threads: 2, share: SimulationShare(leaves: leaves, rest: rest), in: shared)
        let state = shared.snapshot, bytes = Self.bytes(state)
        let last = 5 * 16_384..<5 * 16_384 + 77
        let (reals, integers) = state.numbers.counts
        #expect(8 * (reals + integers) == bytes.count)
        let again = try Self.decode(bytes, as: state, reals: reals, by: simulation, empty: empty, rest: rest ? last : nil)
        #expect(Self.bytes(again) == bytes && again.share == state.share)
        // The rest of the run behind it makes the same whole.
        let missing = simulation.wholeShare.subtracting(again.share)
        let (whole, resumed) = (SharedSimulationState(empty), SharedSimulationState(again))
        try simulation.run(threads: 1, share: simulation.wholeShare, in: whole)
        try simulation.run(threads: 2, share: missing, in: resumed)
        #expect(Self.bytes(resumed.snapshot) == Self.bytes(whole.snapshot))
    }

    /// A run of twice the trajectories and batches goes on with the leaves of the shorter one.
    @Test func aLongerRunTakesTheLeaves() throws {
        let (short, long) = (try Self.parameters(50_000), try Self.parameters(100_000))
        let (emptyShort, emptyLong) = (try Self.empty(short, batches: 7), try Self.empty(long, batches: 14))
        let state = SharedSimulationState(emptyShort)
        try MonteCarlo(short).run(threads: 2, share: MonteCarlo(short).wholeShare, in: state)
        let simulation = MonteCarlo(long), snapshot = state.snapshot
        let taken = try Self.decode(
            Self.bytes(snapshot), as: snapshot, reals: snapshot.numbers.counts.reals, by: simulation, empty: emptyLong, rest: 49_152..<50_000)
        #expect(taken.share == SimulationShare(leaves: [0..<3], rest: false))
        let (whole, extended) = (SharedSimulationState(emptyLong), SharedSimulationState(taken))
        try simulation.run(threads: 2, share: simulation.wholeShare, in: whole)
        try simulation.run(threads: 1, share: simulation.wholeShare.subtracting(taken.share), in: extended)
        #expect(Self.bytes(extended.snapshot) == Self.bytes(whole.snapshot))
    }

    /// Numbers that are too few, too many, of other edges, batches or trajectories are refused in words; none traps.
    @Test func numbersOfAnotherStateAreRefused() throws {
        let parameters = try Self.parameters(2 * 16_384 + 5)
        let simulation = MonteCarlo(parameters), empty = try Self.empty(parameters)
        let shared = SharedSimulationState(empty)
        try simulation.run(threads: 1, share: simulation.wholeShare, in: shared)
        let state = shared.snapshot, bytes = Self.bytes(state), (reals, integers) = state.numbers.counts
        func refusal(_ bytes: [UInt8], reals: Int? = nil, rest: Range<Int>? = 2 * 16_384..<2 * 16_384 + 5, empty other: State? = nil) -> String? {
            do {
                _ = try Self.decode(bytes, as: state, reals: reals ?? state.numbers.counts.reals, by: simulation, empty: other ?? empty, rest: rest)
                return nil
            } catch {
                return (error as? StateNumberReader.Failure)?.rule ?? "\(error)"
            }
        }
        #expect(refusal(bytes) == nil)
        for count in stride(from: 0, to: bytes.count, by: 8 * 997) { #expect(refusal(Array(bytes[..<count])) != nil) }
        #expect(refusal(Array(bytes.dropLast())) == "are too few" && refusal(bytes + [0]) == "are too few")
        #expect(refusal(bytes + Array(repeating: 0, count: 8)) == "are too many")
        for other in [-1, 0, 1, reals - 1, reals + 1, .max, .min] { #expect(refusal(bytes, reals: other) != nil) }
        for rest in [nil, 0..<5, -5..<0, 2 * 16_384..<2 * 16_384 + 4, 0..<100_000] { #expect(refusal(bytes, rest: rest) != nil) }
        #expect(refusal(bytes, empty: try Self.empty(parameters, batches: 10)) == "are of other batches than the trajectories")
        // A count that is one more, far more, or negative.
        for index in [0, 2, 3, 40, 80, 200, integers - 1] {
            for value: Int64 in [-1, 1 << 40, .max, .min] {
                var changed = bytes
                let start = 8 * (reals + index)
                for byte in 0..<8 { changed[start + byte] = UInt8(truncatingIfNeeded: value >> (8 * Int64(byte))) }
                #expect(refusal(changed) != nil, "\(index) \(value)")
            }
        }
    }
}
