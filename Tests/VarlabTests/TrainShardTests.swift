import Foundation
import TestSupport
import Testing

/// `--shard` and `--max-time` of `varlab train` and `varlab sweep`: the results are those of one process.
@Suite struct TrainShardTests {
    private static let base = ["sweep", "--task", "digits", "--preset", "small", "--quiet", "--optimizer", "adam,radam", "--lr", "0.1,0.01", "--threads", "1"]
    /// Eight runs.
    private let short = base + ["--seeds", "0-1", "--steps", "5", "--output"]

    private func run(_ arguments: [String], _ scratch: Scratch) throws -> Command.Outcome { try Command.run(arguments, in: scratch.url) }

    @Test func sharesAtTheSameTimeGiveTheSameBytes() throws {
        let scratch = try Scratch()
        #expect(try run(short + ["whole"], scratch).status == 0)
        let processes = try ["1/4", "2/4", "4/4"].map { try Command.start(short + ["out", "--shard", $0], in: scratch.url) }
        for process in processes {
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        let shards = [".varlab-shard-1-of-4", ".varlab-shard-2-of-4", ".varlab-shard-4-of-4"]
        #expect(Set(scratch.names("out")) == Set(shards))
        // There is something to go on with, for these options.
        let fresh = try run(short + ["out"], scratch)
        #expect(fresh.status == 73 && fresh.errors.contains("--resume goes on"), "\(fresh.errors)")
        let again = try run(short + ["out", "--shard", "2/4"], scratch)
        #expect(again.status == 73 && again.errors.contains("--resume goes on"), "\(again.errors)")
        let other = try run(short + ["out", "--resume", "--epsilon", "1e-3"], scratch)
        #expect(other.status == 64 && other.errors.contains("--epsilon is 1e-08 there and 0.001 here"), "\(other.errors)")
        // A share again, and one of another number of shares.
        #expect(try run(short + ["out", "--shard", "2/4", "--resume"], scratch).status == 0)
        #expect(try run(short + ["out", "--shard", "9/9"], scratch).status == 0)
        #expect(Set(scratch.names("out")) == Set(shards + [".varlab-shard-9-of-9"]))
        // The third share is missing.
        let last = try run(short + ["out", "--resume"], scratch)
        #expect(last.status == 0, "\(last.errors)")
        #expect(scratch.names("out") == scratch.names("whole"), "\(scratch.names("out"))")
        #expect(ShardTests.content(scratch, "out") == ShardTests.content(scratch, "whole"))
        let complete = try run(short + ["out", "--shard", "3/4"], scratch)
        #expect(complete.status == 0 && complete.errors.contains("is complete"), "\(complete.errors)")
        #expect(scratch.names("out") == scratch.names("whole"))
    }

    @Test func sharesAreStartedAnewByForce() throws {
        let scratch = try Scratch()
        #expect(try run(short + ["whole"], scratch).status == 0)
        #expect(try run(short + ["out", "--shard", "1/2", "--epsilon", "1e-3"], scratch).status == 0)
        #expect(try run(short + ["out", "--force"], scratch).status == 0)
        #expect(ShardTests.content(scratch, "out") == ShardTests.content(scratch, "whole"))
        #expect(scratch.names("out") == scratch.names("whole"))
    }

    /// Nobody takes the runs of a share that a process is at work on; killed, its runs are gone on with.
    @Test func aShareAtWorkIsLeftAlone() throws {
        let scratch = try Scratch()
        let long = Self.base + ["--steps", "450", "--output"]
        #expect(try run(long + ["whole"], scratch).status == 0)
        let process = try Command.start(long + ["out", "--shard", "1/2"], in: scratch.url)
        let folder = "out/.varlab-shard-1-of-2/.varlab"
        while process.isRunning, !scratch.names(folder).contains(where: { $0.hasSuffix(".checkpoint") }) { usleep(5_000) }
        // However slow the machine is: it cannot end meanwhile.
        kill(process.processIdentifier, SIGSTOP)
        let early = try run(long + ["out", "--resume"], scratch)
        #expect(early.status == 73 && early.errors.contains("out/.varlab-shard-1-of-2"), "\(early.errors)")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let outcome = try run(long + ["out", "--resume"], scratch)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(ShardTests.content(scratch, "out") == ShardTests.content(scratch, "whole"))
    }

    /// Stopped again and again, the whole command and a share of it.
    @Test(arguments: [[], ["--shard", "1/2"]]) func stoppedByTime(shard: [String]) throws {
        let scratch = try Scratch()
        let arguments = Self.base + ["--steps", "450", "--output"]
        #expect(try run(arguments + ["whole"], scratch).status == 0)
        var starts = 0, status: Int32 = 75
        while status == 75, starts < 100 {
            let outcome = try run(arguments + ["out", "--resume", "--max-time", "\(0.1 * Double(starts + 1))s"] + shard, scratch)
            status = outcome.status
            if status == 75 {
                #expect(outcome.errors.contains("stopped by --max-time") && outcome.errors.contains("to go on: "), "\(outcome.errors)")
                #expect(outcome.errors.filter { $0 == "\n" }.count == 1)
            }
            starts += 1
        }
        #expect(status == 0 && starts > 1)
        if !shard.isEmpty { #expect(try run(arguments + ["out", "--resume"], scratch).status == 0) }
        #expect(ShardTests.content(scratch, "out") == ShardTests.content(scratch, "whole"))
        #expect(scratch.names("out") == scratch.names("whole"))
    }

    @Test(arguments: ["0/3", "4/3", "1", "x/2", "1/1048577", "-1/2", "1/9223372036854775808"]) func noShare(text: String) throws {
        let scratch = try Scratch()
        for command in ["train", "sweep"] {
            let outcome = try run([command, "--task", "digits", "--preset", "small", "--steps", "2", "--output", "out", "--shard", text], scratch)
            #expect(outcome.status == 64 && outcome.errors.contains("--shard") && outcome.errors.contains(text), "\(outcome.errors)")
            #expect(scratch.names == [])
        }
    }
}
