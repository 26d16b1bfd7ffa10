import Concurrency
import Foundation
import Synchronization
import Testing

struct ThreadsTests {
    /// Waits until so many threads are inside at once; false if they do not come.
    private final class Meeting: Sendable {
        private let arrived = Mutex(0)
        private let count: Int

        init(_ count: Int) { self.count = count }

        func meet() -> Bool {
            arrived.withLock { $0 += 1 }
            let end = ContinuousClock.now + .seconds(120)
            while arrived.withLock({ $0 }) < count {
                if ContinuousClock.now > end { return false }
                usleep(1000)
            }
            return true
        }
    }

    /// As many as asked for, however few processors there are: each waits for all.
    @Test(arguments: [1, 2, 3, 9, 40]) func allAreAtWorkAtOnce(count: Int) {
        let meeting = Meeting(count)
        let met = Mutex<[Int]>([])
        onThreads(count) { thread in
            if meeting.meet() { met.withLock { $0.append(thread) } }
        }
        #expect(met.withLock { $0.sorted() } == Array(0..<count))
    }

    @Test func theCallingThreadIsTheFirst() {
        let key = "caller"
        Thread.current.threadDictionary[key] = true
        defer { Thread.current.threadDictionary[key] = nil }
        let isCaller = Mutex<[Int: Bool]>([:])
        onThreads(4) { thread in
            let same = Thread.current.threadDictionary[key] != nil
            isCaller.withLock { $0[thread] = same }
        }
        #expect(isCaller.withLock { $0 } == [0: true, 1: false, 2: false, 3: false])
    }

    /// Whole, in order, of lengths that differ by at most one.
    @Test(arguments: [(0, 3), (1, 1), (2, 5), (10, 3), (1000, 7), (8, 8)]) func slicesAreEven(count: Int, parts: Int) {
        let all = slices(of: 5..<5 + count, count: parts)
        #expect(all.flatMap(Array.init) == Array(5..<5 + count))
        let lengths = all.map(\.count)
        #expect(lengths.count == min(count, parts) && (lengths.max() ?? 0) - (lengths.min() ?? 0) <= 1)
    }

    @Test func aMapUsesAllItsThreads() {
        let meeting = Meeting(6)
        #expect(concurrentMap(Array(0..<6), threads: 6) { _ in meeting.meet() } == [Bool](repeating: true, count: 6))
    }

    @Test(arguments: [1, 2, 5, 64]) func aMapNeverUsesMore(threads: Int) {
        let inside = Mutex((now: 0, most: 0))
        let squares = concurrentMap(Array(0..<50), threads: threads) { value in
            inside.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            usleep(500)
            inside.withLock { $0.now -= 1 }
            return value * value
        }
        #expect(squares == (0..<50).map { $0 * $0 })
        #expect(inside.withLock { $0.most } <= threads)
    }

    @Test func nothingToMap() {
        #expect(concurrentMap([Int](), threads: 4) { $0 } == [])
        #expect(concurrentMap([7], threads: 0) { $0 } == [7])
    }

    private struct Failure: Error, Equatable { let index: Int }

    /// The first in the elements' order, though a later one fails sooner; and nothing new is begun.
    @Test(arguments: [1, 2, 8]) func theFirstErrorIsThrown(threads: Int) {
        for _ in 0..<20 {
            let begun = Mutex<[Int]>([])
            let error = #expect(throws: Failure.self) {
                try concurrentMap(Array(0..<1000), threads: threads) { index in
                    begun.withLock { $0.append(index) }
                    if index == 5 { usleep(2000) }
                    if index >= 5 { throw Failure(index: index) }
                    return index
                }
            }
            #expect(error == Failure(index: 5))
            #expect(begun.withLock { $0.count } <= 6 + threads)
        }
    }

    @Test(arguments: [(1, 1, 1), (8, 2, 4), (8, 3, 2), (2, 8, 1), (4, 0, 4), (0, 3, 1), (1024, 1, 1024)])
    func threadsAreDivided(threads: Int, tasks: Int, each: Int) {
        #expect(innerThreads(threads, tasks: tasks) == each)
    }

    @Test func progressCountsOverAllThreads() {
        let last = Mutex((done: 0, total: 0, calls: 0))
        let counter = ProgressCounter(total: 4000) { done, total in
            last.withLock { $0 = (max($0.done, done), total, $0.calls + 1) }
        }
        onThreads(4) { _ in for _ in 0..<100 { counter.add(10) } }
        #expect(last.withLock { $0.done } == 4000)
        #expect(last.withLock { $0.total } == 4000 && last.withLock { $0.calls } == 400)
        ProgressCounter(total: 1, report: nil).add(1)
    }
}
