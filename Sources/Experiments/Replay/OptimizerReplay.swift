import Errors
import Files
import Optimizers
import Report
import Theory
import Traces

/// What an optimizer did at a recorded step.
struct ReplayRecord: Sendable {
    /// What is written of a step.
    struct Taken: Sendable {
        /// The optimizer's own count, which skipped steps do not enter.
        let index: Int
        let rule: OptimizerStep.Rule
        let stepSize: Double
        let rectification: Double?
        let epsilon: Double?
        let statistics: StepStatistics
    }

    /// As recorded, from 1.
    let step: Int
    /// Nil for a step that was skipped.
    let taken: Taken?
}

/// One optimizer on its way along the trace.
final class OptimizerReplay: @unchecked Sendable {
    // Touched by one thread at a time: that which takes the steps of a chunk, then the one that waited for all of them.
    private var optimizer: ObservedOptimizer
    private let parameters: UnsafeMutableBufferPointer<Double>
    private var file: TrajectoryFile?
    private(set) var records: [ReplayRecord] = []

    /// - Parameter initial: θ_0; nil for 0.
    init(_ method: OptimizationMethod, count: Int, initial: [Double]?, file: consuming TrajectoryFile?) throws(ParameterError) {
        optimizer = ObservedOptimizer(try Optimizer(method, count: count))
        parameters = .allocate(capacity: count)
        parameters.initialize(repeating: 0)
        if let initial { _ = parameters.update(fromContentsOf: initial) }
        self.file = file
    }

    deinit { parameters.deallocate() }

    /// - Parameters:
    ///   - skipped: recorded steps, from 0.
    ///   - threads: at most so many share a step.
    func take(_ chunk: WholeSteps.Chunk, skipping skipped: Set<Int>, threads: Int) throws {
        for (index, step) in chunk.steps.enumerated() {
            var taken: ReplayRecord.Taken?
            if !skipped.contains(step) {
                let (made, statistics) = optimizer.update(parameters, gradients: chunk.gradient(index), threads: threads)
                taken = ReplayRecord.Taken(
                    index: made.index, rule: made.rule, stepSize: made.stepSize, rectification: made.rectification,
                    epsilon: made.epsilon, statistics: statistics)
            }
            records.append(ReplayRecord(step: step + 1, taken: taken))
            try file?.append(parameters)
        }
    }

    func finish() throws(OutputError) { try file?.close() }
}

/// A trajectory as `.npy`, row by row as it grows: θ after each step.
struct TrajectoryFile: ~Copyable {
    private let file: StagedFile
    /// Nil once it is written.
    private var header: [UInt8]?
    /// Rows that wait to be written together.
    private let pending: UnsafeMutableBufferPointer<Double>
    private var count = 0

    /// - Parameter shape: [steps, …].
    init(_ file: StagedFile, shape: [Int], rowLength: Int) {
        self.file = file
        header = NpyWriter.header(shape: shape)
        pending = .allocate(capacity: max(rowLength, 1 << 15))
    }

    deinit { pending.deallocate() }

    mutating func append(_ row: UnsafeMutableBufferPointer<Double>) throws(OutputError) {
        if count + row.count > pending.count { try flush() }
        (pending.baseAddress! + count).update(from: row.baseAddress!, count: row.count)
        count += row.count
    }

    mutating func close() throws(OutputError) {
        try flush()
        try file.close()
    }

    private mutating func flush() throws(OutputError) {
        if let header { try file.write(header) }
        header = nil
        try NpyWriter.write(UnsafeBufferPointer(rebasing: pending[..<count])) { (bytes) throws(OutputError) in
            try file.write(bytes)
        }
        count = 0
    }
}

/// The root mean square of an update that the exact law gives for independent normal gradients of mean 0 and any σ:
/// α_t r_t √E[(m̂_t ψ_t)²], without ε.
///
/// Only of adaptive steps whose m̂_t and v̂_t are bias-corrected averages of all gradients, as recorded, and whose ε is the 1e-8 that
/// all implementations have, or less: not of methods with another momentum, a look-ahead, centring, a freeze, weight decay, clipping,
/// or an ε that is there to change ψ.
struct UpdateReference {
    private struct Decays: Hashable {
        let beta1, beta2: Double
    }

    private static let negligibleEpsilon = 1e-8

    private let lastStep: Int
    private var known: [Decays: [Double]] = [:]

    /// - Parameter lastStep: at least 1, the highest count of an optimizer's steps.
    init(lastStep: Int) { self.lastStep = lastStep }

    /// E[(m̂_t ψ_t)²] for t from 1 on; nil where the law does not hold.
    mutating func secondMoments(of method: OptimizationMethod) -> [Double]? {
        guard case .average(let beta1, let correction, .none) = method.momentum, correction != .none,
            let rate = method.adaptiveRate, rate.biasCorrection != .none, !rate.isCentred,
            case .constant(...Self.negligibleEpsilon) = rate.epsilon, method.freeze == nil, method.clipping == nil, method.weightDecay.rate == 0
        else { return nil }
        let decays = Decays(beta1: beta1, beta2: rate.decay)
        if let moments = known[decays] { return moments }
        let count = min(lastStep, Self.lastChange(max(beta1, rate.decay)))
        // It throws only for a positive β2 below 1e-100, outside of the exact law's domain.
        guard var moments = try? ExactLaw.updateSecondMoment(beta1: beta1, beta2: rate.decay, at: Array(1...count)) else { return nil }
        moments += Array(repeating: moments[count - 1], count: lastStep - count)
        known[decays] = moments
        return moments
    }

    /// From here on the law stands still: β^t is below 1e-20, and so is what the first gradients still weigh.
    private static func lastChange(_ decay: Double) -> Int {
        let steps = 46.1 / (1 - decay)
        return steps < 1e15 ? Int(steps.rounded(.up)) + 1 : Int.max
    }
}
