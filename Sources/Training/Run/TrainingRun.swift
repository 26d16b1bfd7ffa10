import Errors
import Foundation
import Optimizers
import Theory

/// Everything that decides the numbers of one run on a workload.
public struct RunPlan: Hashable, Codable, Sendable {
    /// The method of each stretch of steps.
    public var stretches: [Stretch]
    /// Of the initial parameters, the order of the batches and dropout.
    public var seed: UInt64
    /// Updates of the parameters; a freeze comes before them.
    public var steps: Int
    /// Whether the parameters stay at their initial values, so that the gradients differ by the batch alone.
    public var freezesParameters: Bool

    public init(stretches: [Stretch], seed: UInt64, steps: Int, freezesParameters: Bool = false) {
        self.stretches = stretches
        self.seed = seed
        self.steps = steps
        self.freezesParameters = freezesParameters
    }

    /// N of an Adam-Nk: iterations before the first update, which are counted -(N-1), …, 0 as in the paper.
    public var frozenIterations: Int { freezesParameters ? 0 : stretches.first?.method.freeze?.steps ?? 0 }
    /// All iterations.
    public var iterations: Int { frozenIterations + steps }
}

/// What one iteration of a run did.
public struct TrainingStep: Hashable, Codable, Sendable {
    /// Counted from 1, and in a freeze of N iterations from -(N-1).
    public var index: Int
    /// Of this iteration's batch before the update: what the gradient is of, label smoothing included.
    public var loss: Double
    /// ‖g‖ before clipping.
    public var gradientNorm: Double
    /// The root mean square over all parameters of the update that is subtracted from θ_{t-1}, before θ_t rounds it; nil where they
    /// are held at θ_0.
    public var updateRMS: Double?
    /// α_t; nil where the parameters are held.
    public var stepSize: Double?
    /// r_t; nil where the step is not rectified.
    public var rectification: Double?

    /// Whether the loss and the gradient are numbers.
    public var isFinite: Bool { loss.isFinite && gradientNorm.isFinite }
}

/// What a network does on data it does not learn from: means over all predicted symbols or images.
public struct Evaluation: Hashable, Codable, Sendable {
    /// As the training loss is counted, label smoothing included.
    public var loss: Double
    /// The mean of -ln p(target).
    public var negativeLogLikelihood: Double
    /// The share of predictions that are right.
    public var accuracy: Double

    /// e to the power of the mean negative log likelihood.
    public var perplexity: Double { exp(negativeLogLikelihood) }
}

/// One run: a model, its parameters, an optimizer and the stream of batches, iteration by iteration.
///
/// It is used by one thread, and its numbers depend on plan and workload alone: not on what runs beside it, and not on whether
/// it was stopped and resumed from its ``checkpoint``. After the first epoch an iteration allocates nothing.
public final class TrainingRun<Work: Workload> {
    public let plan: RunPlan
    private let workload: Work
    private let model: Work.Model
    private var parameters: [Float]
    private var previous: [Float]
    private var gradients: [Float]
    private var optimizer: Optimizer<Float>
    private var stream: BatchStream<Work.Source>
    private var batch: Work.Source.Batch

    /// - Throws: `ParameterError` for a method with a value outside its domain.
    public init(_ workload: Work, plan: RunPlan) throws(ParameterError) {
        self.workload = workload
        self.plan = plan
        model = workload.makeModel()
        parameters = model.initialParameters(seed: plan.seed)
        previous = parameters
        gradients = [Float](repeating: 0, count: parameters.count)
        optimizer = try Optimizer(plan.stretches, count: parameters.count)
        stream = BatchStream(workload.training, seed: plan.seed)
        batch = workload.training.emptyBatch
    }

    /// How many parameters there are.
    public var parameterCount: Int { parameters.count }
    /// How many iterations are done.
    public var iterationsDone: Int { stream.step }
    public var isFinished: Bool { iterationsDone >= plan.iterations }

    /// The gradient of the last iteration, before clipping, in the order of the model's layout.
    public func withGradients<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
        try gradients.withUnsafeBufferPointer(body)
    }

    /// The next iteration.
    public func step() -> TrainingStep {
        let iteration = stream.step
        stream.next(into: &batch)
        let loss = parameters.withUnsafeBufferPointer { parameters in
            gradients.withUnsafeMutableBufferPointer { gradients in
                model.train(
                    parameters: parameters, gradients: gradients, batch: batch,
                    key: StepKey(seed: plan.seed, step: UInt64(iteration)))
            }
        }
        let norm = gradients.withUnsafeBufferPointer { Optimizer.norm($0) }
        var result = TrainingStep(
            index: iteration + 1 - plan.frozenIterations, loss: loss.objective, gradientNorm: norm)
        guard !plan.freezesParameters else { return result }
        previous.withUnsafeMutableBufferPointer { previous in
            parameters.withUnsafeBufferPointer { _ = previous.update(fromContentsOf: $0) }
        }
        let step = optimizer.update(&parameters, gradients: gradients)
        result.stepSize = step.stepSize
        result.rectification = step.rectification
        result.updateRMS = gradients.withUnsafeBufferPointer { gradients in
            previous.withUnsafeBufferPointer { optimizer.updateRootMeanSquare(of: step, gradients: gradients, previous: $0) }
        }
        return result
    }

    /// The loss on the workload's validation data; nil where there are none.
    public func evaluate() -> Evaluation? {
        let source = workload.validation
        guard source.batchesPerEpoch > 0 else { return nil }
        var batch = source.emptyBatch
        let order = source.inOrder
        var sum = (loss: 0.0, likelihood: 0.0, count: 0, correct: 0)
        for place in 0..<source.batchesPerEpoch {
            source.fill(&batch, place: place, of: order)
            let loss = parameters.withUnsafeBufferPointer { model.evaluate(parameters: $0, batch: batch) }
            sum.loss += loss.objective * Double(loss.count)
            sum.likelihood += loss.negativeLogLikelihood * Double(loss.count)
            sum.count += loss.count
            sum.correct += loss.correct ?? 0
        }
        let count = Double(sum.count)
        return Evaluation(
            loss: sum.loss / count, negativeLogLikelihood: sum.likelihood / count, accuracy: Double(sum.correct) / count)
    }

    /// All that a run needs to go on as if it had not been stopped.
    public struct Checkpoint: Codable, Sendable {
        var plan: RunPlan
        var iterations: Int
        /// The bytes of θ.
        var parameters: Data
        var optimizer: OptimizerState<Float>
        var model: Work.Model.RunningState
    }

    public var checkpoint: Checkpoint {
        Checkpoint(
            plan: plan, iterations: stream.step, parameters: parameters.withUnsafeBytes { Data($0) },
            optimizer: optimizer.state, model: model.runningState)
    }

    /// Goes on where a run of the same plan stopped.
    /// - Throws: `ParameterError` for the checkpoint of another plan or another model.
    public convenience init(_ workload: Work, plan: RunPlan, resuming checkpoint: Checkpoint) throws(ParameterError) {
        try self.init(workload, plan: plan)
        guard checkpoint.plan == plan, checkpoint.parameters.count == parameters.count * MemoryLayout<Float>.stride else {
            throw ParameterError(parameter: .resume, value: "a checkpoint", rule: "must be of the same plan and network")
        }
        parameters.withUnsafeMutableBytes { _ = checkpoint.parameters.copyBytes(to: $0) }
        optimizer = try Optimizer(plan.stretches, count: parameters.count, state: checkpoint.optimizer)
        model.runningState = checkpoint.model
        stream = BatchStream(workload.training, seed: plan.seed, step: checkpoint.iterations)
    }
}
