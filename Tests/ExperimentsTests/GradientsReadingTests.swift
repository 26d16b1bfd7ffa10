import Experiments
import Files
import Foundation
import TestSupport
import Testing
import Traces

/// How often `gradients` reads its files, counted by the system.
struct GradientsReadingTests {
    #if os(Linux)
    /// One reading for the statistics, the histograms' steps among it again, and one for the digest, which runs beside it in parts of its own. A
    /// quarter more than that is the bound, and what the process reads besides is far below a megabyte.
    @Test func readsTheFileOnceForStatisticsAndDigest() async {
        await #expect(processExitsWith: .success) {
            func bytesRead() throws -> Int {
                let text = try String(contentsOfFile: "/proc/self/io", encoding: .utf8)
                return try #require(text.split(separator: "\n").first { $0.hasPrefix("rchar: ") }.flatMap { Int($0.dropFirst(7)) })
            }
            let scratch = try Scratch()
            let dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (4000, 250), }\n"
            var bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(dictionary.utf8.count), 0] + Array(dictionary.utf8)
            (0..<1_000_000).map { Double(($0 * 7919) % 1009 - 500) }.withUnsafeBytes { bytes += $0 }
            let path = try scratch.put(bytes, at: "a.npy")
            let before = try bytesRead()
            let outcome = try GradientsExperiment(inputs: [.file(path)]).run(threads: 2)
            let read = try bytesRead() - before
            let hash = SHA256()
            hash.update(bytes)
            try #require(outcome.inputs == [InputFile(file: path, sha256: hash.hexadecimal())])
            try #require(read >= bytes.count && read < 2 * bytes.count + bytes.count / 4)
        }
    }
    #endif

    /// What came out in a line for each array.
    @Test func summaryLines() throws {
        let text = (0..<20).map { "\($0 % 2 == 0 ? 1 : -1),0.5" }.joined(separator: "\n")
        let inputs = ["a.csv", "b.csv"].map { TraceInput.memory(Array(text.utf8), name: $0) }
        let outcome = try GradientsExperiment(inputs: inputs).run(threads: 1)
        #expect(outcome.summaryLines == ["a", "b"].map {
            "\($0): 20 steps of 2 coordinates, 1 of them constant; a zero mean is not rejected for 1 of 1, normality for 0 of 1"
        })
    }
}
