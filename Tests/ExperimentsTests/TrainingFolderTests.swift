import Files
import Foundation
import TestSupport
import Testing

@testable import Experiments

/// A training command's folder: what it is before there is work.
@Suite struct TrainingFolderTests {
    private let options = ["steps": "4", "betas": "0.9,0.999"]

    private func open(
        _ scratch: Scratch, _ name: String = "out", options: [String: String]? = nil, resumes: Bool = false, force: Bool = false
    ) throws -> TrainingFolder? {
        try TrainingFolder.open(
            scratch.path(name), options: options ?? self.options, resumes: resumes, force: force, results: ["loss.csv"])
    }

    /// A folder as an interrupted command leaves it.
    private func interrupted(_ scratch: Scratch) throws {
        let folder = try #require(try open(scratch))
        _ = try folder.checkpoints(for: [])
        try folder.output.write(Array("a".utf8), as: "summary.csv")
        try folder.output.commit()
        try folder.noteFiles()
    }

    @Test func aFolderThatIsNotUsedLeavesNothing() throws {
        let scratch = try Scratch()
        _ = try open(scratch)
        #expect(scratch.names == [])
    }

    @Test func anInterruptedFolderIsTakenUpByTheSameOptionsAlone() throws {
        let scratch = try Scratch()
        try interrupted(scratch)
        let there = scratch.path("out")
        #expect(throws: ResumeError.unfinished(path: there)) { try open(scratch) }
        #expect(
            throws: ResumeError.otherOptions(
                path: there, [.init(name: "--betas", there: "0.9,0.999", here: "0.9,0.98"), .init(name: "--clip", there: nil, here: "1")])
        ) { try open(scratch, options: ["steps": "4", "betas": "0.9,0.98", "clip": "1"], resumes: true) }
        #expect(
            throws: ResumeError.otherOptions(path: there, [.init(name: "text", there: nil, here: "x")])
        ) { try open(scratch, options: options.merging(["text": "x"]) { $1 }, resumes: true, force: true) }
        let folder = try #require(try open(scratch, resumes: true))
        try folder.output.write(Array("b".utf8), as: "summary.csv")
        try folder.output.commit()
        try folder.finish()
        #expect(scratch.names("out") == ["summary.csv"] && scratch.text("out/summary.csv") == "b")
    }

    @Test func itsFilesAreReplacedOnlyAsItLeftThem() throws {
        let scratch = try Scratch()
        try interrupted(scratch)
        try scratch.put("mine", at: "out/summary.csv")
        #expect(throws: ResumeError.changedFile(path: scratch.path("out/summary.csv"))) { try open(scratch, resumes: true) }
        unlink(scratch.path("out/summary.csv"))
        #expect(try open(scratch, resumes: true) != nil)
        try scratch.put("mine", at: "out/other.csv")
        #expect(throws: ResumeError.foreignFile(path: scratch.path("out/other.csv"))) { try open(scratch, resumes: true) }
        #expect(try open(scratch, resumes: true, force: true) != nil)
        #expect(scratch.text("out/other.csv") == "mine")
    }

    @Test func recordsThatCannotBeReadAreErrors() throws {
        for file in ["options.json", "files.json"] {
            for text in ["", "{", "[]", "{\"steps\": 4}"] {
                let scratch = try Scratch()
                try interrupted(scratch)
                try scratch.put(text, at: "out/.varlab/\(file)")
                #expect(throws: ResumeError.unreadable(path: scratch.path("out/.varlab/\(file)"))) { try open(scratch, resumes: true) }
            }
        }
    }

    @Test(arguments: [
        "{}", "[]", "null", "", "{\"program\": \"varlab\"}", "{\"program\": \"other\", \"parameters\": {\"options\": {}, \"unfinished_runs\": 0}}",
        "{\"program\": \"varlab\", \"parameters\": {\"options\": {\"steps\": 4}, \"unfinished_runs\": 0}}",
    ])
    func aRecordOfAnotherKindIsNoCompleteFolder(text: String) throws {
        let scratch = try Scratch()
        mkdir(scratch.path("out"), 0o755)
        for file in ["run.json", "loss.csv"] { try scratch.put(text, at: "out/\(file)") }
        #expect(throws: OutputError.self) { try open(scratch, resumes: true) }
        #expect(scratch.names("out") == ["loss.csv", "run.json"])
    }

    @Test func aCompleteFolderIsKnownByItsRecordAndItsTables() throws {
        let scratch = try Scratch()
        mkdir(scratch.path("out"), 0o755)
        func record(unfinished: Int) -> String {
            "{\"program\": \"varlab\", \"parameters\": {\"options\": {\"steps\": \"4\", \"betas\": \"0.9,0.999\"}, \"unfinished_runs\": \(unfinished)}}"
        }
        try scratch.put(record(unfinished: 0), at: "out/run.json")
        #expect(throws: OutputError.self) { try open(scratch, resumes: true) }
        try scratch.put("a", at: "out/loss.csv")
        #expect(try open(scratch, resumes: true) == nil)
        #expect(throws: ResumeError.self) { try open(scratch, options: ["steps": "5"], resumes: true) }
        #expect(throws: ResumeError.self) { try open(scratch, options: ["steps": "5"], resumes: true, force: true) }
        #expect(throws: OutputError.self) { try open(scratch) }
        try scratch.put(record(unfinished: 1), at: "out/run.json")
        #expect(throws: OutputError.self) { try open(scratch, resumes: true) }
        #expect(try open(scratch, force: true) != nil)
    }

    @Test func errorsAreOneLineWithAClass() {
        let errors: [ResumeError] = [
            .otherOptions(path: "a", [.init(name: "--lr", there: "1", here: nil)]), .unfinished(path: "a"), .foreignFile(path: "a"),
            .changedFile(path: "a"), .unreadable(path: "a"),
        ]
        #expect(errors.map(\.exitClass.rawValue) == [64, 73, 73, 73, 65])
        #expect(errors[0].description == "--resume: a has runs of other options: --lr is 1 there and not set here")
        #expect(errors.allSatisfy { !$0.description.contains("\n") })
    }
}
