import CDatasets

/// The handwritten digits that come with the package: 8×8 grey images and their labels.
///
/// "Optical Recognition of Handwritten Digits" (E. Alpaydin, C. Kaynak; UCI Machine Learning Repository, CC BY 4.0).
public struct Digits: Sendable {
    public static let side = 8
    public static let shape = ImageShape(channels: 1, height: side, width: side)
    /// Pixels from 0 to ``largestPixel``, labels from 0 to 9.
    public let images: LabelledImages
    public static let largestPixel = 16
    public var labels: [UInt8] { images.labels }
    public var count: Int { images.count }

    public init() {
        let file = varlab_dataset_digits()
        var pixels: [UInt8] = []
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
                precondition(number <= Self.largestPixel, "digits.csv holds pixels from 0 to 16")
                pixels.append(UInt8(number))
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
        images = LabelledImages(shape: Self.shape, pixels: pixels, labels: labels)
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
