import Foundation
import TestSupport
import Testing
import Traces

/// Every broken file gives one line that names the file, the place and the rule.
struct BadFilesTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    struct Bad: Sendable, CustomTestStringConvertible {
        let file: String
        let bytes: [UInt8]
        /// What follows the path in the message.
        let message: String

        init(_ file: String, _ bytes: [UInt8], _ message: String) {
            self.file = file
            self.bytes = bytes
            self.message = message
        }

        init(_ file: String, _ text: String, _ message: String) { self.init(file, Array(text.utf8), message) }

        var testDescription: String { message }
    }

    /// Opens and reads everything.
    private func read(_ path: String) throws {
        for array in try RecordedTrace.open(path).arrays { try array.forEachBlock { _ in } }
    }

    private func expectError(_ path: String) throws -> TraceError {
        let error = try #require(throws: TraceError.self) { try read(path) }
        let line = error.description
        #expect(line.hasPrefix(path + ": "))
        #expect(!line.contains { $0.isNewline })
        #expect(line.utf8.count < path.utf8.count + 300)
        return error
    }

    private static func npy(_ descr: String, order: String = "False", shape: String, data: Int = 0) -> [UInt8] {
        NpyBytes.header(NpyBytes.dictionary(descr, order: order, shape: shape)) + [UInt8](repeating: 0, count: data)
    }

    static let npyFiles: [Bad] = [
        Bad("a.npy", "", "byte 0: an empty file: must have gradients"),
        Bad("a.npy", "NUMPY is not it", "byte 0: 'NUMPY ': an .npy array begins with \\x93NUMPY"),
        Bad("a.npy", NpyBytes.header("{}", version: 4), "byte 6: format version 4.0: must be 1.0, 2.0 or 3.0"),
        Bad("a.npy", NpyBytes.header("{}", length: 4000), "byte 8: header length 4000: only 3 bytes follow"),
        Bad("a.npy", NpyBytes.header("{}", version: 2, length: 0xffff_ffff), "byte 8: header length 4294967295: only 3 bytes follow"),
        Bad("a.npy", NpyBytes.header("{}", version: 2, length: 70_000) + [UInt8](repeating: 32, count: 80_000), "byte 8: header length 70000: must be at most 65536"),
        Bad("a.npy", NpyBytes.header("{}", length: 1), "byte 11: the end of the header: a string is expected"),
        Bad("a.npy", npy("'<i4'", shape: "(2,)", data: 8), "byte 20: dtype '<i4' (integers): must be float16, float32 or float64"),
        Bad("a.npy", npy("'<c8'", shape: "(2,)", data: 16), "byte 20: dtype '<c8' (complex numbers): must be float16, float32 or float64"),
        Bad("a.npy", npy("'|O'", shape: "(2,)", data: 16), "byte 20: dtype '|O' (Python objects): must be float16, float32 or float64"),
        Bad("a.npy", npy("'|b1'", shape: "(2,)", data: 2), "byte 20: dtype '|b1' (truth values): must be float16, float32 or float64"),
        Bad("a.npy", npy("'<f16'", shape: "(2,)", data: 32), "byte 20: dtype '<f16': must be float16, float32 or float64"),
        Bad("a.npy", npy("[('x', '<f4')]", shape: "(2,)", data: 8), "byte 20: a dtype with fields: must be float16, float32 or float64"),
        Bad("a.npy", npy("'<f4'", shape: "()", data: 4), "byte 60: shape (): must be [steps] or [steps, coordinates...], not a single number"),
        Bad("a.npy", npy("'<f4'", shape: "(0, 3)"), "byte 60: shape (0, 3): must have at least one step and one coordinate"),
        Bad("a.npy", npy("'<f4'", shape: "(3, 0)"), "byte 60: shape (3, 0): must have at least one step and one coordinate"),
        Bad("a.npy", npy("'<f4'", shape: "(4294967296, 4294967296)"), "byte 60: shape (4294967296, 4294967296): must have fewer than 2^63 bytes"),
        Bad("a.npy", npy("'<f8'", shape: "(1152921504606846976,)"), "byte 60: shape (1152921504606846976,): must have fewer than 2^63 bytes"),
        Bad("a.npy", npy("'<f4'", shape: "(99999999999999999999,)"), "byte 61: '99999999999999999999': must be a whole number below 2^63"),
        Bad("a.npy", npy("'<f4'", shape: "(1000000000000,)", data: 8), "byte 88: the end of the data after 8 bytes: shape (1000000000000,) needs 4000000000000"),
        Bad("a.npy", npy("'<f4'", shape: "(-1,)", data: 8), "byte 61: '-1,), }\\u{a}': a whole number, not negative, is expected"),
        Bad("a.npy", npy("'<f4'", shape: "(2)", data: 8), "byte 62: ')': ',' is expected"),
        Bad("a.npy", npy("'<f4'", order: "0", shape: "(2,)", data: 8), "byte 44: '0, 'shape': (2,), }\\u{a}': True or False is expected"),
        Bad("a.npy", npy("'<f4'", shape: "(2,)", data: 9), "byte 76: 1 bytes after the data: shape (2,) ends there"),
        Bad("a.npy", npy("'<f4'", shape: "(2,), 'shape': (2,)", data: 8), "byte 66: key 'shape': must be descr, fortran_order and shape, each once"),
        Bad("a.npy", NpyBytes.header("{'descr': '<f4', 'shape': (2,)}") + [0, 0, 0, 0, 0, 0, 0, 0], "byte 10: no key 'fortran_order': must be there"),
        Bad("a.npy", NpyBytes.header("{'descr': '<f4"), "byte 25: the end of the header: must go on"),
        Bad("a.npy", NpyBytes.header("{} or so"), "byte 13: 'or so\\u{a}': nothing may follow the dictionary"),
    ]

    private static func tensors(_ header: String, data: Int, length: Int? = nil) -> [UInt8] {
        let length = length ?? header.utf8.count
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8) + [UInt8](repeating: 0, count: data)
    }

    private static func tensor(_ name: String, _ offsets: String) -> String { tensor(name, "F32", "[2]", offsets) }

    private static func tensor(_ name: String, _ dtype: String, _ shape: String, _ offsets: String) -> String {
        "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
    }

    static let safetensorsFiles: [Bad] = [
        Bad("a.safetensors", "1234", "byte 4: the end of the file: the header's length is cut off"),
        Bad("a.safetensors", tensors("{}", data: 0, length: 1000), "byte 0: header length 1000: only 2 bytes follow"),
        Bad("a.safetensors", tensors("{}", data: 0, length: -1), "byte 0: header length 18446744073709551615: must be at most 100000000"),
        Bad("a.safetensors", tensors("{}", data: 0), "byte 8: no tensor: must have one"),
        Bad("a.safetensors", tensors("[]", data: 0), "byte 8: '[]': '{' is expected"),
        Bad("a.safetensors", tensors("{\"a\":", data: 0), "byte 13: the end of the header: '{' is expected"),
        Bad("a.safetensors", tensors("{\"a\":{}}", data: 0), "byte 9: tensor 'a' without dtype: must have it"),
        Bad("a.safetensors", tensors("{\"\\x\":{}}", data: 0), "byte 10: a broken escape: must be one of JSON's"),
        Bad("a.safetensors", tensors("{\"\\ud800\":{}}", data: 0), "byte 10: a broken escape: must be one of JSON's"),
        Bad("a.safetensors", tensors("{\(tensor("a", "I64", "[1]", "[0,8]"))}", data: 8), "byte 22: tensor 'a' of dtype I64: must be F16, BF16, F32 or F64"),
        Bad("a.safetensors", tensors("{\(tensor("a", "[0,8]"))}", data: 4), "byte 55: data_offsets [0, 8] of tensor 'a': must be [begin, end] within the 4 bytes of data"),
        Bad("a.safetensors", tensors("{\(tensor("a", "[8,0]"))}", data: 8), "byte 55: data_offsets [8, 0] of tensor 'a': must be [begin, end] within the 8 bytes of data"),
        Bad("a.safetensors", tensors("{\(tensor("a", "[0,4]"))}", data: 4), "byte 55: tensor 'a' of 4 bytes: shape (2,) needs 8"),
        Bad("a.safetensors", tensors("{\(tensor("a", "F32", "[]", "[0,4]"))}", data: 4), "byte 36: tensor 'a' of shape (): must be [steps] or [steps, coordinates...], not a single number"),
        Bad("a.safetensors", tensors("{\(tensor("a", "F32", "[4611686018427387904,4]", "[0,4]"))}", data: 4), "byte 36: tensor 'a' of shape (4611686018427387904, 4): must have fewer than 2^63 bytes"),
        Bad("a.safetensors", tensors("{\(tensor("a", "[0,8]")),\(tensor("b", "[4,12]"))}", data: 12), "byte 62: tensor 'b' at bytes 4 to 12 of the data: must begin at 8, where the one before it ends"),
        Bad("a.safetensors", tensors("{\(tensor("a", "[4,12]"))}", data: 12), "byte 9: tensor 'a' at bytes 4 to 12 of the data: must begin at 0, where the one before it ends"),
        Bad("a.safetensors", tensors("{\(tensor("a", "[0,8]")),\(tensor("a", "[8,16]"))}", data: 16), "byte 62: tensor 'a' again: must have a name of its own"),
        Bad("a.safetensors", tensors("{\(tensor("a", "[0,8]"))}", data: 9), "byte 70: 1 bytes after the last tensor: must end there"),
    ]

    static let csvFiles: [Bad] = [
        Bad("a.csv", "", "byte 0: an empty file: must have gradients"),
        Bad("a.csv", " \n\r\n", "line 1: nothing but blanks: must have gradients"),
        Bad("a.csv", "a,b\n", "line 1, column 1: 'a': a line of numbers must follow the header"),
        Bad("a.csv", "1,2\n3\n", "line 2, column 1: the end of the line after 1 cells: the first line has 2"),
        Bad("a.csv", "a,b\r\n1,2\r\n3,4,5\r\n", "line 3, column 2: more than 2 cells: the first line has 2"),
        Bad("a.csv", "1,2\n\n3,4\n", "line 2, column 1: the end of the line after 1 cells: the first line has 2"),
        Bad("a.csv", "1,2\n3,four\n", "line 2, column 2: 'four': must be a number"),
        Bad("a.csv", "1,2\n3,\n", "line 2, column 2: an empty cell: must be a number"),
        Bad("a.csv", "1,two\n3,4\n", "line 1, column 2: 'two': must be a number, as others in the line are, or the line a header without numbers"),
        Bad("a.csv", "1\n0x10\n", "line 2, column 1: '0x10': must be a number"),
        Bad("a.csv", "1\n1e\n", "line 2, column 1: '1e': must be a number"),
        Bad("a.csv", "1\n1.2.3\n", "line 2, column 1: '1.2.3': must be a number"),
        Bad("a.csv", "1\n.\n", "line 2, column 1: '.': must be a number"),
        Bad("a.csv", "1\nnano\n", "line 2, column 1: 'nano': must be a number"),
        Bad("a.csv", "1\n" + String(repeating: "7", count: 5000), "line 2, column 1: '\(String(repeating: "7", count: 40))…': a cell has at most 4096 bytes"),
        Bad("a.csv", "1\n\u{1b}[2J\n", "line 2, column 1: '\\u{1b}[2J': must be a number"),
    ]

    @Test(arguments: npyFiles + safetensorsFiles + csvFiles) func oneLine(bad: Bad) throws {
        let path = try scratch.put(bad.bytes, at: bad.file)
        #expect(try expectError(path).description == "\(path): \(bad.message)")
    }

    @Test func whatIsNoFile() throws {
        let folder = try expectError(scratch.path)
        #expect(folder.description == "\(scratch.path): a folder: a file is needed")
        let missing = scratch.path("missing.npy")
        #expect(try expectError(missing).description == "\(missing): cannot open it: No such file or directory")
        #expect(try expectError("/dev/zero").description == "/dev/zero: a device: a file or a pipe is needed")
    }

    /// A zip file in which some bytes of its only member's headers are changed: local header at 0, directory entry behind.
    @Test(arguments: [
        ("flags of the directory", 8, 1, "is encrypted: must not be"),
        ("method", 10, 12, "has compression method 12: must be 0 (stored) or 8 (deflated)"),
        ("checksum", 16, 1, "CRC-32"),
        ("stored size", 20, 1, "cannot be"),
        ("name", 46, 1, "must be as in the zip directory"),
        ("begin", 45, 0x7f, "must lie before the zip directory"),
        ("signature", 0, 1, "no entry of the zip directory: 4 are announced"),
    ] as [(String, Int, UInt8, String)])
    func zip(what: String, offset: Int, change: UInt8, message: String) throws {
        var bytes = try TraceFiles.bytes("stored.npz")
        let entry = try #require((0..<bytes.count).first { bytes[$0...].starts(with: [0x50, 0x4b, 1, 2]) })
        bytes[entry + offset] ^= change
        let error = try expectError(scratch.put(bytes, at: "a.npz"))
        #expect(error.description.contains(message))
        #expect(error.position != .file)
    }

    @Test func zipsThatAreNotWhole() throws {
        let bytes = try TraceFiles.bytes("deflated.npz")
        let followed = try expectError(scratch.put(bytes + [0], at: "a.npz"))
        #expect(followed.position == .byte(bytes.count + 1))
        #expect(followed.description.contains("no zip directory"))
        let notZip = try expectError(scratch.put("gradients".utf8, at: "a.npz"))
        #expect(notZip.found == "'grad'")
        let empty = [0x50, 0x4b, 5, 6] + [UInt8](repeating: 0, count: 18)
        let withoutMember = try expectError(scratch.put(empty, at: "a.npz"))
        #expect(withoutMember.found == "no member")
    }

    /// Cut at every byte, of the header and of the data.
    @Test(arguments: TraceFiles.binaryNames) func cutAnywhere(name: String) throws {
        let bytes = try TraceFiles.bytes(name)
        for count in bytes.indices { _ = try expectError(scratch.put(bytes[..<count], at: name)) }
    }

    /// The last byte of each member, in C and in Fortran order: only the checksum can tell.
    @Test func changedData() throws {
        let bytes = try TraceFiles.bytes("stored.npz")
        let ends = bytes.indices.dropFirst().filter {
            bytes[$0...].starts(with: [0x50, 0x4b, 3, 4]) || bytes[$0...].starts(with: [0x50, 0x4b, 1, 2])
        }
        try #require(ends.count == 7)
        for end in ends[..<4] {
            var changed = bytes
            changed[end - 1] ^= 1
            let error = try expectError(scratch.put(changed, at: "a.npz"))
            #expect(error.found.hasPrefix("CRC-32 0x"))
            #expect(error.member != nil)
        }
    }

    /// Every byte changed in two ways: read or refused, nothing else.
    @Test(arguments: TraceFiles.names) func changedAnywhere(name: String) throws {
        let bytes = try TraceFiles.bytes(name)
        for index in bytes.indices {
            for change: UInt8 in [0x01, 0x80] {
                var changed = bytes
                changed[index] ^= change
                let path = try scratch.put(changed, at: name)
                do {
                    try read(path)
                } catch let error as TraceError {
                    #expect(!error.description.contains { $0.isNewline })
                }
            }
        }
    }

    /// NaN and infinities are numbers here.
    @Test func whatIsNotFiniteIsRead() throws {
        let path = try scratch.put("nan,-NaN,inf\n-Infinity,+inf,1e999\n".utf8, at: "a.csv")
        let values = try RecordedTrace.open(path).arrays[0].values()
        #expect(values[..<2].allSatisfy { $0.isNaN })
        #expect(Array(values[2...]) == [.infinity, -.infinity, .infinity, .infinity])
    }
}
