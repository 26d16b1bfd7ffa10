import CLibC
import Errors
import Optimizers
import Synchronization

/// The optimizers that callers hold, by numbers that are never used twice, so that one that has ended is told from one that lives.
final class OptimizerRegistry: Sendable {
    static let shared = OptimizerRegistry()

    private struct Entries {
        var last: Int64 = 0
        var optimizers: [Int64: any HeldOptimizer] = [:]
    }

    private let entries = Mutex(Entries())

    func add(_ optimizer: any HeldOptimizer) -> Int64 {
        entries.withLock { entries in
            entries.last += 1
            entries.optimizers[entries.last] = optimizer
            return entries.last
        }
    }

    /// - Throws: `Misuse` for a number that no living optimizer has.
    func optimizer(_ handle: Int64) throws(Misuse) -> any HeldOptimizer {
        guard let optimizer = entries.withLock({ $0.optimizers[handle] }) else { throw Misuse("optimizer \(handle): there is none") }
        return optimizer
    }

    func remove(_ handle: Int64) {
        // Its memory is given back outside of the lock.
        let removed = entries.withLock { $0.optimizers.removeValue(forKey: handle) }
        _ = removed
    }
}

/// An optimizer of either precision, one step or copy at a time.
protocol HeldOptimizer: AnyObject, Sendable {
    /// The number of parameters, and the size of one.
    var count: Int { get }
    var bytes: Int { get }
    /// The steps taken and the lengths of the state's buffers.
    var sizes: (step: Int, momentum: Int, secondMoment: Int, gradientAverage: Int) { get }

    func set(learningRate: Double) throws
    func step(parameters: UnsafeMutableRawPointer?, gradients: UnsafeRawPointer?, threads: Int) throws -> OptimizerStep
    /// - Parameter buffers: for m, v and the gradients' average.
    func export(_ buffers: [UnsafeMutableRawPointer?]) throws
    func restore(step: Int, _ buffers: [UnsafeRawPointer?]) throws
}

final class SharedOptimizer<Scalar: OptimizerScalar>: HeldOptimizer {
    let count: Int
    var bytes: Int { MemoryLayout<Scalar>.stride }
    private let optimizer: Mutex<Optimizer<Scalar>>

    /// - Throws: `Misuse` for more parameters than there is room for, `ParameterError` as `Optimizer` does.
    init(_ method: OptimizationMethod, count: Int) throws {
        // Three buffers at most; where the system refuses them, an array would end the process.
        guard let room = malloc(max(1, 3 * count * MemoryLayout<Scalar>.stride)) else { throw Misuse("no memory for \(count) parameters") }
        free(room)
        self.count = count
        optimizer = Mutex(try Optimizer(method, count: count))
    }

    var sizes: (step: Int, momentum: Int, secondMoment: Int, gradientAverage: Int) {
        optimizer.withLock { ($0.state.step, $0.state.momentum.count, $0.state.secondMoment.count, $0.state.gradientAverage.count) }
    }

    func set(learningRate: Double) throws { try optimizer.withLock { try $0.set(learningRate: learningRate) } }

    func step(parameters: UnsafeMutableRawPointer?, gradients: UnsafeRawPointer?, threads: Int) throws -> OptimizerStep {
        let parameters = UnsafeMutableBufferPointer(start: parameters?.assumingMemoryBound(to: Scalar.self), count: parameters == nil ? 0 : count)
        let gradients = UnsafeBufferPointer(start: gradients?.assumingMemoryBound(to: Scalar.self), count: gradients == nil ? 0 : count)
        return try optimizer.withLock { optimizer in
            guard optimizer.state.step < OptimizationMethod.longestSchedule else {
                throw ParameterError(parameter: .steps, value: optimizer.state.step, rule: "no further step can be counted")
            }
            return optimizer.update(parameters, gradients: gradients, threads: threads)
        }
    }

    func export(_ buffers: [UnsafeMutableRawPointer?]) throws {
        try optimizer.withLock { optimizer in
            let state = optimizer.state
            for (buffer, values) in zip(buffers, [state.momentum, state.secondMoment, state.gradientAverage]) where !values.isEmpty {
                guard let buffer else { throw Misuse("a buffer of the state is a null pointer") }
                values.withUnsafeBytes { buffer.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
            }
        }
    }

    func restore(step: Int, _ buffers: [UnsafeRawPointer?]) throws {
        try optimizer.withLock { optimizer in
            let old = optimizer.state
            let lengths = [old.momentum.count, old.secondMoment.count, old.gradientAverage.count]
            let values = try zip(buffers, lengths).map { (buffer, length) throws(Misuse) -> [Scalar] in
                guard length > 0 else { return [] }
                guard let buffer else { throw Misuse("a buffer of the state is a null pointer") }
                return Array(UnsafeBufferPointer(start: buffer.assumingMemoryBound(to: Scalar.self), count: length))
            }
            let state = OptimizerState(step: step, momentum: values[0], secondMoment: values[1], gradientAverage: values[2])
            optimizer = try Optimizer(optimizer.stretches, count: optimizer.count, state: state)
        }
    }
}
