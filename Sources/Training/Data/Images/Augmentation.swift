import Errors

/// How images are changed each time a network sees them in training: mirrored or not, and moved by a few pixels.
public struct Augmentation: Sendable, Hashable, Codable {
    /// Whether half of the images are mirrored, left and right.
    public let flips: Bool
    /// By how many pixels an image is moved at most, up or down, left or right; what comes in from outside is 0, as if the image had
    /// been padded with so many rows and columns of zeros and cut to its size at random.
    public let largestShift: Int

    /// Images as they are.
    public static let none = Augmentation(unchecked: false, 0)

    /// - Throws: `ParameterError` unless `largestShift` is at least 0 and less than the images' sides.
    public init(flips: Bool, largestShift: Int, shape: ImageShape) throws(ParameterError) {
        let side = min(shape.height, shape.width)
        guard (0..<side).contains(largestShift) else {
            throw ParameterError(
                parameter: .shift, value: largestShift, rule: "must be from 0 to \(side - 1) for images of \(shape.height)×\(shape.width) pixels")
        }
        self.init(unchecked: flips, largestShift)
    }

    private init(unchecked flips: Bool, _ largestShift: Int) {
        self.flips = flips
        self.largestShift = largestShift
    }

    /// What happens to one image.
    struct Change: Equatable, Sendable {
        var isMirrored = false
        /// How far it moves down and right.
        var down = 0, right = 0

        static let none = Change()
    }

    /// The change of an image in an epoch: a function of seed, epoch and image alone, whatever was drawn before. Mirrored with probability
    /// 1/2, and of the 2·``largestShift`` + 1 shifts each way one, to within 2^-30 equally likely.
    func change(seed: UInt64, epoch: Int, image: Int) -> Change {
        guard self != .none else { return .none }
        let words = RandomWords(seed: seed, purpose: .augmentation, number: epoch).words(at: UInt64(image))
        let choices = UInt64(2 * largestShift + 1)
        func shift(_ word: UInt32) -> Int { Int((UInt64(word) * choices) >> 32) - largestShift }
        return Change(isMirrored: flips && words.0 >> 31 == 1, down: shift(words.1), right: shift(words.2))
    }
}
