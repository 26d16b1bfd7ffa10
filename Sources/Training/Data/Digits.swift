import CDatasets
import Errors
import Theory

/// The handwritten digits that come with the package: 8×8 grey images and their labels.
///
/// "Optical Recognition of Handwritten Digits" (E. Alpaydin, C. Kaynak; UCI Machine Learning Repository, CC BY 4.0).
public struct Digits: Sendable {
    public static let side = 8
    /// Pixels scaled to [0, 1], [image][row][column].
    public let pixels: [Float]
    /// One label, 0 to 9, for each image.
    public let labels: [UInt8]
    public var count: Int { labels.count }

    public init() {
        let file = varlab_dataset_digits()
        var pixels: [Float] = []
        var labels: [UInt8] = []
        let area = Self.side * Self.side
        pixels.reserveCapacity(1797 * area)
        var column = 0
        var number = 0
        for byte in UnsafeBufferPointer(start: file.bytes, count: file.count) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                number = number * 10 + Int(byte - UInt8(ascii: "0"))
            case UInt8(ascii: ","):
                pixels.append(Float(number) / 16)
                column += 1
                number = 0
            case UInt8(ascii: "\n"):
                precondition(column == area && number < 10, "digits.csv holds 64 pixels and a digit a line")
                labels.append(UInt8(number))
                column = 0
                number = 0
            default:
                preconditionFailure("digits.csv holds numbers, commas and line ends")
            }
        }
        self.pixels = pixels
        self.labels = labels
    }
}

/// The digits' training and test images: the same for every run, whatever its seed, and each digit's share the same in both.
public struct DigitSplit: Sendable, Equatable {
    /// Numbers of images, ascending.
    public let training: [Int]
    public let test: [Int]

    /// One image in five is for testing: of n images of which n_c show the digit c, the test part has ⌈n/5⌉ in all and
    /// the whole part of n_c/5 of each digit, one more of those with the largest remainders (the smaller digit at a tie).
    public init(_ digits: Digits) {
        let images = (0...9).map { digit in digits.labels.indices.filter { digits.labels[$0] == digit } }
        var shares = images.map { $0.count / 5 }
        let missing = (digits.count + 4) / 5 - shares.reduce(0, +)
        let byRemainder = images.indices.sorted { (-(images[$0].count % 5), $0) < (-(images[$1].count % 5), $1) }
        for digit in byRemainder.prefix(missing) { shares[digit] += 1 }
        var isTest = [Bool](repeating: false, count: digits.count)
        for digit in images.indices {
            var order = images[digit]
            var words = RandomWords(seed: 0, purpose: .imageSplit, number: digit)
            words.shuffle(&order, in: order.indices)
            for image in order.prefix(shares[digit]) { isTest[image] = true }
        }
        training = isTest.indices.filter { !isTest[$0] }
        test = isTest.indices.filter { isTest[$0] }
    }
}

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
