/// Grey images of one update and their labels.
public struct ImageBatch: Sendable {
    /// [image][row][column]
    public var pixels: [Float]
    /// One for each image.
    public var labels: [UInt8]
    public var count: Int { labels.count }

    public init(pixels: [Float], labels: [UInt8]) {
        self.pixels = pixels
        self.labels = labels
    }
}
