import Files
import Foundation
import TestSupport
import Testing
import Traces

/// The digest of a trace is that of the bytes that were read, however they were read.
struct TraceDigestTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static func digest(_ bytes: [UInt8]) -> String {
        let hash = SHA256()
        hash.update(bytes)
        return hash.hexadecimal()
    }

    private static let names = TraceFiles.names + RoundTripTests.files

    /// Before anything is read, after a part, after all of it, and asked for twice.
    @Test(arguments: names) func isThatOfTheFile(name: String) throws {
        let expected = Self.digest(try TraceFiles.bytes(name))
        let trace = try RecordedTrace.open("\(TraceFiles.folder)/\(name)")
        #expect(try trace.digest() == expected)
        let other = try RecordedTrace.open("\(TraceFiles.folder)/\(name)")
        let last = try #require(other.arrays.last)
        try last.forEachRow(of: [last.stepCount - 1]) { _ in }
        try last.forEachBlock(coordinates: 0..<1) { _ in }
        for array in other.arrays { try array.forEachBlock { _ in } }
        for _ in 0..<2 { #expect(try other.digest() == expected) }
        #expect(try RecordedTrace.read(TraceFiles.bytes(name), named: name).digest() == expected)
    }

    /// With blocks of many coordinates in both orders, in several groups with gaps between them.
    @Test(arguments: [false, true]) func ofALargeFileInParts(isFortranOrder: Bool) throws {
        let bytes = NpyBytes.file(
            "'<f8'", order: isFortranOrder ? "True" : "False", shape: "(40, 9000)", (0..<360_000).map { Double($0) })
        let path = try scratch.put(bytes, at: "a.npy")
        let trace = try RecordedTrace.open(path)
        for group in [5000..<9000, 0..<100, 100..<5000] { try trace.arrays[0].forEachBlock(coordinates: group) { _ in } }
        #expect(try trace.digest() == Self.digest(bytes))
    }

    @Test func ofAPipe() throws {
        let path = scratch.path("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        let bytes = try TraceFiles.bytes("stored.npz")
        Thread.detachNewThread { FileHandle(forWritingAtPath: path)?.write(Data(bytes)) }
        let trace = try RecordedTrace.open(path)
        for array in trace.arrays { try array.forEachBlock { _ in } }
        #expect(try trace.digest() == Self.digest(bytes))
    }

    /// What is put at the path after the opening does not count; what is written into the file is an error.
    @Test func ofWhatWasOpened() throws {
        let bytes = try TraceFiles.bytes("savetxt.csv")
        let path = try scratch.put(bytes, at: "a.csv")
        let replaced = try RecordedTrace.open(path)
        try scratch.put("1,2\n", at: "other.csv")
        try #require(rename(scratch.path("other.csv"), path) == 0)
        try replaced.arrays[0].forEachBlock { _ in }
        #expect(try replaced.digest() == Self.digest(bytes))

        let changed = try RecordedTrace.open(path)
        try changed.arrays[0].forEachBlock { _ in }
        let file = try #require(FileHandle(forWritingAtPath: path))
        // A file system keeps times no finer than its clock's ticks.
        usleep(20_000)
        try file.write(contentsOf: Data("3".utf8))
        try file.close()
        let error = try #require(throws: TraceError.self) { try changed.digest() }
        #expect(error.description.hasPrefix("\(path): ") && error.description.contains("changed since it was opened"))
    }

    @Test func theRecordNamesTheInput() throws {
        let bytes = try TraceFiles.bytes("column.csv")
        for input in [TraceInput.memory(bytes, name: "column.csv"), .file("\(TraceFiles.folder)/column.csv")] {
            let record = try input.record(of: input.open())
            #expect(record == InputFile(file: input.name, sha256: Self.digest(bytes)))
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let json = String(decoding: try encoder.encode(record), as: UTF8.self)
            #expect(json == "{\"file\":\"\(input.name)\",\"sha256\":\"\(Self.digest(bytes))\"}")
        }
    }
}
