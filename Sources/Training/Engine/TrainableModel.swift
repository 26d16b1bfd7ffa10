/// A network that one training loop can serve: parameters and gradients are flat buffers that the loop owns.
///
/// A model owns its memory and is used by one thread at a time; models are independent of each other.
public protocol TrainableModel<Scalar>: AnyObject {
    associatedtype Scalar: TrainingScalar
    associatedtype Batch
    associatedtype RunningState: Codable & Sendable

    var layout: ParameterLayout { get }

    /// What a run needs beside parameters and optimizer to be resumed.
    var runningState: RunningState { get set }

    /// The loss of a batch in training mode and its gradient, which overwrites `gradients`.
    ///
    /// - Parameters:
    ///   - parameters: `layout.count` numbers.
    ///   - gradients: as many.
    ///   - key: what dropout draws from; the same key gives the same bits.
    func train(
        parameters: UnsafeBufferPointer<Scalar>, gradients: UnsafeMutableBufferPointer<Scalar>, batch: Batch, key: StepKey
    ) -> BatchLoss

    /// The loss of a batch in evaluation mode, without dropout, and how many predictions are right.
    func evaluate(parameters: UnsafeBufferPointer<Scalar>, batch: Batch) -> BatchLoss
}

extension TrainableModel {
    /// The parameters before training; they depend on `seed` only.
    public func initialParameters(seed: UInt64) -> [Scalar] {
        layout.initialParameters(seed: seed, as: Scalar.self)
    }
}

/// The running state of a model whose loss depends on parameters, batch and key alone.
public struct NoRunningState: Codable, Sendable, Equatable {
    public init() {}
}

/// What a model says about one batch.
public struct BatchLoss: Sendable, Equatable {
    /// What the gradient is of: the mean over the predicted symbols or images, label smoothing included.
    public var objective: Double
    /// The mean of -ln p(target), without label smoothing; its exponential is the perplexity.
    public var negativeLogLikelihood: Double
    /// How many symbols or images were predicted, the means' divisor.
    public var count: Int
    /// How many of them the largest logit gets right (the first one of equals); nil in training, where it is not counted.
    public var correct: Int?
}
