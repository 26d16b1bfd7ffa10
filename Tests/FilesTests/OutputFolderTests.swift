import Files
import Foundation
import Report
import TestSupport
import Testing

struct OutputFolderTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func appearsWhole() throws {
        let folder = try OutputFolder(path: scratch.path("a/b/c"))
        try folder.write(Array("1".utf8), as: "one")
        try folder.write(Array("2".utf8), as: "one")
        try folder.write(Table([Column("x", [0.5])]), as: "two.json")
        #expect(scratch.names("a/b/c").allSatisfy { $0.hasPrefix(".varlab") })
        try folder.commit()
        #expect(scratch.names("a/b/c") == ["one", "two.json"])
        #expect(scratch.text("a/b/c/one") == "2")
        #expect(scratch.text("a/b/c/two.json") == "[\n{\"x\":0.5}\n]\n")
        folder.discard()
        #expect(scratch.names("a/b/c") == ["one", "two.json"])
    }

    @Test func filesGrowUntilTheFolderIsCommitted() throws {
        let folder = try OutputFolder(path: scratch.path("grown"))
        let one = try folder.stage("one"), two = try folder.stage("two")
        for piece in ["a", "b", "c"] {
            try one.write(Array(piece.utf8))
            try two.write(Array((piece + piece).utf8))
        }
        #expect(scratch.names("grown").allSatisfy { $0.hasPrefix(".varlab") })
        try one.close()
        try two.close()
        try folder.commit()
        #expect(scratch.names("grown") == ["one", "two"])
        #expect(scratch.text("grown/one") == "abc" && scratch.text("grown/two") == "aabbcc")
        #expect(one.path == scratch.path("grown/one"))
    }

    @Test func grownFilesGoWithTheFolder() throws {
        let folder = try OutputFolder(path: scratch.path("grown"))
        try folder.stage("one").write([1])
        folder.discard()
        #expect(scratch.names == [])
    }

    @Test func discardLeavesNothing() throws {
        let folder = try OutputFolder(path: scratch.path("a/b/"))
        try folder.write([1], as: "one")
        folder.discard()
        #expect(scratch.names == [])
        mkdir(scratch.path("own"), 0o755)
        _ = try OutputFolder(path: scratch.path("own"))
        // Forgotten without a commit: the same.
        #expect(scratch.names == ["own"])
        #expect(scratch.names("own") == [])
    }

    @Test func refusesWhatIsNotEmpty() throws {
        try scratch.put("old", at: "kept")
        let error = #expect(throws: OutputError.self) { try OutputFolder(path: scratch.path) }
        #expect(error == OutputError(path: scratch.path, reason: .notEmpty(entry: "kept")))
        #expect(scratch.names == ["kept"])
    }

    @Test func forceReplacesWhatIsWrittenAndKeepsTheRest() throws {
        try scratch.put("old", at: "kept")
        try scratch.put("old", at: "replaced")
        let folder = try OutputFolder(path: scratch.path, force: true)
        try folder.write(Array("new".utf8), as: "replaced")
        try folder.write(Array("new".utf8), as: "added")
        #expect(scratch.text("replaced") == "old")
        try folder.commit()
        #expect(scratch.names == ["added", "kept", "replaced"])
        #expect(scratch.text("kept") == "old")
        #expect(scratch.text("replaced") == "new")
    }

    /// A file that appears between the check and the commit is not overwritten, and what was put in place is taken back.
    @Test func commitRefusesWhatAppearedMeanwhile() throws {
        let folder = try OutputFolder(path: scratch.path("out"))
        for name in ["a", "b", "c"] { try folder.write(Array("new".utf8), as: name) }
        try scratch.put("theirs", at: "out/b")
        let error = #expect(throws: OutputError.self) { try folder.commit() }
        #expect(error == OutputError(path: scratch.path("out/b"), reason: .exists))
        #expect(scratch.names("out") == ["b"])
        #expect(scratch.text("out/b") == "theirs")
    }

    @Test func aFailedCommitRestoresWhatWasThere() throws {
        try scratch.put("old", at: "a")
        mkdir(scratch.path("b"), 0o755)
        let folder = try OutputFolder(path: scratch.path, force: true)
        for name in ["a", "b"] { try folder.write(Array("new".utf8), as: name) }
        let error = #expect(throws: OutputError.self) { try folder.commit() }
        #expect(error == OutputError(path: scratch.path("b"), reason: .isFolder))
        #expect(scratch.names == ["a", "b"])
        #expect(scratch.text("a") == "old")
    }

    @Test func refusesWhatIsNotAFolder() throws {
        try scratch.put("", at: "file")
        for path in ["file", "file/below"] {
            for force in [false, true] {
                let error = #expect(throws: OutputError.self) {
                    try OutputFolder(path: scratch.path(path), force: force)
                }
                let isExpected: Bool =
                    switch error?.reason {
                    case .isNotFolder: true
                    case .system(_, let code): code == ENOTDIR
                    default: false
                    }
                #expect(isExpected, "\(String(describing: error))")
            }
        }
        #expect(scratch.names == ["file"])
    }

    /// Where nobody can create a folder, not even root; the folders created on the way are removed.
    @Test func refusesWhatCannotBeCreated() throws {
        let name = String(repeating: "x", count: 300)
        let error = #expect(throws: OutputError.self) { try OutputFolder(path: scratch.path("a/b/\(name)")) }
        guard case .system(_, ENAMETOOLONG) = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(scratch.names == [])
    }

    @Test(.enabled(if: permissionsApply)) func refusesWithoutPermissionBeforeTheWork() throws {
        chmod(scratch.path, 0o555)
        for path in [scratch.path, scratch.path("below")] {
            let error = #expect(throws: OutputError.self) { try OutputFolder(path: path, force: true) }
            guard case .system(_, EACCES) = error?.reason else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}
