import Foundation

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
