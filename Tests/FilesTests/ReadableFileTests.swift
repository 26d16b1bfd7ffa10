import Files
import Foundation
import TestSupport
import Testing

struct ReadableFileTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// SHA-256 of these bytes in one go.
    private func digest(_ bytes: [UInt8]) -> String {
        let hash = SHA256()
        hash.update(bytes)
        return hash.hexadecimal()
    }

    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 7) } }

    private func read(_ file: ReadableFile, _ range: Range<Int>) throws -> [UInt8] {
        try file.bytes(at: range.lowerBound, count: range.count)
    }

    @Test(arguments: [0, 1, 1000, (1 << 20) + 3]) func readsAtAnyOffset(count: Int) throws {
        let content = bytes(count)
        try scratch.put(content, at: "a")
        for file in [try ReadableFile.open(scratch.path("a")), ReadableFile(path: "memory", bytes: content)] {
            #expect(file.size == count)
            #expect(try file.bytes() == content)
            for range in [0..<0, 0..<count / 2, count / 3..<count, count..<count] {
                #expect(try read(file, range) == Array(content[range]))
            }
            #expect(try file.digest() == digest(content))
            #expect(try file.digest() == digest(content))
        }
    }

    /// In whatever order and pieces it is read, twice or not at all: one digest.
    @Test(arguments: [
        [], [0..<3_000_000], [0..<1, 1..<2, 2..<1_500_000, 1_500_000..<3_000_000], [0..<2_000_000, 1_000_000..<3_000_000],
        [2_000_000..<3_000_000, 0..<2_000_000], [0..<10, 0..<10, 5..<20, 40..<50], [10..<20],
    ])
    func theDigestIsThatOfTheWholeFile(ranges: [Range<Int>]) throws {
        let content = bytes(3_000_000)
        let file = try ReadableFile.open(scratch.put(content, at: "a"), takesDigest: true)
        for range in ranges { #expect(try read(file, range) == Array(content[range])) }
        #expect(try file.digest() == digest(content))
    }

    @Test func theDigestOfAFileReadByManyThreads() throws {
        let content = bytes(1 << 22)
        let file = try ReadableFile.open(scratch.put(content, at: "a"), takesDigest: true)
        DispatchQueue.concurrentPerform(iterations: 64) { index in
            _ = try? file.bytes(at: index << 16, count: 1 << 16)
        }
        #expect(try file.digest() == digest(content))
    }

    /// The file that was opened counts, not what its path leads to later.
    @Test func aFileThatIsReplacedIsReadAsItWas() throws {
        let content = bytes(10_000)
        let file = try ReadableFile.open(scratch.put(content, at: "a"))
        try scratch.put("another", at: "a")
        #expect(try file.bytes() == content)
        #expect(try file.digest() == digest(content))
    }

    @Test func aFileThatChangesHasNoDigest() throws {
        let path = try scratch.put(bytes(10_000), at: "a")
        let file = try ReadableFile.open(path, takesDigest: true)
        _ = try file.bytes()
        // Times are kept in ticks of the system's clock.
        usleep(20_000)
        let writer = try #require(FileHandle(forUpdatingAtPath: path))
        try writer.write(contentsOf: [1, 2, 3])
        try writer.close()
        let error = #expect(throws: InputError.self) { try file.digest() }
        #expect(error?.description == "\(path): has changed since it was opened: must stay as it is while it is read")
        #expect(error?.exitClass == .data)
    }

    @Test func aFileThatShrinksSaysWhere() throws {
        let path = try scratch.put(bytes(10_000), at: "a")
        let file = try ReadableFile.open(path)
        truncate(path, 4000)
        let error = #expect(throws: InputError.self) { try file.bytes() }
        #expect(error?.description == "\(path): byte 4000: the end of the file: had 10000 bytes when it was opened")
        #expect(throws: InputError.self) { try file.digest() }
    }

    @Test(arguments: [0, 1, 3_000_000]) func aPipeIsReadOnce(count: Int) throws {
        let content = bytes(count)
        let path = scratch.path("pipe")
        mkfifo(path, 0o600)
        DispatchQueue.global().async { try? FileHandle(forWritingTo: URL(fileURLWithPath: path)).write(contentsOf: content) }
        let file = try ReadableFile.open(path)
        #expect(file.size == count)
        #expect(try file.bytes() == content)
        #expect(try file.digest() == digest(content))
        #expect(scratch.names == ["pipe"])
    }

    @Test func standardInput() async throws {
        let path = try scratch.put("0123456789", at: "a")
        await #expect(processExitsWith: .exitCode(3)) { [path = path as String] in
            dup2(open(path, O_RDONLY), STDIN_FILENO)
            let whole = try ReadableFile.open(ReadableFile.standardInput)
            guard whole.path == "standard input", try whole.bytes() == Array("0123456789".utf8) else { exit(4) }
            // Of what somebody has begun to read, the rest.
            lseek(STDIN_FILENO, 4, SEEK_SET)
            guard try ReadableFile.open("-").bytes() == Array("456789".utf8) else { exit(5) }
            exit(3)
        }
    }

    @Test func whatCannotBeRead() throws {
        mkdir(scratch.path("folder"), 0o755)
        symlink("nothing", scratch.path("dangling"))
        let cases = [
            ("", ": no such name: a file is needed"), ("a\0b", "a\\u{0}b: no such name: a file is needed"),
            (scratch.path("missing"), "\(scratch.path)/missing: cannot open it: No such file or directory"),
            (scratch.path("dangling"), "\(scratch.path)/dangling: cannot open it: No such file or directory"),
            (scratch.path("folder"), "\(scratch.path)/folder: a folder: a file is needed"),
            ("/dev/zero", "/dev/zero: a device: a file or a pipe is needed"),
        ]
        for (path, description) in cases {
            #expect(throws: InputError.self) { try ReadableFile.open(path) }
            do throws(InputError) { _ = try ReadableFile.open(path) } catch { #expect(error.description == description) }
        }
    }

    @Test func aSpoolBecomesAFile() throws {
        let content = bytes(100_000)
        let spool = try Spool(reportedAs: "member")
        try content.withUnsafeBytes { all in
            for start in stride(from: 0, to: all.count, by: 30_000) {
                try spool.append(UnsafeRawBufferPointer(rebasing: all[start..<min(start + 30_000, all.count)]))
            }
        }
        let file = spool.finish()
        #expect(file.path == "member" && file.size == content.count)
        #expect(try file.bytes() == content)
        #expect(try file.digest() == digest(content))
    }
}
