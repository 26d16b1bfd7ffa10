import Foundation

/// Files of data sets of images, made for tests.
public enum ImageFiles {
    /// The header of an IDX file of bytes.
    public static func idxHeader(_ dimensions: [Int], type: UInt8 = 8) -> [UInt8] {
        [0, 0, type, UInt8(dimensions.count)] + dimensions.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
    }

    /// Pixels of all values.
    public static func pixels(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 + $0 / 256) } }

    /// The four files of a small data set in MNIST's format: six training and four test images of 3×2 pixels, labels 0 to 2.
    public static var idx: [String: [UInt8]] {
        [
            "train-images-idx3-ubyte": idxHeader([6, 3, 2]) + pixels(36), "train-labels-idx1-ubyte": idxHeader([6]) + [0, 1, 2, 0, 1, 2],
            "t10k-images-idx3-ubyte": idxHeader([4, 3, 2]) + pixels(24).reversed(), "t10k-labels-idx1-ubyte": idxHeader([4]) + [2, 1, 0, 2],
        ]
    }

    public static let cifarNames = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]

    /// The six files of a small data set in CIFAR-10's binary format: two images each.
    public static var cifar: [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for (number, name) in cifarNames.enumerated() {
            let record = pixels(3072).map { $0 &+ UInt8(number) }
            let labels = [2 * number, 2 * number + 1].map { UInt8($0 % 10) }
            files[name] = [labels[0]] + record + [labels[1]] + record
        }
        return files
    }

    /// Puts files into a test's folder, or into one inside it, which is made.
    public static func put(_ files: [String: [UInt8]], in scratch: Scratch, folder: String? = nil) throws {
        if let folder { mkdir(scratch.path(folder), 0o755) }
        for (name, bytes) in files { try scratch.put(bytes, at: folder.map { "\($0)/\(name)" } ?? name) }
    }
}
