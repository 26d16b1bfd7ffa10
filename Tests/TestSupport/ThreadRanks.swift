import Foundation
import Messages
import Synchronization

/// Processes that are threads of this one.
public final class ThreadRanks: Sendable {
    public struct Rank: MessagePassing {
        public let rank: Int
        let ranks: ThreadRanks
        public var count: Int { ranks.count }
        public func send(_ bytes: [UInt8], to other: Int) { ranks.put(bytes, from: rank, to: other) }
        public func receive(from other: Int) -> [UInt8] { ranks.take(from: other, to: rank) }
    }

    public let count: Int
    private let messages = Mutex<[Int: [[UInt8]]]>([:])
    private let sentCounts: Mutex<[Int]>
    private let arrivals: [DispatchSemaphore]

    public init(count: Int) {
        self.count = count
        sentCounts = Mutex(Array(repeating: 0, count: count))
        arrivals = (0..<count * count).map { _ in DispatchSemaphore(value: 0) }
    }

    /// How many messages each has sent.
    public var sent: [Int] { sentCounts.withLock { $0 } }

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
    public func run<Result: Sendable>(_ body: @escaping @Sendable (Rank) -> Result) -> [Result] {
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
