import Dispatch
import Synchronization

/// `transform` of every element, on up to so many threads, in the elements' order; the first error in that order is thrown.
package func concurrentMap<Element: Sendable, Result: Sendable>(
    _ elements: [Element], threads: Int, _ transform: @Sendable (Element) throws -> Result
) throws -> [Result] {
    let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
    let next = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, elements.count)) { _ in
        while true {
            let index = next.withLock { next in
                defer { next += 1 }
                return next
            }
            guard index < elements.count else { return }
            let result = Swift.Result { try transform(elements[index]) }
            results.withLock { $0[index] = result }
        }
    }
    return try results.withLock { results in try elements.indices.map { try results[$0]!.get() } }
}

/// Contiguous parts of a range whose lengths differ by at most one; none is empty.
package func slices(of range: Range<Int>, count: Int) -> [Range<Int>] {
    let parts = min(count, range.count)
    return (0..<parts).map { part in
        range.lowerBound + range.count * part / parts..<range.lowerBound + range.count * (part + 1) / parts
    }
}
