import Files
import Foundation
import TestSupport
import Testing

struct WorkFolderTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func notOwn(_ body: () throws -> Void) -> Bool {
        #expect(throws: OutputError.self) { try body() }?.reason == .notOwn
    }

    @Test func keepsFilesUntilItIsRemoved() throws {
        #expect(try WorkFolder.existing(in: scratch.path) == nil)
        let work = try WorkFolder(in: scratch.path)
        #expect(work.path == scratch.path + "/.varlab")
        #expect(try work.names() == [])
        try work.write([1, 2], as: "b.checkpoint")
        try work.write([3], as: "a")
        try work.write([4, 5, 6], as: "b.checkpoint")
        #expect(try work.names() == ["a", "b.checkpoint"])
        let again = try #require(try WorkFolder.existing(in: scratch.path))
        #expect(try again.read("b.checkpoint") == [4, 5, 6])
        #expect(try again.read("c") == nil)
        try again.remove("a")
        try again.remove("a")
        #expect(try work.names() == ["b.checkpoint"])
        try work.remove()
        #expect(scratch.names == [])
        try work.remove()
    }

    @Test func onlyWhatThisProgramWroteIsReplacedOrRemoved() throws {
        let work = try WorkFolder(in: scratch.path)
        try work.write([1], as: "ours")
        try scratch.put("precious", at: ".varlab/theirs")
        #expect(notOwn { try work.write([2], as: "theirs") })
        try work.remove("theirs")
        #expect(try work.names() == ["ours"])
        try work.remove()
        #expect(scratch.text(".varlab/theirs") == "precious")
        // Still known as this program's, and of use.
        let again = try WorkFolder(in: scratch.path)
        try again.write([3], as: "ours")
        #expect(try again.names() == ["ours"])
        unlink(scratch.path(".varlab/theirs"))
        try again.remove()
        #expect(scratch.names == [])
    }

    @Test func aFolderWithoutTheMarkerIsSomebodyElses() throws {
        mkdir(scratch.path(".varlab"), 0o755)
        try scratch.put("precious", at: ".varlab/a")
        #expect(notOwn { _ = try WorkFolder(in: scratch.path) })
        #expect(notOwn { _ = try WorkFolder.existing(in: scratch.path) })
        try scratch.put("something else\n", at: ".varlab/MADE-BY-VARLAB")
        #expect(notOwn { _ = try WorkFolder(in: scratch.path) })
        #expect(scratch.names(".varlab") == ["MADE-BY-VARLAB", "a"])
    }

    @Test func whatIsNoFolderIsSomebodyElses() throws {
        try scratch.put("precious", at: ".varlab")
        #expect(notOwn { _ = try WorkFolder(in: scratch.path) })
        unlink(scratch.path(".varlab"))
        mkdir(scratch.path("elsewhere"), 0o755)
        symlink("elsewhere", scratch.path(".varlab"))
        #expect(notOwn { _ = try WorkFolder(in: scratch.path) })
        #expect(scratch.names("elsewhere") == [])
    }

    /// An interrupt may come between the folder and the marker.
    @Test func anEmptyFolderIsTaken() throws {
        mkdir(scratch.path(".varlab"), 0o755)
        #expect(try WorkFolder.existing(in: scratch.path) == nil)
        try WorkFolder(in: scratch.path).remove()
        #expect(scratch.names == [])
    }

    /// A link in place of a file of this program's would lead out of the folder.
    @Test func linksAreNotFollowed() throws {
        let work = try WorkFolder(in: scratch.path)
        try work.write([1], as: "a")
        try scratch.put("precious", at: "outside")
        unlink(scratch.path(".varlab/a"))
        symlink("../outside", scratch.path(".varlab/a"))
        #expect(notOwn { try work.write([2], as: "a") })
        #expect(throws: OutputError.self) { try work.read("a") }
        try work.remove()
        #expect(scratch.names == ["outside"])
        #expect(scratch.text("outside") == "precious")
    }

    /// A marker that somebody has edited names nothing outside the folder.
    @Test func theMarkerNamesPlainFilesOnly() throws {
        let work = try WorkFolder(in: scratch.path)
        try scratch.put("precious", at: "outside")
        let marker = ".varlab/MADE-BY-VARLAB"
        let text = try #require(scratch.text(marker))
        try scratch.put(text + "../outside\n..\n/etc/passwd\n.\n", at: marker)
        #expect(try work.names() == [])
        try work.remove()
        #expect(scratch.names == ["outside"])
    }

    @Test func errorsAreTheSystems() throws {
        let error = #expect(throws: OutputError.self) { try WorkFolder(in: scratch.path("missing")) }
        #expect(error == OutputError(path: scratch.path("missing/.varlab"), reason: .system(operation: "create the folder", code: ENOENT)))
        let work = try WorkFolder(in: scratch.path)
        let long = String(repeating: "x", count: 300)
        let unwritten = #expect(throws: OutputError.self) { try work.write([1], as: long) }
        guard case .system(_, ENAMETOOLONG) = unwritten?.reason else {
            Issue.record("\(String(describing: unwritten))")
            return
        }
    }
}
