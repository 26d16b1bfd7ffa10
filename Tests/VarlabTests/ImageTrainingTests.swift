import Foundation
import TestSupport
import Testing

/// `varlab train` and `varlab sweep` on images: the data set of the package, and those of `--images`.
@Suite struct ImageTrainingTests {
    private static let small = ["--preset", "small", "--quiet", "--optimizer", "radam"]

    private func files(_ scratch: Scratch, _ folder: String) -> [String: Data] {
        let names = scratch.names(folder).filter { !$0.hasPrefix(".varlab-unfinished-") && $0 != ".varlab.lock" }
        return Dictionary(uniqueKeysWithValues: names.map { ($0, FileManager.default.contents(atPath: scratch.path("\(folder)/\($0)")) ?? Data()) })
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let files: [String: [UInt8]]
        let name: String
        let bytes: [UInt8]
        let message: String

        var testDescription: String { "\(name): \(message)" }

        static func idx(_ name: String, _ message: String, _ change: ([UInt8]) -> [UInt8]) -> Bad {
            Bad(files: ImageFiles.idx, name: name, bytes: change(ImageFiles.idx[name]!), message: message)
        }

        static func cifar(_ name: String, _ message: String, _ change: ([UInt8]) -> [UInt8]) -> Bad {
            Bad(files: ImageFiles.cifar, name: name, bytes: change(ImageFiles.cifar[name]!), message: message)
        }
    }

    /// One of each kind; every broken file has its line in the tests of the readers.
    static let bad: [Bad] = [
        .idx("train-images-idx3-ubyte", "byte 0: the end of the data: an IDX file begins with 4 bytes") { _ in [] },
        .idx("train-images-idx3-ubyte", "byte 0: 0x50, 0x35: an IDX file begins with two zeros") { _ in Array("P5 28".utf8) },
        .idx("train-images-idx3-ubyte", "byte 51: the end of the data: a shape of 6×3×2 needs 36 bytes") { $0.dropLast() },
        .idx("train-images-idx3-ubyte", "byte 52: more data: a shape of 6×3×2 ends here") { $0 + [0] },
        .idx("train-labels-idx1-ubyte", "byte 4: 5 labels: idx/train-images-idx3-ubyte has 6 images") { _ in ImageFiles.idxHeader([5]) + [0, 1, 2, 0, 1] },
        .idx("t10k-images-idx3-ubyte", "byte 8: 2 rows: the training images have 3") { _ in ImageFiles.idxHeader([4, 2, 2]) + ImageFiles.pixels(16) },
        .idx("t10k-labels-idx1-ubyte", "byte 8: label 9: the training labels end at 2") { _ in ImageFiles.idxHeader([4]) + [9, 1, 0, 2] },
        .idx("t10k-labels-idx1-ubyte", "byte 2: the compressed data stop in the middle") { _ in [0x1f, 0x8b] },
        .cifar("data_batch_3.bin", "byte 6145: the end of the data: a record has 3073 bytes, and this one begins at 3073") { $0.dropLast() },
        .cifar("data_batch_4.bin", "byte 0: label 10: must be from 0 to 9") { [10] + $0.dropFirst() },
        .cifar("test_batch.bin", "1 images: every file of the set must have 2, as the first one has") { Array($0.prefix(3073)) },
    ]

    @Test(arguments: bad)
    func brokenFilesAreRefusedByNameAndByte(bad: Bad) throws {
        let scratch = try Scratch()
        try ImageFiles.put(bad.files.merging([bad.name: bad.bytes]) { $1 }, in: scratch, folder: "idx")
        for command in ["train", "sweep"] {
            let outcome = try Command.run([command, "--images", "idx", "--output", "out"] + Self.small, in: scratch.url)
            #expect(outcome.status == 65, "\(outcome.errors)")
            #expect(outcome.errors.contains("idx/\(bad.name): \(bad.message)") && outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome.errors)")
            #expect(!scratch.names.contains("out"))
        }
    }

    /// A data set in colour: the bytes are the same for any number of threads, and the record knows what was read.
    @Test func anyDataSetIsLearned() throws {
        let scratch = try Scratch()
        try ImageFiles.put(ImageFiles.cifar, in: scratch, folder: "cifar")
        let arguments = ["train", "--images", "cifar", "--steps", "4", "--seeds", "0,1"] + Self.small
        for threads in ["1", "2"] {
            let outcome = try Command.run(arguments + ["--threads", threads, "--output", "threads\(threads)"], in: scratch.url)
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
        let one = files(scratch, "threads1"), two = files(scratch, "threads2")
        #expect(one == two && one.keys.contains("loss.csv"))
        let record = try #require(scratch.text("threads1/run.json"))
        #expect(record.contains("SHA-256 of images and labels: ") && record.contains("\"shift\" : \"4\"") && record.contains("\"flip\" : \"yes\""))
        // Complete; and with another image, not the same runs.
        #expect(try Command.run(arguments + ["--output", "threads1", "--resume"], in: scratch.url).status == 0)
        var other = ImageFiles.cifar["data_batch_2.bin"]!
        other[100] ^= 1
        try ImageFiles.put(["data_batch_2.bin": other], in: scratch, folder: "cifar")
        let refused = try Command.run(arguments + ["--output", "threads1", "--resume"], in: scratch.url)
        #expect(refused.status == 64 && refused.errors.contains("data is SHA-256 of images and labels: "), "\(refused.errors)")
        #expect(files(scratch, "threads1") == one)
    }

    /// Killed in the middle of a run with images that are mirrored and moved, resumed by another number of threads.
    @Test func clothingIsResumedToTheSameBytes() throws {
        let scratch = try Scratch()
        let arguments = ["sweep", "--task", "fashion", "--lr", "0.1,0.03", "--steps", "120"] + Self.small
        #expect(try Command.run(arguments + ["--threads", "2", "--output", "whole"], in: scratch.url).status == 0)
        let process = Process()
        process.executableURL = Command.executable
        process.arguments = arguments + ["--threads", "1", "--output", "out"]
        process.currentDirectoryURL = scratch.url
        process.standardError = FileHandle.nullDevice
        try process.run()
        while process.isRunning && !scratch.names("out/.varlab").contains(where: { $0.hasPrefix("radam") }) { usleep(5_000) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal && !scratch.names("out").contains("sweep.csv"))
        let resumed = try Command.run(arguments + ["--threads", "2", "--output", "out", "--resume"], in: scratch.url)
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(files(scratch, "out") == files(scratch, "whole"))
    }
}
