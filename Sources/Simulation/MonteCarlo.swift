import CKernels
import Concurrency

/// The Monte Carlo simulation of ψ_t (paper, section 5.3 and figure 9).
///
/// The promise: equal parameters and seed give equal bits, for any number of threads and on any processor with IEEE 754
/// arithmetic: x86-64 of any vector width, arm64. It rests on a counter-based generator, on arithmetic that uses
/// nothing but IEEE operations in a written order, on chunks that do not depend on the threads, and on merging them in
/// their order.
///
/// With ``SimulationParameters/beta1`` it has the updates u_t = m̂_t ψ_t of the same trajectories too.
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
            plan: plan, meanCount: parameters.means.count, hasUpdates: hasUpdates, samples: samples, window: 2 * workers, progress: progress,
            isCancelled: isCancelled)
        onThreads(workers) { _ in work(merger, variant) }

        let (sums, consumer) = merger.finish()
        samples = consumer
        guard let sums else { throw CancellationError() }
        return SimulationResult(parameters: parameters, tables: tables, sums: sums)
    }

    private var hasUpdates: Bool { parameters.beta1 != nil }

    /// What every thread does: take chunks until none is left.
    private func work<Samples>(_ merger: ChunkMerger<Samples>, _ variant: varlab_variant) {
        let meanCount = parameters.means.count
        let quantities = hasUpdates ? 2 : 1
        let sumCount = 4 * meanCount * parameters.iterations * quantities
        let workspace = UnsafeMutableRawPointer.allocate(
            byteCount: varlab_simulation_workspace(Int32(meanCount), hasUpdates), alignment: 64)
        defer { workspace.deallocate() }
        tables.withKernel { kernel in
            while var chunk = merger.take() {
                let trajectories = plan[chunk.index]
                let sampleCount = parameters.sampleSteps.count * meanCount * trajectories.count * quantities
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

/// Takes the ψ_t of the chosen iterations as they are merged, so that no run holds all its trajectories.
///
/// ``MonteCarlo`` calls it from one thread at a time, with blocks in the order of the trajectories, which do not depend on
/// the number of threads.
public protocol SampleConsumer: Sendable {
    mutating func consume(_ block: SampleBlock)
}

/// ψ, and with a `beta1` the update, of consecutive trajectories at the chosen iterations.
public struct SampleBlock: Sendable {
    /// The trajectories, counted from 0.
    public let trajectories: Range<Int>
    private let meanCount: Int
    private let values: [Double]
    /// Where the updates begin; at the end without.
    private let updateStart: Int

    init(trajectories: Range<Int>, meanCount: Int, values: [Double], hasUpdates: Bool = false) {
        self.trajectories = trajectories
        self.meanCount = meanCount
        self.values = values
        updateStart = hasUpdates ? values.count / 2 : values.count
    }

    /// ψ of each trajectory, in order, for the given positions in `sampleSteps` and `means`.
    public func values(stepIndex: Int, meanIndex: Int) -> ArraySlice<Double> {
        let start = (stepIndex * meanCount + meanIndex) * trajectories.count
        return values[start..<start + trajectories.count]
    }

    /// The update u of each trajectory, likewise.
    /// - Precondition: the simulation has a `beta1`.
    public func updates(stepIndex: Int, meanIndex: Int) -> ArraySlice<Double> {
        let start = updateStart + (stepIndex * meanCount + meanIndex) * trajectories.count
        return values[start..<start + trajectories.count]
    }
}

/// Drops the samples.
public struct NoSamples: SampleConsumer {
    public init() {}
    public mutating func consume(_ block: SampleBlock) {}
}

/// Two consumers of the same samples.
public struct BothConsumers<First: SampleConsumer, Second: SampleConsumer>: SampleConsumer {
    public var first: First
    public var second: Second

    public init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }

    public mutating func consume(_ block: SampleBlock) {
        first.consume(block)
        second.consume(block)
    }
}
