import Foundation
import Messages
import Synchronization
import Testing

/// Processes that are threads of this one.
private final class ThreadRanks: Sendable {
    struct Rank: MessagePassing {
        let rank: Int
        let ranks: ThreadRanks
        var count: Int { ranks.count }
        func send(_ bytes: [UInt8], to other: Int) { ranks.put(bytes, from: rank, to: other) }
        func receive(from other: Int) -> [UInt8] { ranks.take(from: other, to: rank) }
    }

    let count: Int
    private let messages = Mutex<[Int: [[UInt8]]]>([:])
    private let sentCounts: Mutex<[Int]>
    private let arrivals: [DispatchSemaphore]

    init(count: Int) {
        self.count = count
        sentCounts = Mutex(Array(repeating: 0, count: count))
        arrivals = (0..<count * count).map { _ in DispatchSemaphore(value: 0) }
    }

    /// How many messages each has sent.
    var sent: [Int] { sentCounts.withLock { $0 } }

    private func put(_ bytes: [UInt8], from: Int, to: Int) {
        sentCounts.withLock { $0[from] += 1 }
        messages.withLock { $0[from * count + to, default: []].append(bytes) }
        arrivals[from * count + to].signal()
    }

    private func take(from: Int, to: Int) -> [UInt8] {
        arrivals[from * count + to].wait()
        return messages.withLock { $0[from * count + to]!.removeFirst() }
    }

    /// Runs the same on every rank, and returns what each came to.
    func run<Result: Sendable>(_ body: @escaping @Sendable (Rank) -> Result) -> [Result] {
        let results = Mutex<[Int: Result]>([:])
        let done = DispatchGroup()
        for rank in 0..<count {
            done.enter()
            Thread.detachNewThread { [self] in
                let result = body(Rank(rank: rank, ranks: self))
                results.withLock { $0[rank] = result }
                done.leave()
            }
        }
        done.wait()
        return results.withLock { results in (0..<count).map { results[$0]! } }
    }
}

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
