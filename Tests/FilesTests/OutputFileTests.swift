import Files
import Foundation
import Report
import TestSupport
import Testing

struct OutputFileTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func write(_ text: String, to name: String, force: Bool = false) throws(OutputError) {
        try OutputFile(path: scratch.path(name), force: force).write(Array(text.utf8))
    }

    /// The error of writing to that path, which must leave the folder as it was.
    private func refusal(_ name: String, force: Bool = false) throws -> OutputError {
        let before = scratch.names
        let file = OutputFile(path: scratch.path(name), force: force)
        let checked = #expect(throws: OutputError.self) { try file.check() }
        let written = #expect(throws: OutputError.self) { try file.write([1]) }
        #expect(checked == written)
        #expect(scratch.names == before)
        let error = try #require(written)
        #expect(!error.description.contains("\n"))
        return error
    }

    @Test func writesAFile() throws {
        try OutputFile(path: scratch.path("a.csv")).check()
        #expect(scratch.names == [])
        try write("x\n", to: "a.csv")
        #expect(scratch.text("a.csv") == "x\n")
        #expect(scratch.names == ["a.csv"])
        var status = stat()
        stat(scratch.path("a.csv"), &status)
        let mask = umask(0)
        umask(mask)
        #expect(status.st_mode & 0o777 == 0o666 & ~mask)
    }

    @Test func replacesOnlyWithForce() throws {
        try scratch.put("old", at: "a")
        chmod(scratch.path("a"), 0o640)
        #expect(try refusal("a").reason == .exists)
        #expect(scratch.text("a") == "old")
        try write("new", to: "a", force: true)
        #expect(scratch.text("a") == "new")
        #expect(scratch.names == ["a"])
        var status = stat()
        stat(scratch.path("a"), &status)
        #expect(status.st_mode & 0o777 == 0o640)
    }

    @Test func followsSymbolicLinks() throws {
        try scratch.put("old", at: "a")
        symlink("a", scratch.path("link"))
        symlink("nothing", scratch.path("dangling"))
        #expect(try refusal("link").reason == .exists)
        #expect(try refusal("dangling").reason == .exists)
        try write("new", to: "link", force: true)
        #expect(scratch.text("a") == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: scratch.path("link")) == "a")
    }

    @Test func theEmptyPathIsRefused() {
        for force in [false, true] {
            for body in [{ try OutputFile(path: "", force: force).check() }, { try OutputFile(path: "", force: force).write([1]) }] {
                let error = #expect(throws: OutputError.self) { try body() }
                #expect(error == OutputError(path: "", reason: .emptyPath))
                #expect(error?.description == "the path of the output is empty")
            }
        }
    }

    /// What links lead to is written, in whatever folder it is; the links stay.
    @Test(arguments: [
        ("link", "target"), ("link", "other/target"), ("other/link", "../target"), ("link", "second"), ("link", "other/third"),
    ])
    func linksStayLinks(name: String, destination: String) throws {
        mkdir(scratch.path("other"), 0o755)
        let end = ["second": "other/second-end", "other/third": "third-end"][destination] ?? destination
        if destination == "second" { symlink("other/second-end", scratch.path("second")) }
        if destination == "other/third" { symlink("../third-end", scratch.path("other/third")) }
        symlink(destination, scratch.path(name))
        let written = name.hasPrefix("other/") ? "target" : end
        for text in ["made", "replaced"] {
            try write(text, to: name, force: true)
            #expect(scratch.text(written) == text)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: scratch.path(name)) == destination)
        }
        #expect((scratch.names + scratch.names("other")).allSatisfy { !$0.hasPrefix(".") })
    }

    /// The permissions of the file that is replaced, whatever they are; a file that nobody may write to is a file like others.
    @Test(arguments: [0o600, 0o640, 0o444, 0o755, 0o000, 0o666, 0o1644] as [mode_t])
    func permissionsStay(mode: mode_t) throws {
        try scratch.put("old", at: "a")
        chmod(scratch.path("a"), mode)
        try write("new", to: "a", force: true)
        #expect(scratch.status("a")?.st_mode == S_IFREG | mode)
        chmod(scratch.path("a"), 0o600)
        #expect(scratch.text("a") == "new")
    }

    /// Only root can give files away.
    @Test(.enabled(if: geteuid() == 0)) func theOwnerStays() throws {
        try scratch.put("old", at: "a")
        chown(scratch.path("a"), 1234, 5678)
        chmod(scratch.path("a"), 0o4750)
        try write("new", to: "a", force: true)
        #expect(scratch.status("a")?.st_uid == 1234 && scratch.status("a")?.st_gid == 5678)
        #expect(scratch.status("a").map { $0.st_mode & 0o777 } == 0o750)
    }

    /// The bytes before the name, the name before what is in the folder.
    @Test func bytesAreOnTheDiskBeforeTheirName() throws {
        let path = scratch.path("a")
        for force in [false, true] {
            let events = Events()
            try FileSystem.observingDisk({ events.add($0) }) { try OutputFile(path: path, force: force).write([1]) }
            #expect(events.values == [.content(path), .name(path), .folder(scratch.path)])
        }
    }

    /// A process that is killed leaves a hidden file, which goes when the next file is written there.
    @Test func whatAKilledProcessLeftGoes() async throws {
        let path = scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            try OutputFile(path: path + "/a").write(
                OutputContent { (sink) throws(OutputError) in
                    [UInt8](repeating: 1, count: 1000).withUnsafeBytes { try? sink($0) }
                    kill(getpid(), SIGKILL)
                })
        }
        #expect(scratch.names.count == 1 && scratch.names[0].hasPrefix(".varlab-unfinished-"))
        try scratch.put("theirs", at: ".varlab-unfinished-notes")
        try scratch.put("theirs", at: ".unfinished-0123456789abcdef")
        mkdir(scratch.path(".varlab-unfinished-0123456789abcdef"), 0o755)
        try write("x", to: "b")
        #expect(scratch.names == [".unfinished-0123456789abcdef", ".varlab-unfinished-0123456789abcdef", ".varlab-unfinished-notes", "b"])
    }

    /// What another process, or another thread, is writing stays.
    @Test func whatIsBeingWrittenStays() throws {
        let path = scratch.path
        try OutputFile(path: path + "/a").write(
            OutputContent { (sink) throws(OutputError) in
                let before = scratch.names
                try OutputFile(path: path + "/b").write([2])
                #expect(scratch.names == before + ["b"])
                try OutputFile(path: path + "/c").write([3])
            })
        #expect(scratch.names == ["a", "b", "c"])
    }

    @Test func refusesAFolder() throws {
        mkdir(scratch.path("folder"), 0o755)
        for force in [false, true] {
            #expect(try refusal("folder", force: force).reason == .isFolder)
            #expect(try refusal("folder/", force: force).reason == .isFolder)
            #expect(try refusal("nothing/", force: force).reason == .isFolder)
        }
    }

    @Test(arguments: [
        ("missing/a.csv", ENOENT), ("file/a.csv", ENOTDIR), ("file/", ENOTDIR), (String(repeating: "x", count: 300), ENAMETOOLONG),
        (String(repeating: "x/", count: 3000) + "x", ENAMETOOLONG), ("", EISDIR), ("a\0b", EINVAL), ("loop", ELOOP),
    ])
    func refusesABadPath(name: String, code: Int32) throws {
        try scratch.put("", at: "file")
        symlink("loop", scratch.path("loop"))
        let error = try refusal(name)
        if name.isEmpty {
            #expect(error.reason == .isFolder)
        } else {
            guard case .system(_, code) = error.reason else {
                Issue.record("\(error)")
                return
            }
            #expect(error.description.contains(": cannot "))
        }
    }

    @Test(.enabled(if: permissionsApply)) func refusesAFolderWithoutPermission() throws {
        chmod(scratch.path, 0o555)
        guard case .system(_, EACCES) = try refusal("a").reason else {
            Issue.record("another reason")
            return
        }
    }

    @Test func namesThePathInOneLine() throws {
        try scratch.put("", at: "a\nb")
        #expect(try refusal("a\nb").description == scratch.path("a\\u{a}b") + ": exists already, and is overwritten only with force")
    }

    /// Of many that write to one new name at once, one wins and the others are told so.
    @Test func refuseOverwriteWithoutARace() throws {
        for round in 0..<50 {
            let path = scratch.path("race-\(round)")
            let outcomes = Outcomes()
            DispatchQueue.concurrentPerform(iterations: 4) { writer in
                do throws(OutputError) {
                    try OutputFile(path: path).write([UInt8(writer)])
                    outcomes.add(.success(writer))
                } catch {
                    outcomes.add(.failure(error))
                }
            }
            let winners = outcomes.values.compactMap { try? $0.get() }
            #expect(winners.count == 1)
            #expect(scratch.text("race-\(round)")?.utf8.first == winners.first.map(UInt8.init))
            for case .failure(let error) in outcomes.values { #expect(error.reason == .exists) }
        }
        #expect(scratch.names.count == 50)
    }

    @Test func writesToADeviceDirectly() throws {
        try OutputFile(path: "/dev/null").write([1, 2, 3])
        var status = stat()
        stat("/dev/null", &status)
        #expect(status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test func writesToANamedPipe() throws {
        mkfifo(scratch.path("pipe"), 0o600)
        let path = scratch.path("pipe")
        // More than a pipe holds, so that one call does not take all.
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let group = DispatchGroup()
        let received = Received()
        DispatchQueue.global().async(group: group) {
            received.data = FileHandle(forReadingAtPath: path)?.readDataToEndOfFile()
        }
        try OutputFile(path: path).write(bytes)
        group.wait()
        #expect(received.data == Data(bytes))
        #expect(scratch.names == ["pipe"])
    }

    @Test func aReaderThatLeavesIsNotAFailure() throws {
        mkfifo(scratch.path("pipe"), 0o600)
        let path = scratch.path("pipe")
        DispatchQueue.global().async {
            let descriptor = open(path, O_RDONLY)
            var byte: UInt8 = 0
            _ = read(descriptor, &byte, 1)
            close(descriptor)
        }
        let error = #expect(throws: OutputError.self) {
            try OutputFile(path: path).write([UInt8](repeating: 7, count: 10_000_000))
        }
        #expect(error?.isClosedPipe == true)
    }

    #if os(Linux)
        @Test func aFullDiskIsReported() throws {
            let error = #expect(throws: OutputError.self) { try OutputFile(path: "/dev/full").write([1]) }
            #expect(error == OutputError(path: "/dev/full", reason: .system(operation: "write to it", code: ENOSPC)))
            #expect(error?.description == "/dev/full: cannot write to it: No space left on device")
        }
    #endif

    /// A limit on the size of files stands in for a full disk: it fails in the middle of a write in the same way.
    @Test func aWriteThatFailsInTheMiddleLeavesNothing() throws {
        var before = rlimit()
        getrlimit(fileSizeLimit, &before)
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: 64 << 20, rlim_max: before.rlim_max)
        setrlimit(fileSizeLimit, &limit)
        defer {
            setrlimit(fileSizeLimit, &before)
            signal(SIGXFSZ, SIG_DFL)
        }
        try scratch.put("old", at: "a")
        let bytes = [UInt8](repeating: 7, count: 65 << 20)
        for (name, force) in [("a", true), ("b", false)] {
            let error = #expect(throws: OutputError.self) {
                try OutputFile(path: scratch.path(name), force: force).write(bytes)
            }
            #expect(error?.reason == .system(operation: "write to it", code: EFBIG))
        }
        #expect(scratch.names == ["a"])
        #expect(scratch.text("a") == "old")
    }
}

#if os(Linux)
    let fileSizeLimit = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
#else
    let fileSizeLimit = RLIMIT_FSIZE
#endif

/// What came to the disk.
final class Events: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var values: [FileSystem.DiskEvent] = []

    func add(_ value: FileSystem.DiskEvent) { lock.withLock { values.append(value) } }
}

extension Scratch {
    /// Of the file itself, or of a symbolic link.
    func status(_ name: String) -> stat? {
        var status = stat()
        return lstat(path(name), &status) == 0 ? status : nil
    }
}

/// Collects from several threads.
private final class Outcomes: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var values: [Result<Int, OutputError>] = []

    func add(_ value: Result<Int, OutputError>) { lock.withLock { values.append(value) } }
}

/// Written by one thread, read by another that waited for it.
private final class Received: @unchecked Sendable {
    var data: Data?
}
