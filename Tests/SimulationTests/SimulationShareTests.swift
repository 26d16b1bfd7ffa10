@testable import Simulation
import TestSupport
import Testing

@Suite struct SimulationShareTests {
    private func share(_ leaves: Set<Int>, rest: Bool = false) -> SimulationShare {
        SimulationShare(leaves: leaves.sorted().map { $0..<$0 + 1 }, rest: rest)
    }

    private func leaves(_ share: SimulationShare) -> Set<Int> { Set(share.leaves.flatMap(Array.init)) }

    @Test func rangesThatTouchAreOne() {
        #expect(SimulationShare(leaves: [0..<2, 2..<2, 2..<5, 7..<8], rest: false).leaves == [0..<5, 7..<8])
        #expect(SimulationShare(leaves: [], rest: false).isEmpty && !SimulationShare(leaves: [], rest: true).isEmpty)
        #expect(share([3, 4, 9]).leafCount == 3)
    }

    /// Against sets, for random ones.
    @Test func differencesAndIntersectionsAreThoseOfSets() {
        var random = SplitMix(state: 11)
        for _ in 0..<2000 {
            let (a, b) = (0..<2).map { _ in Set((0..<12).filter { _ in Bool.random(using: &random) }) }.withPair
            let (restA, restB) = (Bool.random(using: &random), Bool.random(using: &random))
            let (first, second) = (share(a, rest: restA), share(b, rest: restB))
            let difference = first.subtracting(second), both = first.intersection(second)
            #expect(leaves(difference) == a.subtracting(b) && difference.rest == (restA && !restB))
            #expect(leaves(both) == a.intersection(b) && both.rest == (restA && restB))
            #expect(difference == share(a.subtracting(b), rest: difference.rest), "the fewest ranges")
            let count = Int.random(in: 0..<14, using: &random)
            let (front, last) = first.splitting(last: count)
            #expect(last == Array(a.sorted().suffix(count)) && Set(front.flatMap(Array.init)) == a.subtracting(last))
        }
    }

    /// Shares of any number are the whole, in order, without overlap, and as even as can be.
    @Test func sharesMakeUpTheWhole() throws {
        for trajectories in [1, 16_383, 16_384, 16_385, 5 * 16_384, 100 * 16_384 + 1] {
            let simulation = MonteCarlo(try SimulationParameters(means: [0], trajectories: trajectories, iterations: 1))
            for count in [1, 2, 3, 5, 64, 1000] {
                let shares = (0..<count).map { simulation.share($0, of: count) }
                let all = shares.flatMap { simulation.trajectories(of: $0) }
                #expect(all.first?.lowerBound == 0 && all.last?.upperBound == trajectories)
                for (left, right) in zip(all, all.dropFirst()) { #expect(left.upperBound == right.lowerBound) }
                let sizes = shares.map { $0.leafCount + ($0.rest ? 1 : 0) }
                #expect(sizes.max()! - sizes.min()! <= 1)
                #expect(shares.reduce(simulation.wholeShare) { $0.subtracting($1) }.isEmpty)
            }
        }
        // The largest run's shares in as many parts as there may be.
        let largest = MonteCarlo(try SimulationParameters(means: [0], trajectories: 1 << 40, iterations: 1))
        #expect(largest.share((1 << 20) - 1, of: 1 << 20).leaves == [(1 << 26) - 64..<1 << 26])
    }

    /// What is left of a run with holes, cut for ranks.
    @Test func slicesMakeUpAShareWithHoles() {
        var random = SplitMix(state: 13)
        for _ in 0..<500 {
            let left = share(Set((0..<30).filter { _ in Bool.random(using: &random) }), rest: Bool.random(using: &random))
            for count in [1, 2, 3, 7, 40] {
                let slices = (0..<count).map { left.slice($0, of: count) }
                #expect(slices.flatMap { Array(leaves($0).sorted()) } == leaves(left).sorted())
                #expect(slices.filter(\.rest).count == (left.rest ? 1 : 0) && (!left.rest || slices.last { !$0.isEmpty }!.rest))
                let sizes = slices.map { $0.leafCount + ($0.rest ? 1 : 0) }
                #expect(sizes.max()! - sizes.min()! <= 1)
            }
        }
    }

    @Test func aQueueHandsOutEachLeafOnce() {
        let queue = LeafQueue([2..<4, 7..<8], isCancelled: nil)
        #expect(queue.count == 3 && !queue.isFinished)
        #expect((0..<5).map { _ in queue.take() } == [2, 3, 7, nil, nil])
        #expect(queue.isFinished)
    }
}

extension [Set<Int>] {
    fileprivate var withPair: (Set<Int>, Set<Int>) { (self[0], self[1]) }
}
