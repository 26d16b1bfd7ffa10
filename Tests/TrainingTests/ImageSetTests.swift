import Errors
import Files
import TestSupport
import Testing

@testable import Training

/// Data sets as they are read from their files.
@Suite struct ImageSetTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// The shares of the kinds are those of the labels' file, and the mean image is that of clothing: brighter in the middle than in the corners.
    @Test func fashionComesWithThePackage() {
        let set = ImageSet.fashion()
        #expect(set.name == "fashion" && set.classes == 10)
        #expect(set.training.count == 12_000 && set.test.count == 2_000)
        #expect(set.training.shape == ImageShape(channels: 1, height: 14, width: 14) && set.test.shape == set.training.shape)
        // The first labels of Fashion-MNIST as its authors show them: ankle boot, T-shirt, T-shirt, dress, T-shirt.
        #expect(set.training.labels.prefix(5) == [9, 0, 0, 3, 0])
        #expect(set.test.labels.prefix(5) == [9, 2, 1, 1, 6])
        #expect((0..<10).map { kind in set.training.labels.count { $0 == kind } } == [1122, 1220, 1201, 1212, 1181, 1204, 1244, 1192, 1195, 1229])
        func mean(_ place: Int) -> Int { (0..<12_000).reduce(0) { $0 + Int(set.training.pixels[$1 * 196 + place]) } / 12_000 }
        #expect(mean(7 * 14 + 7) > 100 && mean(0) < 20)
        #expect(set.digest == ImageSet.fashion().digest && set.digest != ImageSet.digits().digest)
    }

    @Test(arguments: [false, true])
    func mnistsFormatIsRead(isCompressed: Bool) throws {
        for (name, bytes) in ImageFiles.idx {
            try scratch.put(isCompressed ? ImageFiles.compressed(bytes) : bytes, at: name + (isCompressed ? ".gz" : ""))
        }
        let set = try ImageSet(folder: scratch.path)
        #expect(set.name == scratch.path && set.classes == 3)
        #expect(set.training.shape == ImageShape(channels: 1, height: 3, width: 2))
        #expect(set.training.pixels == ImageFiles.pixels(36) && set.training.labels == [0, 1, 2, 0, 1, 2])
        #expect(set.test.pixels == ImageFiles.pixels(24).reversed() && set.test.labels == [2, 1, 0, 2])
        #expect(try ImageSet(folder: scratch.path + "/").digest == set.digest)
    }

    @Test(arguments: [false, true])
    func theFormatOfCIFAR10IsRead(isCompressed: Bool) throws {
        for (name, bytes) in ImageFiles.cifar {
            try scratch.put(isCompressed ? ImageFiles.compressed(bytes) : bytes, at: name + (isCompressed ? ".gz" : ""))
        }
        let set = try ImageSet(folder: scratch.path)
        #expect(set.classes == 10 && set.training.count == 10 && set.test.count == 2)
        #expect(set.training.shape == ImageShape(channels: 3, height: 32, width: 32))
        #expect(set.training.labels == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] && set.test.labels == [0, 1])
        // The red of the first image, then its green: as the record has them.
        #expect(set.training.pixels.prefix(3072) == ImageFiles.pixels(3072)[...])
        #expect(set.test.pixels.suffix(3072) == ImageFiles.pixels(3072).map { $0 &+ 5 }[...])
    }

    /// Two gzip files one behind the other are one, as `gzip -c` and parallel compressors leave them; larger than any piece that is read.
    @Test func aFileOfSeveralMembersIsRead() throws {
        var files = ImageFiles.idx
        let pixels = ImageFiles.pixels(200 * 128 * 128)
        files["train-images-idx3-ubyte"] = nil
        let bytes = ImageFiles.idxHeader([200, 128, 128]) + pixels
        try scratch.put(ImageFiles.compressed(Array(bytes[..<100])) + ImageFiles.compressed(Array(bytes[100...])), at: "train-images-idx3-ubyte.gz")
        files["train-labels-idx1-ubyte"] = ImageFiles.idxHeader([200]) + (0..<200).map { UInt8($0) }
        files["t10k-images-idx3-ubyte"] = ImageFiles.idxHeader([4, 128, 128]) + ImageFiles.pixels(4 * 128 * 128)
        try ImageFiles.put(files, in: scratch)
        let set = try ImageSet(folder: scratch.path)
        #expect(set.training.pixels == pixels && set.classes == 200)
    }

    /// Random changes of every file: read or refused in one line that names a file, none crashes.
    @Test(arguments: ["idx", "cifar", "idx.gz", "cifar.gz"])
    func mutatedFilesAreReadOrRefused(format: String) throws {
        var random = SplitMix(state: UInt64(format.utf8.count))
        let isCompressed = format.hasSuffix("gz")
        let whole = format.hasPrefix("idx") ? ImageFiles.idx : ImageFiles.cifar
        let files = isCompressed ? Dictionary(uniqueKeysWithValues: whole.map { ($0 + ".gz", ImageFiles.compressed($1)) }) : whole
        try ImageFiles.put(files, in: scratch)
        var refused = 0
        for name in files.keys.sorted() {
            for _ in 0..<150 {
                var bytes = files[name]!
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    guard !bytes.isEmpty else { continue }
                    let place = Int.random(in: 0..<(Bool.random(using: &random) ? min(24, bytes.count) : bytes.count), using: &random)
                    switch Int.random(in: 0..<5, using: &random) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
                    case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...9, using: &random)))
                    case 3: bytes.insert(contentsOf: [0xff, 0xff, 0xff, 0xff], at: place)
                    default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
                    }
                }
                try scratch.put(bytes, at: name)
                do {
                    let set = try ImageSet(folder: scratch.path)
                    #expect(set.training.labels.allSatisfy { $0 < set.classes } && set.test.labels.allSatisfy { $0 < set.classes })
                } catch {
                    refused += 1
                    let line = error.description
                    #expect(error.exitClass == .data && line.hasPrefix(scratch.path) && !line.contains { $0.isNewline } && line.utf8.count < scratch.path.utf8.count * 2 + 300)
                }
                try scratch.put(files[name]!, at: name)
            }
        }
        // A changed pixel is a pixel.
        #expect(refused > 150)
    }
}
