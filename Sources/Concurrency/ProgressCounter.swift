import Synchronization

/// How many values have been seen, over all passes and threads.
package final class ProgressCounter: Sendable {
    private let total: Int
    private let done = Mutex(0)
    private let report: (@Sendable (_ done: Int, _ total: Int) -> Void)?

    package init(total: Int, report: (@Sendable (_ done: Int, _ total: Int) -> Void)?) {
        self.total = total
        self.report = report
    }

    package func add(_ count: Int) {
        guard let report else { return }
        let sum = done.withLock { done in
            done += count
            return done
        }
        report(sum, total)
    }
}
