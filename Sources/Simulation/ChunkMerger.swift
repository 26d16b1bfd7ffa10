import CKernels
import Dispatch
import Synchronization

/// Hands out the chunks of some parts in order and merges the finished ones strictly in order, whoever finished them.
///
/// A chunk is handed out only while fewer than `window` others are being computed or wait for an earlier one; that
/// bounds the memory, and as the earliest unmerged chunk is always being computed, it cannot lock up.
final class ChunkMerger<Counts: SampleConsumer, Samples: SampleConsumer>: Sendable {
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

    private let chunks: [(part: SimulationPart, trajectories: Range<Int>, isLast: Bool)]
    private let meanCount: Int
    private let hasUpdates: Bool
    private let collector: PartCollector<Counts, Samples>
    private let isCancelled: (@Sendable () -> Bool)?
    private let free: DispatchSemaphore
    private let queue = Mutex(Queue())
    // Apart from the queue, so that threads take chunks while one of them merges.
    private let current: Mutex<PartResult<Counts, Samples>>

    init(
        parts: some Collection<SimulationPart>, of plan: TrajectoryPlan, meanCount: Int, hasUpdates: Bool, window: Int,
        collector: PartCollector<Counts, Samples>, isCancelled: (@Sendable () -> Bool)?
    ) {
        chunks = parts.flatMap { part in
            let chunks = plan.chunks(of: part)
            return (0..<chunks.count).map { (part, chunks[$0], $0 == chunks.count - 1) }
        }
        self.meanCount = meanCount
        self.hasUpdates = hasUpdates
        self.collector = collector
        self.isCancelled = isCancelled
        free = DispatchSemaphore(value: window)
        current = Mutex(collector.empty)
    }

    var count: Int { chunks.count }

    /// Whether all are merged; to be called when all threads are done.
    var isFinished: Bool { queue.withLock { $0.mergedCount == chunks.count } }

    /// The trajectories of a chunk.
    func trajectories(of chunk: Chunk) -> Range<Int> { chunks[chunk.index].trajectories }

    /// The next chunk to compute; nil when there is none left, or after a cancellation.
    func take() -> Chunk? {
        free.wait()
        let cancelled = isCancelled?() ?? false
        let chunk: Chunk? = queue.withLock { queue in
            queue.isCancelled = queue.isCancelled || cancelled
            guard queue.nextIndex < chunks.count, !queue.isCancelled else { return nil }
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
        let (part, trajectories, isLast) = chunks[chunk.index]
        current.withLock { current in
            current.add(chunk.sums, SampleBlock(trajectories: trajectories, meanCount: meanCount, values: chunk.samples, hasUpdates: hasUpdates))
            guard isLast else { return }
            collector.finish(part, current)
            current = collector.empty
        }
        collector.report(trajectories.count)
        return chunk
    }
}
