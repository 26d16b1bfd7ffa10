import CKernels
import Dispatch
import Errors
import Theory

/// A method at work on a flat buffer of parameters.
///
///     var optimizer = try Optimizer<Float>(method, count: parameters.count)
///     optimizer.update(&parameters, gradients: gradients)
///
/// A step allocates nothing and reads and writes every buffer once, in vectors of the widest instruction set at hand: 28 bytes
/// a parameter for RAdam in single precision. Its result does not depend on the number of threads or on the processor.
public struct Optimizer<Scalar: OptimizerScalar>: Sendable {
    public private(set) var stretches: [Stretch]
    /// The number of parameters.
    public let count: Int
    public private(set) var state: OptimizerState<Scalar>
    private var sequences: [StepSequence]
    package var variant = varlab_best_variant()

    /// - Throws: `ParameterError` for a method with a value outside its domain.
    public init(_ method: OptimizationMethod, count: Int) throws(ParameterError) {
        try self.init([Stretch(firstStep: 1, method: method)], count: count)
    }

    /// - Throws: `ParameterError` for stretches that do not follow one another from step 1, or an invalid method.
    public init(_ stretches: [Stretch], count: Int) throws(ParameterError) {
        let buffers = Buffers(stretches)
        func zeros(_ isNeeded: Bool) -> [Scalar] { isNeeded ? zerosInLargePages(count: count) : [] }
        try self.init(
            stretches, count: count,
            state: OptimizerState(
                step: 0, momentum: zeros(buffers.momentum), secondMoment: zeros(buffers.secondMoment),
                gradientAverage: zeros(buffers.gradientAverage)))
    }

    /// Continues where another optimizer of the same stretches stopped, with the same bits as if it had not.
    ///
    /// - Throws: `ParameterError` also for a state whose buffers are not those of these methods and this count.
    public init(_ stretches: [Stretch], count: Int, state: OptimizerState<Scalar>) throws(ParameterError) {
        try Stretch.validate(stretches)
        let buffers = Buffers(stretches)
        for (name, buffer, isNeeded) in [
            ("momentum", state.momentum, buffers.momentum), ("second moment", state.secondMoment, buffers.secondMoment),
            ("gradient average", state.gradientAverage, buffers.gradientAverage),
        ] where buffer.count != (isNeeded ? count : 0) {
            throw ParameterError(
                parameter: .state, value: "with \(buffer.count) values of \(name)",
                rule: "must have \(isNeeded ? count : 0) for these methods")
        }
        guard (0...OptimizationMethod.longestSchedule).contains(state.step) else {
            throw ParameterError(
                parameter: .state, value: "at step \(state.step)", rule: "must be at a step from 0 to \(OptimizationMethod.longestSchedule)")
        }
        self.stretches = stretches
        self.count = count
        self.state = state
        var sequences: [StepSequence] = []
        for stretch in stretches { sequences.append(try StepSequence(stretch.method)) }
        self.sequences = sequences
    }

    /// Takes the next step.
    ///
    /// - Parameters:
    ///   - parameters: [count], θ_{t-1} before and θ_t after.
    ///   - gradients: [count], g_t.
    ///   - threads: at most so many work on it.
    /// - Returns: what the step was made of.
    @discardableResult
    public mutating func update(_ parameters: inout [Scalar], gradients: [Scalar], threads: Int = 1) -> OptimizerStep {
        parameters.withUnsafeMutableBufferPointer { parameters in
            gradients.withUnsafeBufferPointer { update(parameters, gradients: $0, threads: threads) }
        }
    }

    /// The same on memory that stays where it is.
    @discardableResult
    public mutating func update(
        _ parameters: UnsafeMutableBufferPointer<Scalar>, gradients: UnsafeBufferPointer<Scalar>, threads: Int = 1
    ) -> OptimizerStep {
        precondition(parameters.count == count && gradients.count == count, "as many values as parameters")
        state.step += 1
        var step = nextStep()
        guard count > 0 else { return step }
        if let clipping = currentMethod.clipping {
            step.update.gradient_scale = clipping.factor(norm: Self.norm(gradients, variant: variant))
        }
        let freezesMomentum = step.rule == .freeze
        state.momentum.withUnsafeMutableBufferPointer { momentum in
            state.secondMoment.withUnsafeMutableBufferPointer { secondMoment in
                state.gradientAverage.withUnsafeMutableBufferPointer { gradientAverage in
                    let pass = UpdatePass(
                        update: step.update, parameters: parameters.baseAddress!, gradients: gradients.baseAddress!,
                        momentum: momentum.isEmpty || freezesMomentum ? nil : momentum.baseAddress,
                        secondMoment: secondMoment.isEmpty ? nil : secondMoment.baseAddress,
                        gradientAverage: gradientAverage.isEmpty ? nil : gradientAverage.baseAddress, variant: variant)
                    pass.run(count: count, threads: threads)
                }
            }
        }
        return step
    }

    /// The Euclidean norm of a gradient.
    public static func norm(_ gradients: UnsafeBufferPointer<Scalar>) -> Double {
        norm(gradients, variant: varlab_best_variant())
    }

    private static func norm(_ gradients: UnsafeBufferPointer<Scalar>, variant: varlab_variant) -> Double {
        guard let base = gradients.baseAddress else { return 0 }
        return Scalar.sumOfSquares(base, count: gradients.count, variant: variant).squareRoot()
    }

    private var currentIndex: Int { index(at: state.step) }
    private var currentMethod: OptimizationMethod { stretches[currentIndex].method }

    private func index(at step: Int) -> Int { stretches.lastIndex { $0.firstStep <= max(step, 1) }! }

    /// Changes α of every method from the next step on, as a caller's own schedule of the step size does.
    /// - Throws: `ParameterError` unless it is finite and at least 0; then nothing has changed.
    public mutating func set(learningRate: Double) throws(ParameterError) {
        var changed = sequences
        for index in changed.indices { try changed[index].set(learningRate: learningRate) }
        sequences = changed
        for index in stretches.indices { stretches[index].method.stepSize.learningRate = learningRate }
    }

    /// The method that takes step t.
    public func method(at step: Int) -> OptimizationMethod { stretches[index(at: step)].method }

    /// The step of the current method, with the averages that only other methods need moving along.
    private mutating func nextStep() -> OptimizerStep {
        let current = currentIndex
        var step = sequences[current].step(at: state.step)
        if stretches.count == 1 { return step }
        let others = stretches[(current + 1)...] + stretches[..<current].reversed()
        if stretches[current].method.momentum == .none,
            let donor = others.first(where: { $0.method.momentum.needsBuffer }) {
            step.update.setMomentum(donor.method.momentum, isFirst: state.step == 1)
        }
        if stretches[current].method.adaptiveRate == nil,
            let rate = others.lazy.compactMap(\.method.adaptiveRate).first {
            step.update.setSecondMoment(rate)
        }
        return step
    }
}

/// Which averages a list of methods needs.
private struct Buffers {
    let momentum, secondMoment, gradientAverage: Bool

    init(_ stretches: [Stretch]) {
        momentum = stretches.contains { $0.method.momentum.needsBuffer }
        secondMoment = stretches.contains { $0.method.adaptiveRate != nil }
        gradientAverage = stretches.contains { $0.method.adaptiveRate?.isCentred == true }
    }
}
