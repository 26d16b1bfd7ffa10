import Errors
import Foundation
import Optimizers
import Theory

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
