import Foundation

/// The arrays of an uncompressed .npz file of doubles and 64-bit integers beside the tests.
struct ReferenceArrays {
    struct MissingArray: Error { let name: String }
    private var doubles: [String: [Double]] = [:]
    private var integers: [String: [Int32]] = [:]
    private var shapes: [String: [Int]] = [:]

    init(_ name: String) throws {
        let url = Bundle.module.url(forResource: name, withExtension: "npz", subdirectory: "Reference")
        let bytes = [UInt8](try Data(contentsOf: url!))
        func number(_ at: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        // The end-of-directory record has no comment: it is the last 22 bytes.
        let end = bytes.count - 22
        var entry = number(end + 16, 4)
        for _ in 0..<number(end + 10, 2) {
            precondition(number(entry + 10, 2) == 0, "np.savez stores its arrays uncompressed")
            let nameLength = number(entry + 28, 2)
            let size = number(entry + 24, 4)
            let header = number(entry + 42, 4)
            let name = String(decoding: bytes[entry + 46..<entry + 46 + nameLength], as: UTF8.self)
            let array = header + 30 + number(header + 26, 2) + number(header + 28, 2)
            read(String(name.dropLast(4)), Array(bytes[array..<array + size]))
            entry += 46 + nameLength + number(entry + 30, 2) + number(entry + 32, 2)
        }
    }

    private mutating func read(_ name: String, _ npy: [UInt8]) {
        let start = 10 + Int(npy[8]) + Int(npy[9]) << 8
        let header = String(decoding: npy[10..<start], as: UTF8.self)
        let words = stride(from: start, to: npy.count, by: 8).map { at in
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(npy[at + $1]) << (8 * UInt64($1)) }
        }
        shapes[name] = header.split(separator: "(")[1].split(separator: ")")[0].split(separator: ",").compactMap {
            Int($0.trimmingCharacters(in: .whitespaces))
        }
        if header.contains("'<f8'") {
            doubles[name] = words.map { Double(bitPattern: $0) }
        } else {
            precondition(header.contains("'<i8'"), "doubles and 64-bit integers")
            integers[name] = words.map { Int32(truncatingIfNeeded: Int64(bitPattern: $0)) }
        }
    }

    func doubles(_ name: String) throws -> [Double] {
        guard let array = doubles[name] else { throw MissingArray(name: name) }
        return array
    }

    func integers(_ name: String) throws -> [Int32] {
        guard let array = integers[name] else { throw MissingArray(name: name) }
        return array
    }

    func shape(_ name: String) throws -> [Int] {
        guard let shape = shapes[name] else { throw MissingArray(name: name) }
        return shape
    }
}
