import Synchronization

/// Hands out whole leaves, each to one thread.
final class LeafQueue: Sendable {
    private struct State {
        /// What is left, the next leaf first.
        var leaves: ArraySlice<Range<Int>>
        var isCancelled = false
    }

    let count: Int
    private let state: Mutex<State>
    private let asked: (@Sendable () -> Bool)?

    /// - Precondition: no range is empty.
    init(_ leaves: [Range<Int>], isCancelled: (@Sendable () -> Bool)?) {
        count = leaves.reduce(0) { $0 + $1.count }
        state = Mutex(State(leaves: leaves[...]))
        asked = isCancelled
    }

    /// The next leaf; nil when there is none left, or after a cancellation.
    func take() -> Int? {
        state.withLock { state in
            guard !state.isCancelled, let range = state.leaves.popFirst() else { return nil }
            if range.count > 1 { state.leaves = [range.lowerBound + 1..<range.upperBound] + state.leaves }
            return range.lowerBound
        }
    }

    /// Whether the run is to end; then no leaf is handed out any more, and the one at hand is to be left.
    func isCancelled() -> Bool {
        guard let asked, asked() else { return false }
        state.withLock { $0.isCancelled = true }
        return true
    }

    /// Whether every leaf was handed out and none was left; to be called when all threads are done.
    var isFinished: Bool { state.withLock { $0.leaves.isEmpty && !$0.isCancelled } }
}
