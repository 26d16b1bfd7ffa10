/// NumPy's `.npy` format, version 1.0: an array of little-endian doubles, or of single precision, in C order.
///
/// A large array goes out in pieces: `header(shape:)`, then the values in the order of the last axis first, by
/// `write(_:to:)`. What NumPy's `load`, also with `mmap_mode`, and every reader of the format reads back to the same bits.
public struct NpyWriter: Sendable {
    /// What the values are, as the header names it.
    public enum Element: String, Sendable {
        case double = "<f8"
        case single = "<f4"
    }

    /// What precedes the values: magic number, version, length and the dictionary that says what follows, filled up with
    /// blanks to a multiple of 64 bytes, so that the values are aligned where the file is mapped.
    /// - Parameters:
    ///   - shape: the lengths of the axes, none negative; empty for a single number.
    ///   - element: the type of the values.
    public static func header(shape: [Int], element: Element = .double) -> [UInt8] {
        precondition(shape.allSatisfy { $0 >= 0 }, "an axis of negative length")
        // Python writes a tuple of one as (n,).
        let axes = shape.count == 1 ? "(\(shape[0]),)" : "(" + shape.map(String.init).joined(separator: ", ") + ")"
        let dictionary = Array("{'descr': '\(element.rawValue)', 'fortran_order': False, 'shape': \(axes), }".utf8)
        let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
        let size = (start.count + 2 + dictionary.count + 1 + 63) & ~63
        let length = size - start.count - 2
        precondition(length <= UInt16.max, "more axes than version 1.0 has room for")
        let padding = [UInt8](repeating: UInt8(ascii: " "), count: length - dictionary.count - 1)
        return start + [UInt8(length & 0xff), UInt8(length >> 8)] + dictionary + padding + [UInt8(ascii: "\n")]
    }

    /// Passes values on as their bytes, without a copy: every platform of the package is little-endian.
    public static func write<Failure: Error>(
        _ values: UnsafeBufferPointer<Double>, to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        try sink(UnsafeRawBufferPointer(values))
    }

    /// A whole file, for an array that is in memory.
    /// - Precondition: as many values as the shape has.
    public static func bytes(of values: [Double], shape: [Int]) -> [UInt8] {
        precondition(values.count == shape.reduce(1, *), "as many values as the shape has")
        var bytes = header(shape: shape)
        values.withUnsafeBufferPointer { values in
            write(values) { (piece) throws(Never) in bytes.append(contentsOf: piece) }
        }
        return bytes
    }
}
