import Errors
@testable import Files
import Foundation
import TestSupport
import Testing

/// A file that replaces itself, with the one before beside it.
@Suite struct SavedFileTests {
    private func content(_ text: String) -> OutputContent { OutputContent(Array(text.utf8)) }

    @Test func theOneBeforeStays() throws {
        let scratch = try Scratch()
        let file = try SavedFile("state", in: scratch.path("a/b"))
        #expect(!file.exists && file.path == scratch.path("a/b/state") && file.previousPath == file.path + ".previous")
        try file.write(content("1"))
        #expect(file.exists && scratch.text("a/b/state") == "1" && scratch.text("a/b/state.previous") == nil)
        for number in 2...4 {
            try file.write(content("\(number)"))
            #expect(scratch.text("a/b/state") == "\(number)" && scratch.text("a/b/state.previous") == "\(number - 1)")
        }
        #expect(scratch.names("a/b") == [".varlab.lock", "state", "state.previous"])
        try file.restorePrevious()
        #expect(scratch.text("a/b/state") == "3" && scratch.text("a/b/state.previous") == nil)
        try file.remove()
        #expect(!file.exists)
        file.release()
        #expect(scratch.names("a/b").isEmpty)
    }

    @Test func oneProcessAtATime() throws {
        let scratch = try Scratch()
        let file = try SavedFile("state", in: scratch.path)
        #expect(#expect(throws: OutputError.self) { try SavedFile("state", in: scratch.path) }?.reason == .inUse)
        file.release()
        #expect(throws: Never.self) { try SavedFile("state", in: scratch.path).release() }
    }

    /// A writing that fails changes nothing, and leaves nothing.
    @Test func aFailureLeavesWhatWasThere() throws {
        let scratch = try Scratch()
        let file = try SavedFile("state", in: scratch.path)
        try file.write(content("1"))
        try file.write(content("2"))
        let failing = OutputContent { (sink) throws(OutputError) in
            try OutputContent(Array("half".utf8)).write(sink)
            throw OutputError(path: "state", reason: .exists)
        }
        #expect(throws: OutputError.self) { try file.write(failing) }
        #expect(scratch.text("state") == "2" && scratch.text("state.previous") == "1")
        #expect(scratch.names == [".varlab.lock", "state", "state.previous"])
    }

    /// The bytes are on the disk before the name, and the name before the end.
    @Test func whatIsWrittenOutlastsALossOfPower() throws {
        let scratch = try Scratch()
        let file = try SavedFile("state", in: scratch.path)
        let events = Events()
        try FileSystem.observingDisk({ events.add($0) }) { try file.write(content("1")) }
        #expect(events.values == [.content(file.path), .name(file.path), .folder(scratch.path)])
    }

    /// What a killed process left goes at the next opening; what is somebody's stays.
    @Test func leftoversGo() throws {
        let scratch = try Scratch()
        try scratch.put("half", at: ".varlab-unfinished-0123456789abcdef")
        try scratch.put("mine", at: "other")
        let file = try SavedFile("state", in: scratch.path)
        #expect(scratch.names == [".varlab.lock", "other"])
        file.release()
        for (folder, reason) in [("other", OutputError.Reason.isNotFolder), ("", .emptyPath)] {
            let path = folder.isEmpty ? "" : scratch.path(folder)
            #expect(#expect(throws: OutputError.self) { try SavedFile("state", in: path) }?.reason == reason)
        }
        #expect(scratch.text("other") == "mine")
    }
}
