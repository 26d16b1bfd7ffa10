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
