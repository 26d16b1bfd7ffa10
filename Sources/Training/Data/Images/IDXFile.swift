import Files

/// A file in the IDX format, in which MNIST and Fashion-MNIST come (Y. LeCun, C. Cortes, C. J. C. Burges): two zero bytes, the type of
/// the numbers, how many dimensions, each dimension as 32 bits with the highest byte first, then the numbers.
struct IDXFile {
    /// Of an image, and more than any data set of this format has.
    static let largestSide = 128
    /// Where the labels begin in a file of labels.
    static let labelsBegin = 8
    private static let mostBytes = 1 << 31

    private let file: InflatedFile
    private let dimensions: [Int]

    /// Reads the header of a file of bytes.
    /// - Parameter what: what the file should hold, with the number of its dimensions.
    private init(_ file: ReadableFile, what: String, dimensions: Int) throws(InputError) {
        self.file = try InflatedFile(file)
        let header = try self.file.read(4, rule: "an IDX file begins with 4 bytes: two zeros, type and dimensions")
        func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0x0" : "0x") + String(byte, radix: 16) }
        guard header[0] == 0, header[1] == 0 else {
            throw self.file.error(
                at: 0, found: "\(hexadecimal(header[0])), \(hexadecimal(header[1]))", rule: "an IDX file begins with two zeros")
        }
        guard header[2] == 8 else {
            throw self.file.error(at: 2, found: "numbers of type \(hexadecimal(header[2]))", rule: "must be 0x08, bytes")
        }
        guard header[3] == dimensions else {
            throw self.file.error(at: 3, found: "\(header[3]) dimensions", rule: "\(what) have \(dimensions)")
        }
        let sizes = try self.file.read(4 * dimensions, rule: "4 bytes for each of \(dimensions) dimensions")
        self.dimensions = (0..<dimensions).map { dimension in
            sizes[(4 * dimension)..<(4 * dimension + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        guard self.dimensions[0] > 0 else { throw self.file.error(at: 4, found: "no \(what)", rule: "must have at least one") }
    }

    /// Images in grey, and the labels of a second file.
    /// - Parameter shape: of the images that they must match; nil for the first ones.
    static func images(_ images: ReadableFile, labels: ReadableFile, shape: ImageShape? = nil) throws(InputError) -> LabelledImages {
        let pixels = try IDXFile(images, what: "images", dimensions: 3)
        for (place, name) in [(1, "rows"), (2, "columns")] {
            let size = pixels.dimensions[place]
            guard (1...largestSide).contains(size) else {
                throw pixels.file.error(at: 4 + 4 * place, found: "\(size) \(name)", rule: "must be from 1 to \(largestSide)")
            }
            if let shape, size != [0, shape.height, shape.width][place] {
                throw pixels.file.error(
                    at: 4 + 4 * place, found: "\(size) \(name)", rule: "the training images have \([0, shape.height, shape.width][place])")
            }
        }
        let names = try IDXFile(labels, what: "labels", dimensions: 1)
        guard names.dimensions[0] == pixels.dimensions[0] else {
            throw names.file.error(
                at: 4, found: "\(names.dimensions[0]) labels", rule: "\(images.path) has \(pixels.dimensions[0]) images")
        }
        return LabelledImages(
            shape: ImageShape(channels: 1, height: pixels.dimensions[1], width: pixels.dimensions[2]),
            pixels: try pixels.data(), labels: try names.data())
    }

    /// All that follows the header, which is all that the file holds.
    private func data() throws(InputError) -> [UInt8] {
        // The sides are bounded: nothing overflows.
        let count = dimensions.reduce(1, *)
        let shape = dimensions.map(String.init).joined(separator: "×")
        guard count <= Self.mostBytes else { throw file.error(at: 4, found: "a shape of \(shape)", rule: "must have at most 2^31 bytes") }
        let bytes = try file.read(count, rule: "a shape of \(shape) needs \(count) bytes behind the header")
        try file.requireEnd(rule: "a shape of \(shape) ends here")
        return bytes
    }
}
