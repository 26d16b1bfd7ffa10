import Errors
import Theory

/// Some of the digits in batches of one size; the last one of an epoch has what is left.
public struct DigitBatches: BatchSource {
    public let digits: Digits
    /// Numbers of images.
    public let images: [Int]
    public let batchSize: Int

    /// - Throws: ``Theory/ParameterError`` unless `batchSize` is at least 1.
    /// - Precondition: `images` are numbers of `digits`.
    public init(_ digits: Digits, images: [Int], batchSize: Int) throws(ParameterError) {
        guard batchSize >= 1 else {
            throw ParameterError(parameter: .batchSize, value: batchSize, rule: "must be at least 1")
        }
        precondition(images.allSatisfy(digits.labels.indices.contains))
        self.digits = digits
        self.images = images
        self.batchSize = min(batchSize, max(images.count, 1))
    }

    public var batchesPerEpoch: Int { (images.count + batchSize - 1) / batchSize }
    /// The images as they were given.
    public var inOrder: [Int] { images }

    public var emptyBatch: ImageBatch {
        var batch = ImageBatch()
        batch.images.reserveCapacity(batchSize * Digits.side * Digits.side)
        batch.labels.reserveCapacity(batchSize)
        return batch
    }

    public func shuffle(_ epoch: inout [Int], seed: UInt64, number: Int) {
        epoch.replaceSubrange(0..., with: images)
        var words = RandomWords(seed: seed, purpose: .images, number: number)
        words.shuffle(&epoch, in: epoch.indices)
    }

    public func fill(_ batch: inout ImageBatch, place: Int, of epoch: [Int]) {
        let area = Digits.side * Digits.side
        batch.images.removeAll(keepingCapacity: true)
        batch.labels.removeAll(keepingCapacity: true)
        for image in epoch[(place * batchSize)..<min((place + 1) * batchSize, epoch.count)] {
            batch.images.append(contentsOf: digits.pixels[(image * area)..<((image + 1) * area)])
            batch.labels.append(Int32(digits.labels[image]))
        }
    }
}
