import CKernels
import Concurrency

/// The Monte Carlo simulation of ψ_t (paper, section 5.3 and figure 9).
///
/// The promise: equal parameters and seed give equal bits, for any number of threads and on any processor with IEEE 754
/// arithmetic: x86-64 of any vector width, arm64, and however the run is split over processes. It rests on a counter-based
/// generator, on arithmetic that uses nothing but IEEE operations in a written order, on chunks that do not depend on the
/// threads, and on merging them in their order: within a leaf one by one, the leaves along a binary tree.
///
/// With ``SimulationParameters/beta1`` it has the updates u_t = m̂_t ψ_t of the same trajectories too.
///
/// Memory is proportional to iterations times means times threads, never to the trajectories.
public struct MonteCarlo: Sendable {
    public let parameters: SimulationParameters
    private let tables: KernelTables
    let plan: TrajectoryPlan

    public init(_ parameters: SimulationParameters) {
        self.parameters = parameters
        tables = KernelTables(parameters)
        plan = TrajectoryPlan(trajectories: parameters.trajectories)
    }

    /// Runs the simulation and returns the moments.
    ///
    /// - Parameters:
    ///   - threads: how many threads compute, at least 1; the calling one is the first of them.
    ///   - progress: called with the number of trajectories finished so far, from one thread at a time.
    ///   - isCancelled: asked before each chunk, from any thread.
    /// - Throws: `CancellationError` when `isCancelled` said so.
    public func run(
        threads: Int,
        progress: (@Sendable (Int) -> Void)? = nil,
        isCancelled: (@Sendable () -> Bool)? = nil
    ) throws(CancellationError) -> SimulationResult {
        var none = NoSamples()
        return try run(threads: threads, samples: &none, progress: progress, isCancelled: isCancelled)
    }

    /// Runs the simulation, hands the samples at `parameters.sampleSteps` to a consumer, and returns the moments.
    ///
    /// After a cancellation the consumer is empty.
    public func run<Samples: SampleConsumer>(
        threads: Int,
        samples: inout Samples,
        progress: (@Sendable (Int) -> Void)? = nil,
        isCancelled: (@Sendable () -> Bool)? = nil
    ) throws(CancellationError) -> SimulationResult {
        try run(
            threads: threads, variant: varlab_best_variant(), samples: &samples, progress: progress,
            isCancelled: isCancelled)
    }

    /// The same on a chosen variant of the kernel, for the tests that compare them.
    package func run<Samples: SampleConsumer>(
        threads: Int,
        variant: varlab_variant,
        samples: inout Samples,
        progress: (@Sendable (Int) -> Void)? = nil,
        isCancelled: (@Sendable () -> Bool)? = nil
    ) throws(CancellationError) -> SimulationResult {
        let state = SharedSimulationState(SimulationState(counts: NoSamples(), samples: samples))
        try run(threads: threads, variant: variant, share: wholeShare, in: state, progress: progress, isCancelled: isCancelled)
        let (result, total) = result(of: state.snapshot, threads: threads)!
        samples = total
        return result
    }

    /// How many whole leaves of the merge tree the run has; behind the last one there may be a rest.
    public var leafCount: Int { plan.leafCount }

    /// Runs a part of the simulation.
    /// - Parameters:
    ///   - threads: as for a whole run.
    ///   - share: which part.
    ///   - state: gets the leaves as they are finished, also those before a cancellation.
    ///   - progress: as for a whole run.
    ///   - isCancelled: as for a whole run.
    /// - Precondition: none of them is in the state.
    /// - Throws: `CancellationError` when `isCancelled` said so.
    public func run<Counts: SampleConsumer, Samples: SampleConsumer>(
        threads: Int, share: SimulationShare, in state: SharedSimulationState<Counts, Samples>,
        progress: (@Sendable (Int) -> Void)? = nil, isCancelled: (@Sendable () -> Bool)? = nil
    ) throws(CancellationError) {
        try run(
            threads: threads, variant: varlab_best_variant(), share: share, in: state, progress: progress, isCancelled: isCancelled)
    }

    private func run<Counts: SampleConsumer, Samples: SampleConsumer>(
        threads: Int, variant: varlab_variant, share: SimulationShare, in state: SharedSimulationState<Counts, Samples>,
        progress: (@Sendable (Int) -> Void)?, isCancelled: (@Sendable () -> Bool)?
    ) throws(CancellationError) {
        precondition(threads >= 1 && varlab_variant_is_available(variant))
        precondition((share.leaves.first?.lowerBound ?? 0) >= 0 && (share.leaves.last?.upperBound ?? 0) <= plan.leafCount)
        let collector = PartCollector(state, progress: progress)
        // As long as there are many leaves, every thread folds its own: nobody waits for another. The last ones are shared.
        let (own, shared) = share.splitting(last: 2 * threads)
        let queue = LeafQueue(own, isCancelled: isCancelled)
        let merger = ChunkMerger(
            parts: shared.map { .leaf($0) } + (share.rest && !plan.rest.isEmpty ? [.rest] : []), of: plan, meanCount: parameters.means.count,
            hasUpdates: hasUpdates, window: 2 * threads, collector: collector, isCancelled: isCancelled)
        onThreads(max(1, min(threads, max(queue.count, merger.count)))) { _ in work(queue, merger, collector, variant) }
        guard queue.isFinished, merger.isFinished else { throw CancellationError() }
    }

    /// The moments of a state that has the whole run, and what its samples are in all; nil while parts are missing.
    public func result<Counts, Samples>(of state: SimulationState<Counts, Samples>, threads: Int = 1) -> (SimulationResult, Samples)? {
        guard state.forest.leaves == (plan.leafCount == 0 ? [] : [0..<plan.leafCount]), (state.rest == nil) == plan.rest.isEmpty,
            let total = state.forest.total(rest: state.rest)
        else { return nil }
        return (SimulationResult(parameters: parameters, tables: tables, sums: total.sums, threads: threads), total.samples)
    }

    private var hasUpdates: Bool { parameters.beta1 != nil }

    /// What every thread does: take leaves and then chunks until none is left.
    private func work<Counts, Samples>(
        _ queue: LeafQueue, _ merger: ChunkMerger<Counts, Samples>, _ collector: PartCollector<Counts, Samples>, _ variant: varlab_variant
    ) {
        let meanCount = parameters.means.count
        let quantities = hasUpdates ? 2 : 1
        let workspace = UnsafeMutableRawPointer.allocate(
            byteCount: varlab_simulation_workspace(Int32(meanCount), hasUpdates), alignment: 64)
        defer { workspace.deallocate() }
        tables.withKernel { kernel in
            func simulate(_ trajectories: Range<Int>, _ sums: inout [Double], _ samples: inout [Double]) {
                sums.resize(to: 4 * meanCount * parameters.iterations * quantities)
                samples.resize(to: parameters.sampleSteps.count * meanCount * trajectories.count * quantities)
                sums.withUnsafeMutableBufferPointer { sums in
                    samples.withUnsafeMutableBufferPointer { samples in
                        varlab_simulate(
                            variant, kernel, UInt64(trajectories.lowerBound), Int32(trajectories.count), workspace,
                            sums.baseAddress, samples.baseAddress)
                    }
                }
            }
            var sums: [Double] = [], samples: [Double] = []
            leaves: while let leaf = queue.take() {
                var result = collector.empty
                let chunks = plan.chunks(of: .leaf(leaf))
                for index in 0..<chunks.count {
                    if queue.isCancelled() { break leaves }
                    simulate(chunks[index], &sums, &samples)
                    result.add(sums, SampleBlock(trajectories: chunks[index], meanCount: meanCount, values: samples, hasUpdates: hasUpdates))
                    collector.report(chunks[index].count)
                }
                collector.finish(.leaf(leaf), result)
            }
            while var chunk = merger.take() {
                simulate(merger.trajectories(of: chunk), &chunk.sums, &chunk.samples)
                merger.add(chunk)
            }
        }
    }
}

extension [Double] {
    /// Gives the array this size; the elements it keeps are of no interest.
    fileprivate mutating func resize(to size: Int) {
        if count > size { removeLast(count - size) }
        if count < size { append(contentsOf: repeatElement(0, count: size - count)) }
    }
}
