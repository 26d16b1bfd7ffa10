import Errors
import Theory

/// The shape of a residual network for small grey images.
public struct ResidualNetworkConfiguration: Sendable, Equatable, Codable {
    /// Of every convolution.
    public let channels: Int
    /// Residual blocks, of two convolutions each.
    public let blocks: Int
    public let classes: Int
    /// Pixels in a row and in a column.
    public let side: Int
    /// The share of the label's probability that is spread over all classes.
    public let labelSmoothing: Double

    /// - Throws: ``Theory/ParameterError`` unless `channels` and `side` are at least 1, `blocks` at least 0, `classes` at least 2
    ///   and `labelSmoothing` in [0, 1).
    public init(
        channels: Int = 16, blocks: Int = 3, classes: Int = 10, side: Int = Digits.side, labelSmoothing: Double = 0
    ) throws(ParameterError) {
        for (name, value, least) in [
            (Parameter.channels, channels, 1), (Parameter.blocks, blocks, 0), (Parameter.classes, classes, 2), (Parameter.side, side, 1),
        ] where value < least {
            throw ParameterError(parameter: name, value: value, rule: "must be at least \(least)")
        }
        if !(labelSmoothing >= 0 && labelSmoothing < 1) {
            throw ParameterError(parameter: .labelSmoothing, value: labelSmoothing, rule: "must be in [0, 1)")
        }
        self.channels = channels
        self.blocks = blocks
        self.classes = classes
        self.side = side
        self.labelSmoothing = labelSmoothing
    }
}
