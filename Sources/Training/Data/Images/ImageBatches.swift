import Errors

/// Images of one update.
public struct ImageBatch: Sendable, Equatable {
    /// [B, channels, height, width].
    public var images: [Float]
    /// [B].
    public var labels: [Int32]

    public init(images: [Float] = [], labels: [Int32] = []) {
        self.images = images
        self.labels = labels
    }
}

/// Images in batches of one size, scaled, and in training changed at random; the last one of an epoch has what is left.
public struct ImageBatches: BatchSource {
    /// An epoch's order, and what decides how its images are changed.
    public struct Epoch: Sendable, Equatable {
        /// Numbers of images.
        fileprivate(set) var order: [Int32]
        /// nil where they stay as they are.
        fileprivate var drawn: (seed: UInt64, number: Int)?

        public static func == (a: Epoch, b: Epoch) -> Bool {
            a.order == b.order && a.drawn?.seed == b.drawn?.seed && a.drawn?.number == b.drawn?.number
        }
    }

    public let images: LabelledImages
    public let batchSize: Int
    private let scale: PixelScale
    private let augmentation: Augmentation

    /// - Parameters:
    ///   - scale: what the pixels mean to the network.
    ///   - augmentation: how the images of a shuffled epoch are changed.
    /// - Throws: `ParameterError` unless `batchSize` is at least 1.
    public init(
        _ images: LabelledImages, scale: PixelScale, augmentation: Augmentation = .none, batchSize: Int
    ) throws(ParameterError) {
        guard batchSize >= 1 else {
            throw ParameterError(parameter: .batchSize, value: batchSize, rule: "must be at least 1")
        }
        precondition(images.count <= Int32.max)
        self.images = images
        self.scale = scale
        self.augmentation = augmentation
        self.batchSize = min(batchSize, max(images.count, 1))
    }

    public var batchesPerEpoch: Int { (images.count + batchSize - 1) / batchSize }
    /// The images as they were given, unchanged.
    public var inOrder: Epoch { Epoch(order: (0..<Int32(images.count)).map { $0 }) }

    public var emptyBatch: ImageBatch {
        var batch = ImageBatch()
        batch.images.reserveCapacity(batchSize * images.shape.count)
        batch.labels.reserveCapacity(batchSize)
        return batch
    }

    public func shuffle(_ epoch: inout Epoch, seed: UInt64, number: Int) {
        for place in epoch.order.indices { epoch.order[place] = Int32(place) }
        var words = RandomWords(seed: seed, purpose: .images, number: number)
        words.shuffle(&epoch.order, in: epoch.order.indices)
        epoch.drawn = (seed, number)
    }

    public func fill(_ batch: inout ImageBatch, place: Int, of epoch: Epoch) {
        batch.images.removeAll(keepingCapacity: true)
        batch.labels.removeAll(keepingCapacity: true)
        for image in epoch.order[(place * batchSize)..<min((place + 1) * batchSize, epoch.order.count)] {
            let change = epoch.drawn.map { augmentation.change(seed: $0.seed, epoch: $0.number, image: Int(image)) }
            append(Int(image), change ?? .none, to: &batch.images)
            batch.labels.append(Int32(images.labels[Int(image)]))
        }
    }

    private func append(_ image: Int, _ change: Augmentation.Change, to target: inout [Float]) {
        let shape = images.shape
        let first = image * shape.count
        images.pixels.withUnsafeBufferPointer { pixels in
            for channel in 0..<shape.channels {
                for row in 0..<shape.height {
                    let sourceRow = row - change.down
                    let isInside = 0..<shape.height ~= sourceRow
                    let start = first + (channel * shape.height + sourceRow) * shape.width
                    for column in 0..<shape.width {
                        let shifted = column - change.right
                        guard isInside, 0..<shape.width ~= shifted else {
                            target.append(scale[channel, 0])
                            continue
                        }
                        target.append(scale[channel, pixels[start + (change.isMirrored ? shape.width - 1 - shifted : shifted)]])
                    }
                }
            }
        }
    }
}
