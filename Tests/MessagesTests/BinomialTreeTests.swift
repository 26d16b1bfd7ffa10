import Messages
import TestSupport
import Testing

@Suite struct BinomialTreeTests {
    @Test func everyRankIsBelowRankZeroOnce() {
        for count in [1, 2, 3, 5, 8, 100, 1000] {
            var heard = Set<Int>()
            for rank in 0..<count {
                for child in BinomialTree.children(of: rank, count: count) {
                    #expect(BinomialTree.parent(of: child) == rank && child > rank)
                    #expect(heard.insert(child).inserted)
                }
                // Up in at most ⌈log₂ n⌉ steps.
                var (at, steps) = (rank, 0)
                while let parent = BinomialTree.parent(of: at) { (at, steps) = (parent, steps + 1) }
                #expect(1 << steps < 2 * count)
            }
            #expect(heard == Set(1..<max(count, 1)))
            #expect(BinomialTree.parent(of: 0) == nil)
        }
    }

    /// What arrives at rank r is that of r and the ranks that follow, without a gap: the merge forest stays small.
    @Test func sharesComeTogetherInContiguousRanges() {
        for count in [1, 2, 3, 4, 7, 16, 33] {
            let ranks = ThreadRanks(count: count)
            let results = ranks.run { rank in
                rank.gather([UInt8(rank.rank)], encode: { $0 }) { own, message, child in
                    #expect(message == Array(own.last! + 1...own.last! + UInt8(message.count)) && Int(message[0]) == child)
                    own += message
                }
            }
            #expect(results[0] == (0..<count).map { UInt8($0) })
            #expect(results.dropFirst().allSatisfy { $0 == nil })
            #expect(ranks.sent == [0] + Array(repeating: 1, count: count - 1))
        }
    }

    @Test func broadcastReachesAll() {
        for count in [1, 2, 3, 6, 17] {
            let results = ThreadRanks(count: count).run { $0.broadcast($0.rank == 0 ? [7, 8, 9] : []) }
            #expect(results == Array(repeating: [7, 8, 9], count: count))
        }
    }
}
