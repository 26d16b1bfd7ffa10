import Foundation
import TestSupport
import Testing
import Traces

struct RecordedTraceTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Bit for bit what NumPy and the safetensors package say, over all coordinates and over every range of them.
    @Test(arguments: TraceFiles.names) func readsWhatWasWritten(name: String) throws {
        let trace = try RecordedTrace.open("\(TraceFiles.folder)/\(name)")
        let expected = try #require(TraceFiles.expected[name])
        try #require(trace.arrays.map(\.name) == expected.map(\.name))
        for (array, expected) in zip(trace.arrays, expected) {
            #expect(array.shape == expected.shape)
            #expect(array.stepCount == expected.shape[0])
            let count = array.coordinateCount
            #expect(count == expected.shape.dropFirst().reduce(1, *))
            for _ in 0..<2 { #expect(try array.values().map(TraceFiles.bits) == expected.values) }
            for first in 0..<count {
                for last in first..<count {
                    let part = (0..<array.stepCount).flatMap { expected.values[($0 * count + first)...($0 * count + last)] }
                    #expect(try array.values(first..<(last + 1)).map(TraceFiles.bits) == part)
                }
            }
        }
    }

    /// From memory as from a file, also where the reader seeks (Fortran order, zip files) and where it inflates.
    @Test(arguments: TraceFiles.names) func readsFromMemory(name: String) throws {
        let trace = try RecordedTrace.read(TraceFiles.bytes(name), named: name)
        let expected = try #require(TraceFiles.expected[name])
        #expect(trace.path == name && trace.arrays.map(\.name) == expected.map(\.name))
        #expect(try trace.arrays.map { try $0.values().map(TraceFiles.bits) } == expected.map(\.values))
        #expect(throws: TraceError.self) { try RecordedTrace.read([], named: name) }
    }

    /// Without an ending the first bytes tell.
    @Test(arguments: ["float32_big_F.npy", "deflated.npz", "column.csv"]) func noEnding(name: String) throws {
        let path = try scratch.put(TraceFiles.bytes(name), at: "trace")
        let arrays = try RecordedTrace.open(path).arrays
        let expected = try #require(TraceFiles.expected[name])
        #expect(try arrays.map { try $0.values().map(TraceFiles.bits) } == expected.map(\.values))
        if expected.count == 1 { #expect(arrays[0].name == "trace") }
    }

    /// A pipe can be read once, its copy as often as one likes.
    @Test(arguments: ["savetxt.csv", "stored.npz"]) func pipes(name: String) throws {
        let path = scratch.path("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        let bytes = Data(try TraceFiles.bytes(name))
        Thread.detachNewThread { FileHandle(forWritingAtPath: path)?.write(bytes) }
        let arrays = try RecordedTrace.open(path).arrays
        for (array, expected) in zip(arrays, try #require(TraceFiles.expected[name])) {
            for _ in 0..<2 { #expect(try array.values().map(TraceFiles.bits) == expected.values) }
        }
    }

    @Test func standardInput() async {
        await #expect(processExitsWith: .success) {
            let name = "header.csv"
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            let bytes = try TraceFiles.bytes(name)
            try #require(write(ends[1], bytes, bytes.count) == bytes.count)
            close(ends[1])
            dup2(ends[0], STDIN_FILENO)
            let trace = try RecordedTrace.open("-")
            try #require(trace.path == "standard input")
            for _ in 0..<2 {
                let values = try trace.arrays[0].values().map(TraceFiles.bits)
                try #require(values == TraceFiles.expected[name]![0].values)
            }
        }
    }

    /// Every bit pattern of float16, in both byte orders, against the definition of the format.
    @Test(arguments: ["<", ">"]) func everyHalf(order: String) throws {
        let patterns = (0...UInt16.max).map { order == "<" ? $0.littleEndian : $0.bigEndian }
        let path = try scratch.put(NpyBytes.file("'\(order)f2'", shape: "(65536,)", patterns), at: "halves.npy")
        let values = try RecordedTrace.open(path).arrays[0].values()
        for (bits, value) in zip(0...UInt16.max, values) {
            let exponent = Int(bits >> 10) & 31, fraction = Double(bits & 1023)
            let magnitude =
                exponent == 31
                ? (fraction == 0 ? .infinity : .nan)
                : scalbn(exponent == 0 ? fraction : fraction + 1024, max(exponent, 1) - 25)
            let expected = bits >> 15 == 1 ? -magnitude : magnitude
            if TraceFiles.bits(value) != TraceFiles.bits(expected) { Issue.record("\(bits): \(value), not \(expected)") }
        }
    }

    @Test func aShortenedFileIsAnError() throws {
        let values = [Double](repeating: 1, count: 300_000)
        let path = try scratch.put(NpyBytes.file("'<f8'", shape: "(300000,)", values), at: "a.npy")
        let array = try RecordedTrace.open(path).arrays[0]
        truncate(path, 2_000_000)
        let error = #expect(throws: TraceError.self) { try array.forEachBlock { _ in } }
        #expect(error?.position == .byte(2_000_000))
    }

    @Test func theErrorOfTheBodyIsPassedOn() throws {
        struct Failure: Error {}
        for name in TraceFiles.names {
            let array = try RecordedTrace.open("\(TraceFiles.folder)/\(name)").arrays[0]
            #expect(throws: Failure.self) { try array.forEachBlock { _ in throw Failure() } }
        }
    }
}
