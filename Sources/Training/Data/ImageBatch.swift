/// Images of one update.
public struct ImageBatch: Sendable, Equatable {
    /// [B, 1, 8, 8], pixels in [0, 1].
    public var images: [Float]
    /// [B], 0 to 9.
    public var labels: [Int32]

    public init(images: [Float] = [], labels: [Int32] = []) {
        self.images = images
        self.labels = labels
    }
}
