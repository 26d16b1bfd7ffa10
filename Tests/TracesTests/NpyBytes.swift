/// `.npy` files written by hand.
enum NpyBytes {
    static func header(_ dictionary: String, version: UInt8 = 1, length: Int? = nil) -> [UInt8] {
        let text = Array(dictionary.utf8) + [0x0a]
        let length = length ?? text.count
        let lengthBytes = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + lengthBytes + text
    }

    static func dictionary(_ descr: String, order: String = "False", shape: String) -> String {
        "{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }"
    }

    static func file<Value>(_ descr: String, order: String = "False", shape: String, _ values: [Value]) -> [UInt8] {
        header(dictionary(descr, order: order, shape: shape)) + values.withUnsafeBytes { Array($0) }
    }
}
