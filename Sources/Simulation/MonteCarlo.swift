import CKernels
import Concurrency

/// The Monte Carlo simulation of ψ_t (paper, section 5.3 and figure 9).
///
/// The promise: equal parameters and seed give equal bits, for any number of threads and on any processor with IEEE 754
/// arithmetic: x86-64 of any vector width, arm64. It rests on a counter-based generator, on arithmetic that uses
/// nothing but IEEE operations in a written order, on chunks that do not depend on the threads, and on merging them in
/// their order.
///
/// Memory is proportional to iterations times means times threads, never to the trajectories.
public struct MonteCarlo: Sendable {
    public let parameters: SimulationParameters
    private let tables: KernelTables
    private let plan: ChunkPlan

    public init(_ parameters: SimulationParameters) {
        self.parameters = parameters
        tables = KernelTables(parameters)
        plan = ChunkPlan(trajectories: parameters.trajectories)
    }

    /// Runs the simulation and returns the moments.
    ///
    /// - Parameters:
    ///   - threads: how many threads compute, at least 1; the calling one is the first of them.
    ///   - progress: called with the number of trajectories merged so far, from one thread at a time.
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
    /// After a cancellation the consumer has seen the samples of the chunks merged until then.
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
        precondition(threads >= 1 && varlab_variant_is_available(variant))
        let workers = min(threads, plan.count)
        let merger = ChunkMerger(
            plan: plan, meanCount: parameters.means.count, samples: samples, window: 2 * workers, progress: progress,
            isCancelled: isCancelled)
        onThreads(workers) { _ in work(merger, variant) }

        let (sums, consumer) = merger.finish()
        samples = consumer
        guard let sums else { throw CancellationError() }
        return SimulationResult(parameters: parameters, tables: tables, sums: sums)
    }

    /// What every thread does: take chunks until none is left.
    private func work<Samples>(_ merger: ChunkMerger<Samples>, _ variant: varlab_variant) {
        let meanCount = parameters.means.count
        let sumCount = 4 * meanCount * parameters.iterations
        let workspace = UnsafeMutableRawPointer.allocate(
            byteCount: varlab_simulation_workspace(Int32(meanCount)), alignment: 64)
        defer { workspace.deallocate() }
        tables.withKernel { kernel in
            while var chunk = merger.take() {
                let trajectories = plan[chunk.index]
                let sampleCount = parameters.sampleSteps.count * meanCount * trajectories.count
                chunk.sums.resize(to: sumCount)
                chunk.samples.resize(to: sampleCount)
                chunk.sums.withUnsafeMutableBufferPointer { sums in
                    chunk.samples.withUnsafeMutableBufferPointer { samples in
                        varlab_simulate(
                            variant, kernel, UInt64(trajectories.lowerBound), Int32(trajectories.count), workspace,
                            sums.baseAddress, samples.baseAddress)
                    }
                }
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
