import CDatasets

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
