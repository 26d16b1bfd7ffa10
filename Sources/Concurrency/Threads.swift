import Dispatch
import Synchronization

/// Runs `body` on so many threads at once and returns when all have ended.
///
/// What a number of threads means in this program: so many are at work, the calling one among them, whatever the number of
/// processors. Inside `body` nothing else may start threads unless the number was divided (``innerThreads(_:tasks:)``).
/// - Parameters:
///   - count: at least 1; with 1 nothing is started.
///   - body: gets the number of its thread, from 0, which is the calling one.
package func onThreads(_ count: Int, _ body: @Sendable (_ thread: Int) -> Void) {
    precondition(count >= 1, "no thread to work on")
    withoutActuallyEscaping(body) { body in
        let work = Work(body)
        let others = DispatchGroup()
        for thread in 1..<max(1, count) {
            // A queue of its own is a thread of its own: the shared ones of Dispatch are no more than the processors, and a
            // program that waits for them from within may wait for ever.
            DispatchQueue(label: "varlab.thread.\(thread)", qos: .userInitiated).async(group: others) { work.body?(thread) }
        }
        body(0)
        others.wait()
        // A queue may hold its block a little longer than it runs.
        work.body = nil
    }
}

/// What the threads share; it changes before the first has begun and after the last has ended.
private final class Work: @unchecked Sendable {
    var body: (@Sendable (Int) -> Void)?

    init(_ body: @escaping @Sendable (Int) -> Void) { self.body = body }
}

/// How many threads each of `tasks` pieces of work may use when `threads` are at work on all of them together, at least 1.
package func innerThreads(_ threads: Int, tasks: Int) -> Int { max(1, threads / max(1, tasks)) }

/// `transform` of every element, on up to so many threads (``onThreads(_:_:)``), in the elements' order.
///
/// After an error no further element is begun, and the first error in the elements' order is thrown: which one that is does
/// not depend on the threads.
package func concurrentMap<Element: Sendable, Result: Sendable, Failure: Error>(
    _ elements: [Element], threads: Int, _ transform: @Sendable (Element) throws(Failure) -> Result
) throws(Failure) -> [Result] {
    guard !elements.isEmpty else { return [] }
    let results = Mutex<[Int: Swift.Result<Result, Failure>]>([:])
    let next = Mutex(0)
    onThreads(max(1, min(threads, elements.count))) { _ in
        while true {
            let index = next.withLock { next in
                defer { next += 1 }
                return next
            }
            guard index < elements.count else { return }
            let result = Swift.Result { () throws(Failure) in try transform(elements[index]) }
            results.withLock { $0[index] = result }
            // All before this one have begun.
            if case .failure = result { next.withLock { $0 = elements.count } }
        }
    }
    let all = results.withLock { $0 }
    var transformed: [Result] = []
    transformed.reserveCapacity(elements.count)
    for index in elements.indices { if let result = all[index] { transformed.append(try result.get()) } }
    return transformed
}

/// Contiguous parts of a range whose lengths differ by at most one; none is empty.
package func slices(of range: Range<Int>, count: Int) -> [Range<Int>] {
    let parts = min(count, range.count)
    return (0..<parts).map { part in
        range.lowerBound + range.count * part / parts..<range.lowerBound + range.count * (part + 1) / parts
    }
}

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
