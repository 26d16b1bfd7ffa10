import Foundation
import TestSupport
import Testing
import Traces

/// Which format a file is read in, and what is told of those that are not read.
struct TraceFormatTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func failure(_ bytes: [UInt8], _ name: String) throws -> String {
        let path = try scratch.put(bytes, at: name)
        let error = try #require(throws: TraceError.self) { try RecordedTrace.open(path) }
        #expect(error.exitClass == .data && !error.description.contains { $0.isNewline })
        return error.description
    }

    /// A zip file of one stored member, with the checksum of nothing.
    private static func zip(_ member: String) -> [UInt8] {
        let name = [UInt8](member.utf8)
        func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
        func record(_ parts: [[UInt8]]) -> [UInt8] { parts.flatMap { $0 } }
        let size: [UInt8] = [UInt8(name.count), 0]
        let local = record([[0x50, 0x4b, 3, 4, 20, 0], zeros(20), size, zeros(2), name])
        let entry = record([[0x50, 0x4b, 1, 2, 20, 0, 20, 0], zeros(20), size, zeros(16), name])
        let counts: [UInt8] = [1, 0, 1, 0, UInt8(entry.count), 0, 0, 0, UInt8(local.count), 0, 0, 0]
        return record([local, entry, [0x50, 0x4b, 5, 6], zeros(4), counts, zeros(2)])
    }

    /// `pickle.dumps(0x1950a86a20f9469cfc6c, protocol=2)`, with which `torch.save` began before it wrote zip files.
    static let legacy: [UInt8] = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]

    @Test(arguments: ["grads.pt", "grads.pth", "grads.npz", "grads", "grads.npy"]) func filesOfPyTorch(name: String) throws {
        for bytes in [Self.zip("grads/data.pkl"), Self.zip("archive/data.pkl"), Self.legacy] {
            let text = try failure(bytes, name)
            #expect(text.contains(": a file of PyTorch's: convert it: import numpy, torch; "))
            #expect(text.hasSuffix("numpy.save(\"grads.npy\", torch.load(\"\(scratch.path(name))\").float().numpy())"))
        }
    }

    /// A member of another name is none of PyTorch's; nor is a file with its ending but without its bytes.
    @Test func whatIsNotPyTorchs() throws {
        #expect(try failure(Self.zip("data.pkl.npy"), "a.npz").contains("data.pkl.npy"))
        #expect(try failure(Array("1,2\n".utf8), "a.pt").contains("the ending .pt: must be .npy, .npz, .safetensors or .csv"))
        #expect(try failure([0x80, 4, 0x95, 0], "a.pkl").contains("a pickle of Python's: convert it"))
        #expect(try failure([0x80, 4, 0x95, 0], "a").contains("pickle.load"))
        // A pickle under a name that says what it should be has that format's error.
        #expect(try failure([0x80, 4, 0x95, 0], "a.npy").contains("the header is cut off"))
    }

    @Test(arguments: ["a.txt", "a.dat", "a.2024", "trace.npy.bak", "A.XLSX"]) func unknownEndings(name: String) throws {
        let ending = name.split(separator: ".").last!.lowercased()
        let text = try failure(Array("1,2\n3,4\n".utf8), name)
        #expect(text == "\(scratch.path(name)): the ending .\(ending): must be .npy, .npz, .safetensors or .csv; "
            + "without an ending the first bytes decide")
    }

    /// In either case of letters; a name that begins with a point has no ending.
    @Test(arguments: ["a.CSV", "a.Csv", ".csv", ".hidden", "a", "a."]) func knownEndingsAndNone(name: String) throws {
        let path = try scratch.put("1,2\n3,4\n", at: name)
        #expect(try RecordedTrace.open(path).arrays[0].values() == [1, 2, 3, 4])
    }

    /// The ending of a pipe's name means nothing.
    @Test(arguments: ["savetxt.csv", "deflated.npz", "float64_little_F.npy"]) func pipesAreSniffed(name: String) throws {
        let path = scratch.path("pipe.2024")
        try #require(mkfifo(path, 0o600) == 0)
        let bytes = Data(try TraceFiles.bytes(name))
        Thread.detachNewThread { FileHandle(forWritingAtPath: path)?.write(bytes) }
        let arrays = try RecordedTrace.open(path).arrays
        let expected = try #require(TraceFiles.expected[name])
        #expect(try arrays.map { try $0.values().map(TraceFiles.bits) } == expected.map(\.values))
    }
}

/// What would not fit into memory is refused by its shape, before memory is asked for.
struct TraceMemoryTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A file of that many steps and coordinates, all of it a hole.
    private func sparse(_ shape: String, size: Int) throws -> RecordedArray {
        let header = NpyBytes.header(NpyBytes.dictionary("'<f8'", shape: shape))
        let path = try scratch.put(header, at: "sparse.npy")
        try #require(truncate(path, header.count + size) == 0)
        return try RecordedTrace.open(path).arrays[0]
    }

    @Test func aStepOfEightGigabytes() throws {
        let array = try sparse("(1, 1000000000)", size: 8_000_000_000)
        let error = try #require(throws: TraceError.self) {
            try WholeSteps(array: array, count: 1).forEach { _ in Issue.record("a step that does not fit") }
        }
        #expect(error.description == "\(scratch.path("sparse.npy")): shape (1, 1000000000): 8 bytes of each coordinate are held in memory, "
            + "at most 2147483648 (2 GiB): must have at most 268435456 coordinates")
    }

    @Test func theBoundItself() throws {
        let array = try sparse("(1, 1048576)", size: 8 << 20)
        try TraceMemory.require(2048, perCoordinateOf: [array])
        #expect(throws: TraceError.self) { try TraceMemory.require(2049, perCoordinateOf: [array]) }
        try TraceMemory.require(1024, perCoordinateOf: [array, array])
        let error = try #require(throws: TraceError.self) { try TraceMemory.require(1025, perCoordinateOf: [array, array]) }
        #expect(error.member == "sparse" && error.rule.hasSuffix("coordinates in all arrays"))
    }

    /// A long series of one coordinate is never in memory: 8 GB of it are fine, here its last step.
    @Test func longSeriesAreNot() throws {
        let array = try sparse("(1000000000,)", size: 8_000_000_000)
        try TraceMemory.require(1 << 20, perCoordinateOf: [array])
        var steps: [Int] = []
        try array.forEachRow(of: [0, 999_999_999]) { row in
            steps.append(row.steps.lowerBound)
            #expect(row.values[0] == 0)
        }
        #expect(steps == [0, 999_999_999])
    }
}
