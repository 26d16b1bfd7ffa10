import Errors
import TestSupport
import Testing

@testable import Training

/// What happens to images in training: drawn for each image and epoch by itself, with the shares that it should have.
@Suite struct AugmentationTests {
    private static let shape = ImageShape(channels: 2, height: 5, width: 4)
    private static let scale = PixelScale(channels: 2, dividingBy: 1)

    /// Images of which no two pixels are the same, and none is 0.
    private static func images(_ count: Int) -> LabelledImages {
        LabelledImages(
            shape: shape, pixels: (0..<count * 40).map { UInt8($0 % 250 + 1) }, labels: (0..<count).map { UInt8($0 % 3) })
    }

    /// As PyTorch's RandomCrop with padding and RandomHorizontalFlip do it: the image mirrored, in a frame of zeros, cut out.
    private static func expected(_ image: [UInt8], _ change: Augmentation.Change) -> [Float] {
        var result: [Float] = []
        for channel in 0..<2 {
            var frame = Array(repeating: Array(repeating: Float(0), count: 4 + 8), count: 5 + 8)
            for row in 0..<5 {
                var line = (0..<4).map { Float(image[channel * 20 + row * 4 + $0]) }
                if change.isMirrored { line.reverse() }
                for column in 0..<4 { frame[row + 4][column + 4] = line[column] }
            }
            for row in 0..<5 { result += frame[row + 4 - change.down][(4 - change.right)..<(8 - change.right)] }
        }
        return result
    }

    @Test func imagesAreMirroredAndMovedInAFrameOfZeros() throws {
        let images = Self.images(64)
        let augmentation = try Augmentation(flips: true, largestShift: 3, shape: Self.shape)
        let batches = try ImageBatches(images, scale: Self.scale, augmentation: augmentation, batchSize: 64)
        var epoch = batches.inOrder
        var batch = batches.emptyBatch
        for number in 0..<20 {
            batches.shuffle(&epoch, seed: 5, number: number)
            batches.fill(&batch, place: 0, of: epoch)
            for (place, image) in epoch.order.enumerated() {
                let change = augmentation.change(seed: 5, epoch: number, image: Int(image))
                let original = Array(images.pixels[(Int(image) * 40)..<((Int(image) + 1) * 40)])
                #expect(Array(batch.images[(place * 40)..<((place + 1) * 40)]) == Self.expected(original, change))
                #expect(batch.labels[place] == Int32(images.labels[Int(image)]))
            }
        }
    }

    /// 2 mirrorings × 5 × 5 shifts are equally likely: χ² with 49 degrees of freedom exceeds 49 + 2√(49·14) + 28 with probability below
    /// e^-14 = 1e-6 (Laurent and Massart). The first and the last come too, and none beyond.
    @Test func everyChangeIsEquallyLikely() throws {
        let augmentation = try Augmentation(flips: true, largestShift: 2, shape: Self.shape)
        var counts: [String: Int] = [:]
        for epoch in 0..<50 {
            for image in 0..<1000 {
                let change = augmentation.change(seed: 9, epoch: epoch, image: image)
                #expect(abs(change.down) <= 2 && abs(change.right) <= 2)
                counts["\(change)", default: 0] += 1
            }
        }
        #expect(counts.count == 50)
        let chiSquare = counts.values.reduce(0.0) { $0 + (Double($1) - 1000) * (Double($1) - 1000) / 1000 }
        #expect(chiSquare < 49 + 2 * (49.0 * 14).squareRoot() + 28)
    }

    /// Neither the batches' size nor the order in which they are made changes what happens to an image.
    @Test func theChangeDoesNotDependOnTheBatches() throws {
        let images = Self.images(30)
        let augmentation = try Augmentation(flips: true, largestShift: 1, shape: Self.shape)
        func epoch(size: Int, backwards: Bool) throws -> [Int32: [Float]] {
            let batches = try ImageBatches(images, scale: Self.scale, augmentation: augmentation, batchSize: size)
            var epoch = batches.inOrder
            batches.shuffle(&epoch, seed: 1, number: 4)
            var batch = batches.emptyBatch
            var result: [Int32: [Float]] = [:]
            let places = Array(0..<batches.batchesPerEpoch)
            for place in backwards ? places.reversed() : places {
                batches.fill(&batch, place: place, of: epoch)
                for row in batch.labels.indices { result[epoch.order[place * size + row]] = Array(batch.images[(row * 40)..<((row + 1) * 40)]) }
            }
            return result
        }
        let whole = try epoch(size: 30, backwards: false)
        #expect(whole.count == 30)
        #expect(try epoch(size: 7, backwards: false) == whole)
        #expect(try epoch(size: 4, backwards: true) == whole)
    }

    /// Mirroring alone never moves, shifting alone never mirrors, and neither draws what the other does.
    @Test func eachIsByItself() throws {
        let flips = try Augmentation(flips: true, largestShift: 0, shape: Self.shape)
        let shifts = try Augmentation(flips: false, largestShift: 2, shape: Self.shape)
        let both = try Augmentation(flips: true, largestShift: 2, shape: Self.shape)
        for image in 0..<200 {
            let flip = flips.change(seed: 3, epoch: 1, image: image), shift = shifts.change(seed: 3, epoch: 1, image: image)
            #expect(flip.down == 0 && flip.right == 0 && !shift.isMirrored)
            #expect(both.change(seed: 3, epoch: 1, image: image) == .init(isMirrored: flip.isMirrored, down: shift.down, right: shift.right))
            #expect(Augmentation.none.change(seed: 3, epoch: 1, image: image) == .none)
        }
        #expect((0..<200).contains { both.change(seed: 3, epoch: 1, image: $0) != both.change(seed: 4, epoch: 1, image: $0) })
        #expect((0..<200).contains { both.change(seed: 3, epoch: 1, image: $0) != both.change(seed: 3, epoch: 2, image: $0) })
    }

    @Test(arguments: [-1, 4, 5, Int.min, Int.max])
    func theShiftIsLessThanTheImage(shift: Int) throws {
        let error = try #require(throws: ParameterError.self) { try Augmentation(flips: false, largestShift: shift, shape: Self.shape) }
        #expect(error.description == "shift \(shift): must be from 0 to 3 for images of 5×4 pixels")
    }
}
