import CKernels
import Dispatch
import Synchronization

/// Hands out chunks in order and merges the finished ones strictly in order, whoever finished them.
///
/// A chunk is handed out only while fewer than `window` others are being computed or wait for an earlier one; that
/// bounds the memory, and as the earliest unmerged chunk is always being computed, it cannot lock up.
final class ChunkMerger<Samples: SampleConsumer>: Sendable {
    /// A chunk's number and its buffers, which are used again for later chunks.
    struct Chunk: Sendable {
        var index: Int
        var sums: [Double] = []
        var samples: [Double] = []
    }

    private struct Queue {
        var nextIndex = 0
        var isCancelled = false
        var finished: [Int: Chunk] = [:]
        var isMerging = false
        var mergedCount = 0
        var unused: [Chunk] = []

        /// Takes the chunk whose turn it is, if it is finished and nobody is merging.
        mutating func startMerging() -> Chunk? {
            guard !isMerging, let chunk = finished.removeValue(forKey: mergedCount) else { return nil }
            isMerging = true
            return chunk
        }
    }

    private struct Total {
        var sums: PowerSums?
        var samples: Samples
    }

    private let plan: ChunkPlan
    private let meanCount: Int
    private let hasUpdates: Bool
    private let progress: (@Sendable (Int) -> Void)?
    private let isCancelled: (@Sendable () -> Bool)?
    private let free: DispatchSemaphore
    private let queue = Mutex(Queue())
    // Apart from the queue, so that threads take chunks while one of them merges.
    private let total: Mutex<Total>

    init(
        plan: ChunkPlan, meanCount: Int, hasUpdates: Bool, samples: Samples, window: Int, progress: (@Sendable (Int) -> Void)?,
        isCancelled: (@Sendable () -> Bool)?
    ) {
        self.plan = plan
        self.meanCount = meanCount
        self.hasUpdates = hasUpdates
        self.progress = progress
        self.isCancelled = isCancelled
        free = DispatchSemaphore(value: window)
        total = Mutex(Total(samples: samples))
    }

    /// The next chunk to compute; nil when there is none left, or after a cancellation.
    func take() -> Chunk? {
        free.wait()
        let cancelled = isCancelled?() ?? false
        let chunk: Chunk? = queue.withLock { queue in
            queue.isCancelled = queue.isCancelled || cancelled
            guard queue.nextIndex < plan.count, !queue.isCancelled else { return nil }
            var chunk = queue.unused.popLast() ?? Chunk(index: 0)
            chunk.index = queue.nextIndex
            queue.nextIndex += 1
            return chunk
        }
        if chunk == nil { free.signal() }
        return chunk
    }

    /// Takes a finished chunk, and merges it and those that waited for it, unless another thread is at it already.
    func add(_ chunk: consuming Chunk) {
        let index = chunk.index
        let finished = Chunk(index: index, sums: chunk.sums, samples: chunk.samples)
        var next: Chunk? = queue.withLock { queue in
            queue.finished[index] = finished
            return queue.startMerging()
        }
        while let current = next {
            let unused = merge(current)
            next = queue.withLock { queue in
                queue.unused.append(unused)
                queue.mergedCount += 1
                queue.isMerging = false
                return queue.startMerging()
            }
            free.signal()
        }
    }

    private func merge(_ chunk: Chunk) -> Chunk {
        var chunk = chunk
        let trajectories = plan[chunk.index]
        total.withLock { total in
            if total.sums == nil {
                total.sums = PowerSums(chunk.sums)
                chunk.sums = []
            } else {
                total.sums!.add(chunk.sums)
            }
            total.samples.consume(
                SampleBlock(trajectories: trajectories, meanCount: meanCount, values: chunk.samples, hasUpdates: hasUpdates))
        }
        progress?(trajectories.upperBound)
        return chunk
    }

    /// The merged sums, nil when chunks are missing, and the consumer. To be called when all threads are done.
    func finish() -> (sums: PowerSums?, samples: Samples) {
        let isComplete = queue.withLock { $0.mergedCount == plan.count }
        return total.withLock { (isComplete ? $0.sums : nil, $0.samples) }
    }
}

/// How the trajectories are cut into chunks: a function of their number alone, never of the number of threads.
///
/// Chunks are as long as the kernel takes, rounded down so that all differ by at most one vector of trajectories: an even
/// share for any number of threads, and no lane idle but in the last vector.
struct ChunkPlan: Sendable {
    let count: Int
    private let trajectories: Int
    private let vectorsEach: Int
    private let longer: Int
    private static let lanes = 8

    init(trajectories: Int) {
        let vectors = (trajectories - 1) / Self.lanes + 1
        count = (vectors - 1) / (Int(VARLAB_BLOCK) / Self.lanes) + 1
        self.trajectories = trajectories
        (vectorsEach, longer) = vectors.quotientAndRemainder(dividingBy: count)
    }

    /// The trajectories of chunk `index`.
    subscript(index: Int) -> Range<Int> {
        start(index)..<min(start(index + 1), trajectories)
    }

    private func start(_ index: Int) -> Int {
        (index * vectorsEach + min(index, longer)) * Self.lanes
    }
}

/// The sums of d, d², d³ and d⁴ of every iteration and mean, d = ψ/scale - shift, and behind them those of updates; merging is addition.
struct PowerSums: Sendable {
    /// [iterations][means][4], twice with updates.
    private(set) var values: [Double]

    init(_ values: [Double]) {
        self.values = values
    }

    mutating func add(_ other: [Double]) {
        precondition(other.count == values.count)
        values.withUnsafeMutableBufferPointer { sums in
            other.withUnsafeBufferPointer { terms in
                for index in 0..<terms.count { sums[index] += terms[index] }
            }
        }
    }
}
