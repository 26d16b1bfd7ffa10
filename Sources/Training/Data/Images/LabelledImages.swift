/// The shape of one image.
public struct ImageShape: Sendable, Hashable, Codable {
    public let channels: Int
    public let height: Int
    public let width: Int

    public init(channels: Int, height: Int, width: Int) {
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// Bytes, or numbers, of an image.
    public var count: Int { channels * height * width }
}

/// Images of one shape and what each shows, as data sets hold them: a byte for each pixel of each channel.
public struct LabelledImages: Sendable, Equatable {
    public let shape: ImageShape
    /// [image][channel][row][column].
    public let pixels: [UInt8]
    /// One for each image.
    public let labels: [UInt8]
    public var count: Int { labels.count }

    /// - Precondition: as many pixels as the labels' images have.
    public init(shape: ImageShape, pixels: [UInt8], labels: [UInt8]) {
        precondition(pixels.count == labels.count * shape.count, "every image has the same shape and a label")
        self.shape = shape
        self.pixels = pixels
        self.labels = labels
    }
}

/// What a pixel's byte means to a network: a number for each byte and channel.
public struct PixelScale: Sendable, Equatable {
    /// [channel][256].
    private let values: [Float]

    /// The pixel divided by one number in every channel.
    /// - Precondition: `divisor` is not 0.
    public init(channels: Int, dividingBy divisor: Float) {
        precondition(divisor != 0)
        values = (0..<channels * 256).map { Float($0 % 256) / divisor }
    }

    /// (pixel - mean)/(standard deviation) of each channel over some images, so that each has mean 0 and variance 1 over them.
    /// A channel that never changes keeps a standard deviation of 1.
    public init(normalizing images: LabelledImages) {
        values = (0..<images.shape.channels).flatMap { channel in
            let (mean, deviation) = Self.moments(of: images, channel: channel)
            return (0..<256).map { Float((Double($0) - mean) / (deviation > 0 ? deviation : 1)) }
        }
    }

    public subscript(channel: Int, pixel: UInt8) -> Float { values[channel << 8 | Int(pixel)] }

    /// How often each byte occurs decides both: sums of whole numbers first, so that no order of summation matters.
    static func moments(of images: LabelledImages, channel: Int) -> (mean: Double, deviation: Double) {
        var counts = [Int](repeating: 0, count: 256)
        let area = images.shape.height * images.shape.width
        for image in 0..<images.count {
            let first = image * images.shape.count + channel * area
            for place in first..<first + area { counts[Int(images.pixels[place])] += 1 }
        }
        let total = Double(images.count * area)
        guard total > 0 else { return (0, 0) }
        let mean = Double(zip(counts, 0...).map { $0 * $1 }.reduce(0, +)) / total
        let squares = counts.enumerated().reduce(0.0) { sum, entry in
            let distance = Double(entry.offset) - mean
            return sum + Double(entry.element) * distance * distance
        }
        return (mean, (squares / total).squareRoot())
    }
}
