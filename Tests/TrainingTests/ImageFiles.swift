import CZlib
import TestSupport

/// Files of data sets, made for tests.
enum ImageFiles {
    /// The header of an IDX file of bytes.
    static func idxHeader(_ dimensions: [Int], type: UInt8 = 8) -> [UInt8] {
        [0, 0, type, UInt8(dimensions.count)] + dimensions.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
    }

    /// Pixels of all values.
    static func pixels(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 + $0 / 256) } }

    /// The four files of a small data set in MNIST's format: six training and four test images of 3×2 pixels, labels 0 to 2.
    static var idx: [String: [UInt8]] {
        [
            "train-images-idx3-ubyte": idxHeader([6, 3, 2]) + pixels(36), "train-labels-idx1-ubyte": idxHeader([6]) + [0, 1, 2, 0, 1, 2],
            "t10k-images-idx3-ubyte": idxHeader([4, 3, 2]) + pixels(24).reversed(), "t10k-labels-idx1-ubyte": idxHeader([4]) + [2, 1, 0, 2],
        ]
    }

    static let cifarNames = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]

    /// The six files of a small data set in CIFAR-10's binary format: two images each.
    static var cifar: [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for (number, name) in cifarNames.enumerated() {
            let record = pixels(3072).map { $0 &+ UInt8(number) }
            let labels = [2 * number, 2 * number + 1].map { UInt8($0 % 10) }
            files[name] = [labels[0]] + record + [labels[1]] + record
        }
        return files
    }

    /// As `gzip` leaves it.
    static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        // A window of 2^15 bytes, and 16 for gzip's header.
        precondition(deflateInit2_(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { deflateEnd(&stream) }
        var input = bytes
        return [UInt8](unsafeUninitializedCapacity: bytes.count + 1000) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
            }
            count = output.count - Int(stream.avail_out)
        }
    }

    /// Puts files into a folder.
    static func put(_ files: [String: [UInt8]], in scratch: Scratch) throws {
        for (name, bytes) in files { try scratch.put(bytes, at: name) }
    }
}
