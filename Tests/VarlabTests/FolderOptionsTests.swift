import Errors
import Experiments
import Files
import Foundation
import Report
import Synchronization
import TestSupport
import Testing
@testable import varlab

/// One way to write what an experiment has found, and its last words.
@Suite struct FolderOptionsTests {
    private struct Found: Outcome {
        var breaks = false

        func write(to folder: OutputFolder, provenance: Provenance) throws -> [GnuplotFigure] {
            try folder.write(Table([Column("t", [1])]), as: "t.csv")
            if breaks { throw ParameterError(parameter: .steps, value: 1, rule: "breaks") }
            try folder.write(RunRecord(provenance, parameters: ["a": 1]).bytes(), as: "run.json")
            return []
        }

        var summaryLines: [String] { ["one row"] }
    }

    private final class Order: Sendable {
        let events = Mutex<[String]>([])
        func note(_ event: String) { events.withLock { $0.append(event) } }
    }

    /// Its figures come before its tables.
    private struct Overlapping: Outcome {
        let order: Order

        func write(to folder: OutputFolder, provenance: Provenance) throws -> [GnuplotFigure] { [] }

        func write(to folder: OutputFolder, provenance: Provenance, draw: ([GnuplotFigure]) -> Void) throws {
            draw([])
            order.note("drawing")
            try folder.write(Table([Column("t", [1])]), as: "t.csv")
            order.note("table")
        }
    }

    @Test func tablesAndRecordAreInPlace() throws {
        let scratch = try Scratch()
        let options = try FolderOptions.parse(["--output", scratch.path("run")])
        let folder = try options.folder()
        try options.write(Found(), to: folder, provenance: Provenance(version: "1", commit: "abc", command: "varlab x"), quiet: true)
        #expect(scratch.names("run").filter { !$0.hasPrefix(".") } == ["run.json", "t.csv"])
        let record = try #require(scratch.text("run/run.json"))
        for part in [#""commit" : "abc""#, #""command" : "varlab x""#, #""version" : "1""#] { #expect(record.contains(part), "\(record)") }
    }

    @Test func aFailureLeavesNothing() throws {
        let scratch = try Scratch()
        do {
            let options = try FolderOptions.parse(["-o", scratch.path("run")])
            let folder = try options.folder()
            #expect(throws: ParameterError.self) { try options.write(Found(breaks: true), to: folder, quiet: true) }
        }
        #expect(scratch.names.isEmpty)
    }

    @Test func anOutcomeMayDrawFirst() throws {
        let scratch = try Scratch()
        let options = try FolderOptions.parse(["-o", scratch.path("run")])
        let order = Order()
        try options.write(Overlapping(order: order), to: options.folder(), quiet: true)
        #expect(order.events.withLock { $0 } == ["drawing", "table"])
        #expect(scratch.text("run/t.csv") == "t\n1\n")
    }

    @Test func outputIsRequiredWhereItIs() throws {
        let options = try FolderOptions.parse([])
        #expect(throws: (any Error).self) { try options.require() }
        #expect(!options.force && !options.pdf)
    }

    // MARK: Last words

    @Test func lastWords() {
        let text = EndOfRun.text(["a finding", "another"], files: ["b.csv", "a.csv", "run.json"], folder: "out")
        #expect(text == "a finding\nanother\nwrote to out/: a.csv, b.csv, run.json\n")
        #expect(EndOfRun.text([], files: ["a"], folder: "out/") == "wrote to out/: a\n")
        #expect(EndOfRun.text(["x"], files: [], folder: "out") == "x\n")
        #expect(EndOfRun.text([], files: [], folder: "out").isEmpty)
    }

    @Test func manyFilesAreCounted() {
        let files = (100..<400).map { "gradients_\($0).npy" }
        let text = EndOfRun.text([], files: files, folder: "out")
        #expect(text.hasSuffix("276 more\n") && text.contains("gradients_123.npy") && !text.contains("gradients_124.npy"))
        for line in text.split(separator: "\n") { #expect(line.count <= 100) }
        #expect(text.split(separator: "\n").dropFirst().allSatisfy { $0.hasPrefix("  ") })
    }

    /// A name cannot move the cursor of a terminal.
    @Test func namesAreOneLine() {
        let text = EndOfRun.text(["a\u{1B}[2Jb"], files: ["x\ny"], folder: "o\rt")
        #expect(text.filter { $0 == "\n" }.count == 2 && !text.contains("\u{1B}") && !text.contains("\r"))
    }
}
