import Foundation
import Report
import Testing

struct NpyWriterTests {
    /// The bytes that NumPy 2.4 writes for an array of shape (3, 2) and for one of shape (4,).
    @Test(arguments: [([3, 2], "(3, 2)"), ([4], "(4,)")])
    func headerIsNumPys(shape: [Int], tuple: String) {
        let dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': \(tuple), }"
        let text = dictionary + String(repeating: " ", count: 117 - dictionary.utf8.count) + "\n"
        #expect(NpyWriter.header(shape: shape) == [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(text.utf8))
    }

    @Test(arguments: [[], [0], [1], [7, 0, 2], [Int.max], Array(repeating: 1_000_000_007, count: 40)])
    func valuesAreAligned(shape: [Int]) {
        let header = NpyWriter.header(shape: shape)
        #expect(header.count % 64 == 0 && header.last == UInt8(ascii: "\n"))
        #expect(Int(header[8]) + Int(header[9]) << 8 == header.count - 10)
    }

    @Test func valuesKeepTheirBits() {
        let values = [1.0, -0.0, .nan, .infinity, .leastNonzeroMagnitude, 0.1]
        let bytes = NpyWriter.bytes(of: values, shape: [2, 3])
        let data = Array(bytes.dropFirst(NpyWriter.header(shape: [2, 3]).count))
        #expect(data == values.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } })
    }
}
