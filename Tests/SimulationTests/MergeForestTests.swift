import Simulation
import TestSupport
import Testing
import Theory

@Suite struct MergeForestTests {
    /// A merge that is neither commutative nor associative, as sums of doubles are not: its text is its history.
    private struct History: Mergeable {
        var text: String
        mutating func merge(_ later: History) { text = "(\(text) \(later.text))" }
    }

    private func forest(_ leaves: some Sequence<Int>) -> MergeForest<History> {
        leaves.reduce(into: MergeForest()) { $0.insert(History(text: "\($1)"), at: .leaf($1)) }
    }

    @Test func foldsAsABinaryTreeWithTheRestAtTheRight() {
        #expect(forest(0..<1).total(rest: nil)?.text == "0")
        #expect(forest(0..<4).total(rest: nil)?.text == "((0 1) (2 3))")
        #expect(forest(0..<7).total(rest: nil)?.text == "(((0 1) (2 3)) ((4 5) 6))")
        #expect(forest(0..<6).total(rest: History(text: "r"))?.text == "(((0 1) (2 3)) ((4 5) r))")
        #expect(forest(0..<0).total(rest: History(text: "r"))?.text == "r")
        #expect(forest(0..<0).total(rest: nil) == nil)
    }

    /// Random orders, and random cuts into parts that are merged in random order.
    @Test func neitherOrderNorPartitionMatters() {
        var random = SplitMix(state: 5)
        for count in [1, 2, 3, 5, 8, 21, 64, 100, 127] {
            let expected = forest(0..<count).total(rest: nil)!.text
            for _ in 0..<20 {
                let order = (0..<count).shuffled(using: &random)
                #expect(forest(order).total(rest: nil)!.text == expected)
                let owners = (0..<count).map { _ in Int.random(in: 0..<5, using: &random) }
                var whole = MergeForest<History>()
                for owner in (0..<5).shuffled(using: &random) {
                    whole.merge(forest(order.filter { owners[$0] == owner }))
                }
                #expect(whole.total(rest: nil)!.text == expected)
                #expect(whole.leaves == [0..<count])
            }
        }
    }

    @Test func aContiguousRangeNeedsFewNodes() {
        var random = SplitMix(state: 6)
        for _ in 0..<200 {
            let start = Int.random(in: 0..<5000, using: &random), count = Int.random(in: 2..<3000, using: &random)
            let nodes = forest(start..<start + count).nodes
            #expect(nodes.count <= 2 * (Int(Double(count).exponent) + 1))
            // Without gap or overlap, in order.
            #expect(nodes.first!.leaves.lowerBound == start && nodes.last!.leaves.upperBound == start + count)
            for (left, right) in zip(nodes, nodes.dropFirst()) { #expect(left.leaves.upperBound == right.leaves.lowerBound) }
        }
    }

    @Test func knowsItsLeaves() {
        let some = forest([0, 1, 2, 3, 6, 9, 8])
        #expect(some.leaves == [0..<4, 6..<7, 8..<10])
        #expect(some.overlaps(3..<5) && some.overlaps(0..<100) && !some.overlaps(4..<6) && !some.overlaps(7..<8))
        #expect(some.nodes == [TreeNode(level: 2, index: 0), .leaf(6), TreeNode(level: 1, index: 4)])
    }
}
