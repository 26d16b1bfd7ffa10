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

    private func fill(_ path: String, _ names: [String], force: Bool = true) throws(OutputError) {
        let folder = try OutputFolder(path: path, force: force)
        for name in names { try folder.write(Array("new \(name)".utf8), as: name) }
        try folder.commit()
    }

    /// Links stay links, and what they lead to is replaced, in this folder, another one, and where there was nothing.
    @Test func forceKeepsLinks() throws {
        for name in ["out", "elsewhere"] { mkdir(scratch.path(name), 0o755) }
        let links = [
            "inside": "target", "outside": "../elsewhere/target", "new": "../elsewhere/new", "chain": "inside-link", "absolute": scratch.path("absolute"),
        ]
        for (name, destination) in links { symlink(destination, scratch.path("out/" + name)) }
        symlink("../elsewhere/end", scratch.path("out/inside-link"))
        for name in ["out/target", "elsewhere/target", "absolute"] { try scratch.put("old", at: name) }
        chmod(scratch.path("elsewhere/target"), 0o640)
        for _ in 0..<2 {
            try fill(scratch.path("out"), links.keys.sorted() + ["plain"])
            for (name, destination) in links {
                #expect(try FileManager.default.destinationOfSymbolicLink(atPath: scratch.path("out/" + name)) == destination)
                #expect(scratch.text("out/" + name) == "new \(name)")
            }
        }
        #expect(scratch.text("out/target") == "new inside" && scratch.text("elsewhere/target") == "new outside")
        #expect(scratch.text("elsewhere/end") == "new chain" && scratch.text("absolute") == "new absolute")
        #expect(scratch.status("elsewhere/target")?.st_mode == S_IFREG | 0o640)
        #expect(scratch.names("out") == (links.keys + ["inside-link", "plain", "target"]).sorted())
        #expect(scratch.names("elsewhere") == ["end", "new", "target"])
    }

    @Test func forceKeepsPermissions() throws {
        let modes: [mode_t] = [0o600, 0o640, 0o444, 0o755, 0o000]
        for mode in modes {
            try scratch.put("old", at: "\(mode)")
            chmod(scratch.path("\(mode)"), mode)
        }
        if geteuid() == 0 { for mode in modes { chown(scratch.path("\(mode)"), 1234, 5678) } }
        try fill(scratch.path, modes.map { "\($0)" })
        for mode in modes {
            let status = try #require(scratch.status("\(mode)"))
            #expect(status.st_mode == S_IFREG | mode)
            if geteuid() == 0 { #expect(status.st_uid == 1234 && status.st_gid == 5678) }
            chmod(scratch.path("\(mode)"), 0o600)
            #expect(scratch.text("\(mode)") == "new \(mode)")
        }
    }

    /// What is no plain file is never replaced, with or without force; what else was to be written is as before.
    @Test(arguments: ["folder", "link to a folder", "pipe", "link to a device"]) func whatIsNoFileStays(kind: String) throws {
        let path = scratch.path("out")
        mkdir(path, 0o755)
        try scratch.put("old", at: "out/a")
        var reason = OutputError.Reason.isFolder
        switch kind {
        case "folder": mkdir(path + "/b", 0o755)
        case "link to a folder": symlink("..", path + "/b")
        case "pipe":
            mkfifo(path + "/b", 0o600)
            reason = .isSpecial
        default:
            symlink("/dev/null", path + "/b")
            reason = .isSpecial
        }
        let before = scratch.status("out/b")
        let error = #expect(throws: OutputError.self) { try fill(path, ["a", "b", "c"]) }
        #expect(error == OutputError(path: path + "/b", reason: reason))
        #expect(scratch.names("out") == ["a", "b"])
        #expect(scratch.text("out/a") == "old")
        #expect(scratch.status("out/b")?.st_ino == before?.st_ino)
        #expect(scratch.names == ["out"])
    }

    /// Two results in one place would lose one of them.
    @Test(arguments: ["b", "../out/b", "./b"]) func twoFilesInOnePlace(destination: String) throws {
        mkdir(scratch.path("out"), 0o755)
        symlink(destination, scratch.path("out/a"))
        try scratch.put("old", at: "out/b")
        let error = #expect(throws: OutputError.self) { try fill(scratch.path("out"), ["a", "b"]) }
        #expect(error?.description == "\(scratch.path)/out/b: leads to the same file as \(scratch.path)/out/a")
        #expect(scratch.text("out/b") == "old")
        #expect(scratch.names("out") == ["a", "b"])
    }

    /// A link that leads where nothing can be written: what was there before is there again.
    @Test func aLinkToNowhereLeavesEverythingAsItWas() throws {
        for name in ["out", "elsewhere"] { mkdir(scratch.path(name), 0o755) }
        try scratch.put("old", at: "out/a")
        try scratch.put("old", at: "elsewhere/b")
        symlink("../elsewhere/b", scratch.path("out/b"))
        symlink("../missing/c", scratch.path("out/c"))
        let error = #expect(throws: OutputError.self) { try fill(scratch.path("out"), ["a", "b", "c"]) }
        #expect(error == OutputError(path: scratch.path("out/c"), reason: .system(operation: "create it", code: ENOENT)))
        #expect(scratch.text("out/a") == "old" && scratch.text("elsewhere/b") == "old")
        #expect(scratch.names("out") == ["a", "b", "c"] && scratch.names("elsewhere") == ["b"])
    }

    @Test func withoutForceALinkToNothingIsKept() throws {
        let folder = try OutputFolder(path: scratch.path("out"))
        try folder.write([1], as: "a")
        symlink("nothing", scratch.path("out/a"))
        let error = #expect(throws: OutputError.self) { try folder.commit() }
        #expect(error == OutputError(path: scratch.path("out/a"), reason: .exists))
        #expect(scratch.names("out") == ["a"])
    }

    /// All bytes before the first name; the folder, and the one that the new folder is in, at the end.
    @Test func bytesAreOnTheDiskBeforeTheirNames() throws {
        let out = scratch.path("new/out")
        let events = Events()
        let folder = try OutputFolder(path: out)
        for name in ["a", "b"] { try folder.write([1], as: name) }
        try FileSystem.observingDisk({ events.add($0) }) { try folder.commit() }
        #expect(
            events.values == [
                .content(out + "/a"), .content(out + "/b"), .name(out + "/a"), .name(out + "/b"), .folder(out), .folder(scratch.path),
                .folder(scratch.path("new")),
            ])
    }

    @Test func oneProcessAtATime() async throws {
        for force in [false, true] {
            let path = scratch.path("out-\(force)")
            let folder = try OutputFolder(path: path, force: force)
            try folder.write([1], as: "a")
            await #expect(processExitsWith: .exitCode(3)) { [path = path as String, force = force as Bool] in
                do throws(OutputError) {
                    _ = try OutputFolder(path: path, force: force)
                } catch {
                    exit(error == OutputError(path: path, reason: .inUse) ? 3 : 4)
                }
            }
            try folder.commit()
            #expect(scratch.names("out-\(force)") == ["a"])
        }
    }

    /// Even while the first has its unfinished work there.
    @Test func oneProcessAtATimeWithUnfinishedWork() throws {
        let folder = try OutputFolder(path: scratch.path("out"))
        let work = try WorkFolder(in: folder.path)
        #expect(#expect(throws: OutputError.self) { try OutputFolder(path: scratch.path("out")) }?.reason == .inUse)
        folder.discard()
        let error = #expect(throws: OutputError.self) { try OutputFolder(path: scratch.path("out")) }
        #expect(error?.reason == .notEmpty(entry: ".varlab"))
        try work.remove()
        #expect(scratch.names("out") == [])
    }

    /// A process that is killed leaves a hidden folder and its lock: the next one needs no force, and removes them.
    @Test func whatAKilledProcessLeftGoes() async throws {
        let path = scratch.path("out")
        for force in [false, true] {
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let folder = try OutputFolder(path: path)
                try folder.write([1, 2, 3], as: "a")
                kill(getpid(), SIGKILL)
                try folder.commit()
            }
            #expect(scratch.names("out").count == 2)
            try OutputFolder(path: path, force: force).discard()
            #expect(scratch.names("out") == [])
        }
        try fill(path, ["b"], force: false)
        #expect(scratch.names("out") == ["b"])
    }

    /// Only what is provably this program's goes: the name, the marker, plain files.
    @Test func whatOthersMadeStays() throws {
        let marker = ".made-by-varlab"
        let kept = [
            ".varlab-unfinished-0123456789abcdeg/a", ".varlab-unfinished-0123456789abcde/a", ".varlab-unfinished-0123456789ABCDEF/a",
            ".unfinished-0123456789abcdef/a", ".varlab-unfinished-0000000000000001/a", ".varlab-unfinished-0000000000000002/below/a",
        ]
        for file in kept {
            try FileManager.default.createDirectory(
                atPath: scratch.path((file as NSString).deletingLastPathComponent), withIntermediateDirectories: true)
            try scratch.put("precious", at: file)
        }
        try scratch.put("", at: ".varlab-unfinished-0000000000000002/" + marker)
        try scratch.put("", at: ".varlab-unfinished-0000000000000002/unfinished")
        mkdir(scratch.path(".varlab-unfinished-0000000000000003"), 0o755)
        symlink(scratch.path(".varlab-unfinished-0000000000000001"), scratch.path(".varlab-unfinished-0000000000000004"))
        try fill(scratch.path, ["b"])
        for file in kept { #expect(scratch.text(file) == "precious", "\(file)") }
        #expect(scratch.names(".varlab-unfinished-0000000000000002") == [marker, "below"])
        #expect(!scratch.names.contains(".varlab-unfinished-0000000000000003"))
        #expect(scratch.names.contains(".varlab-unfinished-0000000000000004"))
    }

    @Test(arguments: ["", "-", "a\0b", "dangling", "file/", "file/../b", "/dev/null", "/dev/null/a", "loop/a"])
    func refusesAnOddPath(name: String) throws {
        try scratch.put("", at: "file")
        symlink("nothing", scratch.path("dangling"))
        symlink("loop", scratch.path("loop"))
        let before = scratch.names
        let path = ["", "-"].contains(name) || name.hasPrefix("/") ? name : scratch.path(name)
        for force in [false, true] {
            let error = try #require(#expect(throws: OutputError.self) { try OutputFolder(path: path, force: force) })
            switch name {
            case "":
                #expect(error.reason == .emptyPath)
                #expect(error.description == "the path of the output is empty")
            case "-": #expect(error.description == "standard output: is not a folder")
            case "a\0b": #expect(error.reason == .system(operation: "look at it", code: EINVAL))
            case "file/../b", "/dev/null/a": #expect(error.reason == .isNotFolder)
            case "loop/a": #expect(error.reason == .system(operation: "look at it", code: ELOOP))
            default: #expect(error.reason == .isNotFolder)
            }
            #expect(scratch.names == before)
        }
    }

    @Test(arguments: ["a", "a/", "a//", "./a", "b/../a", "link", "link/", "a/.", "ä ö\n'\"$x", "link/below/deep"])
    func takesAnOddPath(name: String) throws {
        mkdir(scratch.path("real"), 0o755)
        symlink("real", scratch.path("link"))
        try fill(scratch.path(name), ["one"], force: false)
        // A folder on the way that stays empty does not stay.
        #expect(scratch.text((name == "b/../a" ? "a" : name) + "/one") == "new one")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: scratch.path("link")) == "real")
    }

    /// Relative to where the process is.
    @Test(arguments: [".", "./", "out", "../out", "./out/."]) func relativePaths(path: String) async throws {
        let folder = scratch.path("here")
        mkdir(folder, 0o755)
        await #expect(processExitsWith: .exitCode(0)) { [folder = folder as String, path = path as String] in
            chdir(folder)
            let output = try OutputFolder(path: path)
            try output.write([1], as: "one")
            try output.commit()
            exit(access(path + "/one", F_OK))
        }
    }

    /// A disk that is full in the middle of the files: nothing of them is left, and what was there before is as it was.
    @Test func aFullDiskLeavesWhatWasThere() async throws {
        let path = scratch.path("out")
        mkdir(path, 0o755)
        try scratch.put("old", at: "out/a")
        await #expect(processExitsWith: .exitCode(3)) { [path = path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
            setrlimit(fileSizeLimit, &limit)
            do throws(OutputError) {
                let folder = try OutputFolder(path: path, force: true)
                try folder.write([1], as: "a")
                try folder.write([UInt8](repeating: 1, count: 100_001), as: "b")
            } catch {
                exit(error == OutputError(path: path + "/b", reason: .system(operation: "write to it", code: EFBIG)) ? 3 : 4)
            }
        }
        #expect(scratch.names("out") == ["a"])
        #expect(scratch.text("out/a") == "old")
    }
}
