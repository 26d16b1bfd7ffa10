import Errors
import TestSupport
import Testing

@testable import Training

/// Batches of images: every one once an epoch, scaled, as a function of seed and step.
@Suite struct ImageBatchesTests {
    private static let digits = ImageSet.digits()
    private static let scale = PixelScale(channels: 1, dividingBy: 16)

    /// So many images of one pixel each, which says which one it is.
    private static func marked(_ count: Int) -> LabelledImages {
        LabelledImages(
            shape: ImageShape(channels: 1, height: 1, width: 1), pixels: (0..<count).map { UInt8($0) }, labels: Array(repeating: 0, count: count))
    }

    @Test func anEpochHasEveryImageOnce() throws {
        let images = Self.digits.training
        let batches = try ImageBatches(images, scale: Self.scale, batchSize: 64)
        #expect(batches.batchesPerEpoch == 23)
        var stream = BatchStream(batches, seed: 2)
        var batch = batches.emptyBatch
        let room = (batch.images.capacity, batch.labels.capacity)
        func key(_ pixels: some Sequence<Float>, _ label: Int32) -> [Float] { pixels + [Float(label)] }
        let expected = Dictionary(
            (0..<images.count).map { (key(images.pixels[($0 * 64)..<(($0 + 1) * 64)].map { Float($0) / 16 }, Int32(images.labels[$0])), 1) },
            uniquingKeysWith: +)
        var orders: Set<[Int32]> = []
        for _ in 0..<3 {
            var seen: [[Float]: Int] = [:]
            var order: [Int32] = []
            for place in 0..<23 {
                stream.next(into: &batch)
                #expect(batch.labels.count == (place < 22 ? 64 : 29))
                #expect(batch.images.count == batch.labels.count * 64)
                for (row, label) in batch.labels.enumerated() { seen[key(batch.images[(row * 64)..<((row + 1) * 64)], label), default: 0] += 1 }
                order += batch.labels
            }
            #expect(seen == expected)
            orders.insert(order)
        }
        #expect(orders.count == 3)
        #expect(room == (batch.images.capacity, batch.labels.capacity))
    }

    /// With everything that changes images switched on, a stream that begins anywhere gives the same batches.
    @Test func isAFunctionOfSeedAndStep() throws {
        let images = Self.digits.test
        let augmentation = try Augmentation(flips: true, largestShift: 2, shape: images.shape)
        let batches = try ImageBatches(images, scale: Self.scale, augmentation: augmentation, batchSize: 150)
        func run(seed: UInt64, from step: Int) -> [ImageBatch] {
            var stream = BatchStream(batches, seed: seed, step: step)
            var batch = batches.emptyBatch
            return (0..<8).map { _ in
                stream.next(into: &batch)
                return batch
            }
        }
        let whole = run(seed: 1, from: 0)
        #expect(whole == run(seed: 1, from: 0))
        for step in 1..<8 { #expect(Array(whole.dropFirst(step)) == Array(run(seed: 1, from: step).prefix(8 - step))) }
        #expect(whole != run(seed: 2, from: 0))
        let room = batches.emptyBatch.images.capacity
        #expect(whole.allSatisfy { $0.images.count <= room })
    }

    /// Four images have 24 orders; χ² with 23 degrees of freedom exceeds 23 + 2√(23·14) + 28 with probability below e^-14 = 1e-6
    /// (Laurent and Massart).
    @Test func everyOrderIsEquallyLikely() throws {
        let batches = try ImageBatches(Self.marked(4), scale: Self.scale, batchSize: 4)
        var counts: [[Int32]: Int] = [:]
        var epoch = batches.inOrder
        #expect(epoch.order == [0, 1, 2, 3])
        for number in 0..<24_000 {
            batches.shuffle(&epoch, seed: 1, number: number)
            counts[epoch.order, default: 0] += 1
        }
        #expect(counts.count == 24)
        let chiSquare = counts.values.reduce(0.0) { $0 + (Double($1) - 1000) * (Double($1) - 1000) / 1000 }
        #expect(chiSquare < 23 + 2 * (23.0 * 14).squareRoot() + 28)
    }

    @Test(arguments: [0, -1])
    func batchSizeIsChecked(size: Int) throws {
        let error = try #require(throws: ParameterError.self) {
            try ImageBatches(Self.marked(1), scale: Self.scale, batchSize: size)
        }
        #expect(error.description == "batchSize \(size): must be at least 1")
        #expect(try ImageBatches(Self.marked(0), scale: Self.scale, batchSize: 8).batchesPerEpoch == 0)
        #expect(try ImageBatches(Self.marked(1), scale: Self.scale, batchSize: .max).batchesPerEpoch == 1)
    }

    /// Validation sees the images as they are, whatever training does to them.
    @Test func inOrderNothingIsChanged() throws {
        let images = Self.digits.test
        let augmentation = try Augmentation(flips: true, largestShift: 3, shape: images.shape)
        let batches = try ImageBatches(images, scale: Self.scale, augmentation: augmentation, batchSize: images.count)
        var batch = batches.emptyBatch
        batches.fill(&batch, place: 0, of: batches.inOrder)
        #expect(batch.images == images.pixels.map { Float($0) / 16 })
        #expect(batch.labels == images.labels.map { Int32($0) })
    }

    /// Mean 0 and variance 1 of each channel over the images; of n single-precision numbers of size a few, rounded to 2^-24 of themselves
    /// each, the mean is within 1e-6.
    @Test func normalizedChannelsHaveMeanZeroAndVarianceOne() throws {
        var random = SplitMix(state: 3)
        let shape = ImageShape(channels: 3, height: 5, width: 4)
        // The third channel never changes.
        let pixels = (0..<50).flatMap { _ in
            (0..<60).map { place in place < 20 ? UInt8(random.next() % 256) : place < 40 ? UInt8(100 + random.next() % 3) : 77 }
        }
        let images = LabelledImages(shape: shape, pixels: pixels, labels: Array(repeating: 1, count: 50))
        let batches = try ImageBatches(images, scale: PixelScale(normalizing: images), batchSize: 50)
        var batch = batches.emptyBatch
        batches.fill(&batch, place: 0, of: batches.inOrder)
        for channel in 0..<3 {
            let values = batch.images.indices.filter { $0 / 20 % 3 == channel }.map { Double(batch.images[$0]) }
            let mean = values.reduce(0, +) / 1000
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1000
            #expect(abs(mean) < 1e-6 && abs(variance - (channel < 2 ? 1 : 0)) < 1e-6)
        }
    }
}
