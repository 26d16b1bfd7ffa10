import Foundation
import TestSupport
import Testing

/// A checkpointed simulation is killed at any moment, and at each system call of a checkpoint's writing: what is on the disk is whole, and
/// the end has the same bytes.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SimulationKillTests {
    private static let settings = ["simulate", "--quiet", "--mu", "0", "--iterations", "400", "--trajectories", "200000", "--histogram-steps", "5"]
    private static let saving = ["--threads", "2", "--checkpoint-every", "0.01s", "--checkpoint", "saved", "--resume", "--part", "whole.part"]

    private static func expected(_ scratch: Scratch) throws -> Data {
        #expect(try Command.run(settings + ["--part", "once.part"], in: scratch.url).status == 0)
        return try #require(FileManager.default.contents(atPath: scratch.path("once.part")))
    }

    private static func removeRun(_ scratch: Scratch) {
        for name in ["saved", "whole.part"] { try? FileManager.default.removeItem(atPath: scratch.path(name)) }
    }

    /// 50 kills after random times, each run gone on with until it is complete.
    @Test func killsAtRandomMoments() throws {
        let scratch = try Scratch(), expected = try Self.expected(scratch)
        var random = SplitMix(state: 17)
        var kills = 0, runs = 0
        while kills < 50, runs < 250 {
            let process = try Command.start(Self.settings + Self.saving, in: scratch.url)
            usleep(UInt32.random(in: 0..<250_000, using: &random))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .uncaughtSignal {
                kills += 1
            } else {
                #expect(process.terminationStatus == 0)
                #expect(FileManager.default.contents(atPath: scratch.path("whole.part")) == expected)
                Self.removeRun(scratch)
                runs += 1
            }
        }
        let outcome = try Command.run(Self.settings + Self.saving, in: scratch.url)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(FileManager.default.contents(atPath: scratch.path("whole.part")) == expected)
        // Nothing hidden stays of all those.
        #expect(Set(scratch.names("saved")).isSubset(of: ["checkpoint.part", "checkpoint.part.previous"]), "\(scratch.names("saved"))")
        #expect(scratch.names == ["once.part", "saved", "whole.part"])
    }

    private static let strace = "/usr/bin/strace"

    private static func trace(_ options: [String], _ arguments: [String], _ scratch: Scratch) throws -> Process {
        try Command.start(["-o", "/dev/null"] + options + [Command.executable.path] + arguments, program: URL(fileURLWithPath: strace), in: scratch.url)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: strace), "needs strace"), arguments: [
        (["openat"], [40, 60, 75, 90, 110]), (["write"], [1, 2, 3, 5, 8, 12]), (["fsync"], [1, 2, 3, 4]), (["link", "linkat"], [1, 2]),
        (["unlink", "unlinkat"], [1, 2, 3]), (["rename", "renameat", "renameat2"], [1, 2, 3]),
    ])
    func killsAtSystemCalls(calls: [String], numbers: [Int]) throws {
        let scratch = try Scratch(), expected = try Self.expected(scratch)
        // A call that this system does not have is one that strace refuses; the table is that of x86-64 or arm64.
        #if arch(arm64)
            let calls = calls.filter { !["link", "unlink", "rename"].contains($0) }
        #endif
        var kills = 0
        for number in numbers {
            let inject = "inject=\(calls.joined(separator: ",")):signal=SIGKILL:when=\(number)"
            let process = try Self.trace(["-f", "-e", "trace=\(calls.joined(separator: ","))", "-e", inject], Self.settings + Self.saving, scratch)
            process.waitUntilExit()
            if process.terminationReason == .uncaughtSignal { kills += 1 }
            let outcome = try Command.run(Self.settings + Self.saving, in: scratch.url)
            #expect(outcome.status == 0, "\(calls) \(number): \(outcome.errors)")
            #expect(FileManager.default.contents(atPath: scratch.path("whole.part")) == expected, "\(calls) \(number)")
            Self.removeRun(scratch)
        }
        #expect(kills > 0, "\(calls): never killed")
    }

    /// The results too: a folder that was being put in place is completed, and nobody's file is replaced.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: strace), "needs strace"), arguments: [2, 6, 10, 13])
    func killsWhileResultsArePutInPlace(number: Int) throws {
        let scratch = try Scratch()
        let settings = ["simulate", "--quiet", "--mu", "0", "--iterations", "5", "--trajectories", "20000", "--histogram-steps", "5"]
        let saving = settings + ["--checkpoint", "saved", "--resume", "--output", "out"]
        #expect(try Command.run(settings + ["--output", "once"], in: scratch.url).status == 0)
        // New names come by links; the first is that of the checkpoint before.
        let process = try Self.trace(["-e", "trace=link,linkat", "-e", "inject=link,linkat:signal=SIGKILL:when=\(number)"], saving, scratch)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal || number > 10)
        let placed = scratch.names("out").filter { !$0.hasPrefix(".") }
        if let name = placed.first, process.terminationReason == .uncaughtSignal {
            // A file that is no longer as it was put there belongs to somebody.
            let own = try #require(scratch.text("out/\(name)"))
            try scratch.put("mine", at: "out/\(name)")
            let refused = try Command.run(saving, in: scratch.url)
            #expect(refused.status == 73 && refused.errors.contains("out/\(name)"), "\(refused.errors)")
            #expect(scratch.text("out/\(name)") == "mine")
            try scratch.put(own, at: "out/\(name)")
        }
        let outcome = try Command.run(saving, in: scratch.url)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(ShardTests.content(scratch, "out") == ShardTests.content(scratch, "once"))
    }

    /// Killed after the last file was in place: what else is there goes, and other names do not.
    @Test func whatIsLeftInACompleteFolderGoes() throws {
        let scratch = try Scratch()
        let run = ["simulate", "--quiet", "--mu", "0", "--iterations", "5", "--trajectories", "2000", "--histogram-steps", "5", "--output", "out"]
        #expect(try Command.run(run, in: scratch.url).status == 0)
        let complete = scratch.names("out")
        try scratch.put("", at: "out/.varlab.lock")
        for folder in [".varlab-unfinished-23740c22d1f370f1", ".varlab-unfinished-mine"] {
            try FileManager.default.createDirectory(atPath: scratch.path("out/\(folder)"), withIntermediateDirectories: false)
            try scratch.put("", at: "out/\(folder)/.made-by-varlab")
        }
        let outcome = try Command.run(run + ["--resume", "--checkpoint", "saved"], in: scratch.url)
        #expect(outcome.status == 0 && outcome.errors.contains("is complete"), "\(outcome.errors)")
        #expect(Set(scratch.names("out")) == Set(complete + [".varlab-unfinished-mine"]), "\(scratch.names("out"))")
    }

    /// Whether a small file system can be mounted here.
    private static let mounts: Bool = {
        guard geteuid() == 0, let scratch = try? Scratch(), mount(scratch.path, ["size=64k"]) else { return false }
        return unmount(scratch.path)
    }()

    private static func mount(_ path: String, _ options: [String]) -> Bool {
        (try? system("/bin/mount", ["-t", "tmpfs", "-o", options.joined(separator: ","), "tmpfs", path])) == 0
    }

    private static func unmount(_ path: String) -> Bool { (try? system("/bin/umount", [path])) == 0 }

    private static func system(_ program: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// A full disk takes no result away: what was saved stays, the run goes on, and says so.
    @Test(.enabled(if: mounts, "needs root and tmpfs")) func aFullDisk() throws {
        let scratch = try Scratch(), expected = try Self.expected(scratch)
        mkdir(scratch.path("saved"), 0o755)
        // Room for one checkpoint, not for a second beside it.
        try #require(Self.mount(scratch.path("saved"), ["size=250k"]))
        defer { _ = Self.unmount(scratch.path("saved")) }
        let outcome = try Command.run(Self.settings + Self.saving, in: scratch.url)
        // By a fast machine the second writing may be the last.
        let warnings = ["going on", "but complete"].map { "warning: not saved, \($0): saved/checkpoint.part: cannot write to it: No space left on device" }
        #expect(outcome.status == 0 && warnings.contains { outcome.errors.contains($0) }, "\(outcome.errors)")
        #expect(FileManager.default.contents(atPath: scratch.path("whole.part")) == expected)
        // What is there is whole: a part of the run.
        #expect(scratch.names("saved") == ["checkpoint.part"])
        #expect(try Command.run(["merge", "saved/checkpoint.part", "--part", "some.part"], in: scratch.url).status == 0)
        // Stopped where nothing can be saved, it is an error.
        unlink(scratch.path("saved/checkpoint.part"))
        try scratch.put(Array(repeating: 0, count: 200_000), at: "saved/filler")
        let stopped = try Command.run(Self.settings + Self.saving.dropLast() + ["other.part", "--max-time", "0.1s"], in: scratch.url)
        #expect(stopped.status == 73 && stopped.errors.contains("No space left"), "\(stopped.errors)")
    }

    @Test(.enabled(if: mounts, "needs root and tmpfs")) func aDiskThatCannotBeWritten() throws {
        let scratch = try Scratch()
        mkdir(scratch.path("saved"), 0o755)
        try #require(Self.mount(scratch.path("saved"), ["size=64k", "ro"]))
        defer { _ = Self.unmount(scratch.path("saved")) }
        let outcome = try Command.run(Self.settings + Self.saving, in: scratch.url)
        #expect(outcome.status == 73 && outcome.errors.contains("saved: cannot write to the folder: Read-only file system"), "\(outcome.errors)")
        #expect(!scratch.names.contains("whole.part"))
    }
}
