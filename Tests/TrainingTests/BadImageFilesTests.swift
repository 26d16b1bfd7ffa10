import Files
import TestSupport
import Testing

@testable import Training

/// Every broken file of images gives one line that names the file, the place and the rule.
@Suite struct BadImageFilesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    struct Bad: Sendable, CustomTestStringConvertible {
        let file: String
        let bytes: [UInt8]
        /// What follows the path in the message; `DIR` stands for the folder.
        let message: String

        init(_ file: String, _ bytes: [UInt8], _ message: String) {
            self.file = file
            self.bytes = bytes
            self.message = message
        }

        var testDescription: String { "\(file): \(message)" }
    }

    private static func idx(_ dimensions: [Int], _ count: Int = 0, type: UInt8 = 8) -> [UInt8] {
        ImageFiles.idxHeader(dimensions, type: type) + ImageFiles.pixels(count)
    }

    static let idxFiles: [Bad] = [
        Bad("train-images-idx3-ubyte", [], "byte 0: the end of the data: an IDX file begins with 4 bytes: two zeros, type and dimensions"),
        Bad("train-images-idx3-ubyte", [0, 0, 8], "byte 3: the end of the data: an IDX file begins with 4 bytes: two zeros, type and dimensions"),
        Bad("train-images-idx3-ubyte", Array("P5 28".utf8), "byte 0: 0x50, 0x35: an IDX file begins with two zeros"),
        Bad("train-images-idx3-ubyte", idx([6, 3, 2], 36, type: 0x0d), "byte 2: numbers of type 0x0d: must be 0x08, bytes"),
        Bad("train-images-idx3-ubyte", idx([6], 6), "byte 3: 1 dimensions: images have 3"),
        Bad("train-images-idx3-ubyte", [0, 0, 8, 255], "byte 3: 255 dimensions: images have 3"),
        Bad("train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 6, 0, 0], "byte 10: the end of the data: 4 bytes for each of 3 dimensions"),
        Bad("train-images-idx3-ubyte", idx([0, 3, 2]), "byte 4: no images: must have at least one"),
        Bad("train-images-idx3-ubyte", idx([6, 0, 2]), "byte 8: 0 rows: must be from 1 to 128"),
        Bad("train-images-idx3-ubyte", idx([6, 3, 129]), "byte 12: 129 columns: must be from 1 to 128"),
        Bad("train-images-idx3-ubyte", idx([6, 0xffff_ffff, 2]), "byte 8: 4294967295 rows: must be from 1 to 128"),
        Bad("train-images-idx3-ubyte", idx([6, 3, 2], 35), "byte 51: the end of the data: a shape of 6×3×2 needs 36 bytes behind the header"),
        Bad("train-images-idx3-ubyte", idx([6, 3, 2], 37), "byte 52: more data: a shape of 6×3×2 ends here"),
        Bad("train-labels-idx1-ubyte", idx([6, 3, 2], 36), "byte 3: 3 dimensions: labels have 1"),
        Bad("train-labels-idx1-ubyte", idx([5], 5), "byte 4: 5 labels: DIR/train-images-idx3-ubyte has 6 images"),
        Bad("train-labels-idx1-ubyte", idx([0xffff_ffff], 6), "byte 4: 4294967295 labels: DIR/train-images-idx3-ubyte has 6 images"),
        Bad("train-labels-idx1-ubyte", idx([6], 4), "byte 12: the end of the data: a shape of 6 needs 6 bytes behind the header"),
        Bad("train-labels-idx1-ubyte", ImageFiles.idxHeader([6]) + [0, 0, 0, 0, 0, 0], "only label 0: at least two kinds of images are needed"),
        Bad("t10k-images-idx3-ubyte", idx([4, 2, 3], 24), "byte 8: 2 rows: the training images have 3"),
        Bad("t10k-images-idx3-ubyte", idx([4, 3, 3], 36), "byte 12: 3 columns: the training images have 2"),
        Bad("t10k-labels-idx1-ubyte", ImageFiles.idxHeader([4]) + [2, 1, 3, 2], "byte 10: label 3: the training labels end at 2"),
    ]

    private static func cifar(_ count: Int, label: UInt8 = 1) -> [UInt8] {
        (0..<count).flatMap { _ in [label] + ImageFiles.pixels(3072) }
    }

    static let cifarFiles: [Bad] = [
        Bad("data_batch_1.bin", [], "byte 0: the end of the data: a record has 3073 bytes, and this one begins at 0"),
        Bad("data_batch_3.bin", Array(cifar(2).dropLast()), "byte 6145: the end of the data: a record has 3073 bytes, and this one begins at 3073"),
        Bad("data_batch_2.bin", cifar(2) + [1], "byte 6147: the end of the data: a record has 3073 bytes, and this one begins at 6146"),
        Bad("data_batch_4.bin", cifar(1) + cifar(1, label: 10), "byte 3073: label 10: must be from 0 to 9"),
        Bad("data_batch_5.bin", cifar(1), "1 images: every file of the set must have 2, as the first one has"),
        Bad("test_batch.bin", cifar(3), "3 images: every file of the set must have 2, as the first one has"),
        // CIFAR-100 has two labels a record.
        Bad("data_batch_1.bin", [1] + cifar(1) + [1] + cifar(1), "byte 3073: label 230: must be from 0 to 9"),
    ]

    private func message(_ files: [String: [UInt8]], _ bad: Bad, compressed: Bool = false) throws -> String {
        for (name, bytes) in files where name != bad.file { try scratch.put(bytes, at: name) }
        let path = try scratch.put(compressed ? ImageFiles.compressed(bad.bytes) : bad.bytes, at: bad.file)
        let error = try #require(throws: InputError.self) { try ImageSet(folder: scratch.path) }
        #expect(error.path == path && error.exitClass == .data)
        return error.description.replacing(scratch.path, with: "DIR")
    }

    @Test(arguments: idxFiles) func oneLine(bad: Bad) throws {
        #expect(try message(ImageFiles.idx, bad) == "DIR/\(bad.file): \(bad.message)")
    }

    @Test(arguments: cifarFiles) func oneLineOfCIFAR(bad: Bad) throws {
        #expect(try message(ImageFiles.cifar, bad) == "DIR/\(bad.file): \(bad.message)")
    }

    /// A compressed file says where in what it holds, and is known by its first bytes, not by its name.
    @Test(arguments: idxFiles) func oneLineWhenCompressed(bad: Bad) throws {
        let place = try #require(bad.message.firstMatch(of: /^byte \d+/)?.output ?? "only label 0")
        let expected = bad.message.replacing(place, with: place.hasPrefix("byte") ? "\(place) of the inflated data" : place)
        #expect(try message(ImageFiles.idx, bad, compressed: true) == "DIR/\(bad.file): \(expected)")
    }

    /// The first 18 bytes are gzip's own header and the beginning of the data.
    @Test func compressedFilesThatAreNotWhole() throws {
        let whole = ImageFiles.compressed(ImageFiles.idx["train-images-idx3-ubyte"]!)
        func message(_ bytes: [UInt8]) throws -> String { try self.message(ImageFiles.idx, Bad("train-images-idx3-ubyte", bytes, "")) }
        for count in [2, 9, 18, whole.count - 9, whole.count - 1] {
            #expect(try message(Array(whole[..<count])) == "DIR/train-images-idx3-ubyte: byte \(count): the compressed data stop in the middle: must be whole")
        }
        var changed = whole
        changed[whole.count - 6] ^= 1
        #expect(try message(changed).hasSuffix(": broken compressed data: incorrect data check"))
        #expect(try message(whole + [1, 2, 3]).contains("broken compressed data"))
    }

    /// Cut at every byte.
    @Test(arguments: ["idx", "gz"]) func cutAnywhere(format: String) throws {
        let name = "t10k-images-idx3-ubyte"
        try ImageFiles.put(ImageFiles.idx, in: scratch)
        let bytes = format == "gz" ? ImageFiles.compressed(ImageFiles.idx[name]!) : ImageFiles.idx[name]!
        for count in bytes.indices {
            try scratch.put(bytes[..<count], at: name)
            #expect(throws: InputError.self) { try ImageSet(folder: scratch.path) }
        }
    }

    @Test func foldersWithoutADataSet() throws {
        func message(_ folder: String) throws -> String {
            try #require(throws: InputError.self) { try ImageSet(folder: folder) }.description.replacing(scratch.path, with: "DIR")
        }
        let none = "neither train-images-idx3-ubyte nor data_batch_1.bin is in it: a folder with the files of MNIST's or of CIFAR-10's binary format is needed"
        #expect(try message(scratch.path) == "DIR: \(none)")
        #expect(try message(scratch.path("missing")) == "DIR/missing: \(none)")
        try scratch.put(ImageFiles.idx["train-images-idx3-ubyte"]!, at: "train-images-idx3-ubyte")
        #expect(try message(scratch.path) == "DIR/train-labels-idx1-ubyte: cannot open it: No such file or directory")
        try scratch.put([0], at: "data_batch_1.bin.gz")
        #expect(try message(scratch.path) == "DIR: train-images-idx3-ubyte and data_batch_1.bin are in it: must be the files of one data set")
    }
}
