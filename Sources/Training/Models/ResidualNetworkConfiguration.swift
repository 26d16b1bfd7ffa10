import Errors

/// What a residual block adds to its branch where the branch halves the image or has more channels than the block's input.
///
/// Elsewhere the shortcut is the input itself.
public enum ResidualShortcut: String, Sendable, Codable, CaseIterable {
    /// A 1×1 convolution with the branch's stride, and batch normalisation: option B of He et al. (2016).
    case projection
    /// Every second pixel of every second row, with zeros in the channels that the input does not have: option A, which has no
    /// parameters and is what their networks for CIFAR-10 use.
    case padded
}

/// The shape of a residual network with stages, as He et al. (2016, section 4.2) have it for CIFAR-10.
///
/// ResNet-20 for CIFAR-10 is `inputChannels` 3, `height` and `width` 32, `widths` [16, 32, 64] and three blocks per stage.
public struct ResidualNetworkConfiguration: Sendable, Equatable, Codable {
    /// Of the images: 1 where they are grey, 3 where they have colours.
    public let inputChannels: Int
    /// Rows of an image.
    public let height: Int
    /// Pixels in a row.
    public let width: Int
    public let classes: Int
    /// The channels of each stage. Every stage but the first begins with stride 2: an image of n rows has ⌈n/2⌉ behind it.
    public let widths: [Int]
    /// Residual blocks of each stage, of two convolutions each.
    public let blocksPerStage: Int
    public let shortcut: ResidualShortcut
    /// The share of the label's probability that is spread over all classes.
    public let labelSmoothing: Double

    /// The largest value of each number, far above any network that could be trained here: products of a few of them are numbers still.
    private static let largest = 1 << 14

    /// - Throws: `ParameterError` unless `inputChannels`, `height`, `width`, `blocksPerStage` and every one of `widths` are in
    ///   1...16384, `classes` in 2...16384, `widths` of 1 to 16 numbers that do not fall where `shortcut` is padded, and `labelSmoothing` in [0, 1).
    public init(
        inputChannels: Int, height: Int, width: Int, classes: Int = 10, widths: [Int] = [8, 16, 32], blocksPerStage: Int = 3,
        shortcut: ResidualShortcut = .projection, labelSmoothing: Double = 0
    ) throws(ParameterError) {
        for (name, value, least) in [
            (Parameter.inputChannels, inputChannels, 1), (.height, height, 1), (.width, width, 1), (.classes, classes, 2),
            (.blocksPerStage, blocksPerStage, 1),
        ] where !(least...Self.largest).contains(value) {
            throw ParameterError(parameter: name, value: value, rule: "must be in \(least)...\(Self.largest)")
        }
        guard (1...16).contains(widths.count) else {
            throw ParameterError(parameter: .widths, value: widths.count, rule: "must be 1 to 16 numbers, one for each stage")
        }
        for value in widths where !(1...Self.largest).contains(value) {
            throw ParameterError(parameter: .widths, value: value, rule: "must be in 1...\(Self.largest)")
        }
        if shortcut == .padded {
            for (before, value) in zip(widths, widths.dropFirst()) where value < before {
                throw ParameterError(
                    parameter: .widths, value: value, rule: "must not be below the stage's before (\(before)), since its shortcut is padded")
            }
        }
        if !(labelSmoothing >= 0 && labelSmoothing < 1) {
            throw ParameterError(parameter: .labelSmoothing, value: labelSmoothing, rule: "must be in [0, 1)")
        }
        self.inputChannels = inputChannels
        self.height = height
        self.width = width
        self.classes = classes
        self.widths = widths
        self.blocksPerStage = blocksPerStage
        self.shortcut = shortcut
        self.labelSmoothing = labelSmoothing
    }
}
