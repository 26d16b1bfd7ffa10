import Synchronization

/// Hands out whole leaves, each to one thread.
final class LeafQueue: Sendable {
    private let leaves: Range<Int>
    private let next: Mutex<(leaf: Int, isCancelled: Bool)>
    private let asked: (@Sendable () -> Bool)?

    init(_ leaves: Range<Int>, isCancelled: (@Sendable () -> Bool)?) {
        self.leaves = leaves
        next = Mutex((leaves.lowerBound, false))
        asked = isCancelled
    }

    var count: Int { leaves.count }

    /// The next leaf; nil when there is none left, or after a cancellation.
    func take() -> Int? {
        next.withLock { next in
            guard next.leaf < leaves.upperBound, !next.isCancelled else { return nil }
            defer { next.leaf += 1 }
            return next.leaf
        }
    }

    /// Whether the run is to end; then no leaf is handed out any more, and the one at hand is to be left.
    func isCancelled() -> Bool {
        guard let asked, asked() else { return false }
        next.withLock { $0.isCancelled = true }
        return true
    }

    /// Whether every leaf was handed out and none was left; to be called when all threads are done.
    var isFinished: Bool { next.withLock { $0.leaf == leaves.upperBound && !$0.isCancelled } }
}
