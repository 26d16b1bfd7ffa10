import Errors
import Theory

/// The shape of a Transformer and its regularisation.
public struct TransformerConfiguration: Sendable, Equatable, Codable {
    /// What the network reads and predicts.
    public enum Architecture: String, Sendable, Codable, CaseIterable {
        /// Source sentence in, target sentence out.
        case encoderDecoder
        /// A masked language model: symbols of the source sentence itself, wherever the target is not padding.
        case encoderOnly
    }

    public let architecture: Architecture
    /// Of the encoder, and as many of the decoder.
    public let layers: Int
    /// d, of the residual stream.
    public let width: Int
    /// Of each attention; they share the width.
    public let heads: Int
    /// The width between the two linear layers of a feed-forward branch.
    public let feedForward: Int
    public let sourceVocabulary: Int
    /// The source vocabulary again for the encoder alone.
    public let targetVocabulary: Int
    public let normPlacement: NormPlacement
    /// The share of numbers that are dropped behind every embedding and every residual branch; 0 for none.
    public let dropout: Double
    /// The share of the target's probability that is spread over all symbols.
    public let labelSmoothing: Double

    /// - Throws: ``Theory/ParameterError`` unless all counts are at least 1, the vocabularies at least 2, `width` is a multiple
    ///   of `heads`, `dropout` and `labelSmoothing` are in [0, 1), and both vocabularies of an encoder alone are the same.
    public init(
        architecture: Architecture = .encoderDecoder, layers: Int = 6, width: Int = 64, heads: Int = 4, feedForward: Int = 128,
        sourceVocabulary: Int, targetVocabulary: Int, normPlacement: NormPlacement = .post, dropout: Double = 0,
        labelSmoothing: Double = 0.1
    ) throws(ParameterError) {
        for (name, value, least) in [
            (Parameter.layers, layers, 1), (Parameter.width, width, 1), (Parameter.heads, heads, 1), (Parameter.feedForward, feedForward, 1),
            (Parameter.sourceVocabulary, sourceVocabulary, 2), (Parameter.targetVocabulary, targetVocabulary, 2),
        ] where value < least {
            throw ParameterError(parameter: name, value: value, rule: "must be at least \(least)")
        }
        if width % heads != 0 {
            throw ParameterError(parameter: .heads, value: heads, rule: "must divide the width, \(width)")
        }
        if architecture == .encoderOnly && sourceVocabulary != targetVocabulary {
            throw ParameterError(
                parameter: .targetVocabulary, value: targetVocabulary,
                rule: "must be the source vocabulary, \(sourceVocabulary), for an encoder alone")
        }
        for (name, value) in [(Parameter.dropout, dropout), (Parameter.labelSmoothing, labelSmoothing)] where !(value >= 0 && value < 1) {
            throw ParameterError(parameter: name, value: value, rule: "must be in [0, 1)")
        }
        self.architecture = architecture
        self.layers = layers
        self.width = width
        self.heads = heads
        self.feedForward = feedForward
        self.sourceVocabulary = sourceVocabulary
        self.targetVocabulary = targetVocabulary
        self.normPlacement = normPlacement
        self.dropout = dropout
        self.labelSmoothing = labelSmoothing
    }
}
