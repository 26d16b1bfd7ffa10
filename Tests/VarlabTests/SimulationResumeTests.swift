import Foundation
import TestSupport
import Testing

/// `simulate --checkpoint`: stopped, killed, and gone on with, to the same bytes.
@Suite(.timeLimit(.minutes(5))) struct SimulationResumeTests {
    /// Nine leaves and a rest; about a second of work on one thread.
    static let run = [
        "simulate", "--quiet", "--mu", "0", "--iterations", "1000", "--trajectories", "150000", "--histogram-steps", "5,1000", "--threads", "2",
        "--checkpoint-every", "0.02s", "--checkpoint", "saved",
    ]

    private func run(_ arguments: [String], _ scratch: Scratch) throws -> Command.Outcome { try Command.run(arguments, in: scratch.url) }

    /// Starts a command, and sends it a signal once there is a checkpoint.
    private func stop(_ arguments: [String], by signal: Int32, _ scratch: Scratch) throws -> (status: Int32, errors: String) {
        let process = Process(), errors = Pipe()
        process.executableURL = Command.executable
        process.arguments = arguments
        process.currentDirectoryURL = scratch.url
        process.standardError = errors
        try process.run()
        while process.isRunning && !scratch.names("saved").contains("checkpoint.part") { usleep(2_000) }
        kill(process.processIdentifier, signal)
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus, text)
    }

    /// Signals give a status of their own and say how to go on; a kill gives none. Either way the end has the same bytes.
    @Test(arguments: [SIGTERM, SIGINT, SIGKILL])
    func resumingGivesTheSameFolder(signal: Int32) throws {
        let scratch = try Scratch()
        let stopped = try stop(Self.run + ["--output", "out"], by: signal, scratch)
        if signal == SIGKILL {
            #expect(stopped.status == 128 + 9 && stopped.errors.isEmpty)
        } else {
            #expect(stopped.status == 75 && stopped.errors.hasPrefix("varlab: stopped by a signal: "), "\(stopped.errors)")
            #expect(stopped.errors.contains(" of 150000 trajectories are in saved/checkpoint.part; to go on: "))
            #expect(stopped.errors.hasSuffix("--checkpoint saved --output out --resume\n") && !scratch.names.contains("out"))
        }
        // Other settings, and beginning anew by mistake, change nothing.
        let saved = ShardTests.content(scratch, "saved").filter { !$0.key.hasPrefix(".varlab") }
        for (other, status, mention) in [
            (["--resume", "--beta2", "0.9"], 64, "--beta2 is 0.999 there and 0.9 here"), (["--resume", "--seed", "2"], 64, "--seed is 1 there and 2 here"),
            (["--resume", "--update"], 64, "--beta1 is not set there and 0.9 here"), ([], 73, "--resume goes on with it, --force starts anew"),
        ] as [([String], Int32, String)] {
            let outcome = try run(Self.run + ["--output", "out"] + other, scratch)
            #expect(outcome.status == status && outcome.errors.contains(mention), "\(outcome.errors)")
        }
        #expect(ShardTests.content(scratch, "saved").filter { !$0.key.hasPrefix(".varlab") } == saved)
        let resumed = try run(Self.run + ["--output", "out", "--resume"], scratch)
        #expect(resumed.status == 0 && resumed.errors.isEmpty, "\(resumed.errors)")
        #expect(try run(Array(Self.run.dropLast(4)) + ["--output", "whole"], scratch).status == 0)
        #expect(ShardTests.content(scratch, "out") == ShardTests.content(scratch, "whole"))
        #expect(scratch.names("saved").filter { $0 != "checkpoint.part.previous" } == ["checkpoint.part"])
        // Once more: nothing is left to do. The checkpoint is a part like any other.
        let again = try run(Self.run + ["--output", "out", "--resume"], scratch)
        #expect(again.status == 0 && again.errors.contains("out is complete"), "\(again.errors)")
        #expect(try run(["merge", "saved/checkpoint.part", "--output", "merged", "--quiet"], scratch).status == 0)
        #expect(ShardTests.content(scratch, "merged") == ShardTests.content(scratch, "whole"))
    }

    @Test func maximumTimeStopsByItself() throws {
        let scratch = try Scratch()
        let arguments = Self.run + ["--part", "whole.part"]
        let stopped = try run(arguments + ["--max-time", "0.01s"], scratch)
        #expect(stopped.status == 75 && stopped.errors.contains("stopped by --max-time 0.01s: 0 of 150000 trajectories"), "\(stopped.errors)")
        #expect(stopped.errors.contains("no more than before: a piece that is saved has 16384") && !scratch.names.contains("whole.part"))
        var tries = 0
        while try run(arguments + ["--resume", "--max-time", "0.5s"], scratch).status == 75, tries < 100 { tries += 1 }
        #expect(try run(arguments + ["--resume", "--max-time", "1d"], scratch).status == 0)
        #expect(try run(Array(Self.run.dropLast(4)) + ["--part", "once.part"], scratch).status == 0)
        #expect(ShardTests.content(scratch, ".")["whole.part"] == ShardTests.content(scratch, ".")["once.part"])
        let again = try run(arguments + ["--resume"], scratch)
        #expect(again.status == 0 && again.errors.contains("whole.part is complete"), "\(again.errors)")
    }

    /// A damaged newest checkpoint falls back to the one before, with a line; two damaged ones are an error.
    @Test func aDamagedCheckpointFallsBack() throws {
        let scratch = try Scratch()
        let arguments = Self.run + ["--part", "whole.part", "--resume"]
        while !scratch.names("saved").contains("checkpoint.part.previous"), !scratch.names.contains("whole.part") {
            _ = try run(arguments + ["--max-time", "0.3s"], scratch)
        }
        let newest = [UInt8](try #require(FileManager.default.contents(atPath: scratch.path("saved/checkpoint.part"))))
        for damaged in [[], Array(newest.dropLast(100)), newest.enumerated().map { $0 == 2000 ? $1 ^ 1 : $1 }] {
            let previous = try #require(FileManager.default.contents(atPath: scratch.path("saved/checkpoint.part.previous")))
            try scratch.put(damaged, at: "saved/checkpoint.part")
            let outcome = try run(arguments + ["--max-time", "0.01s", "--force"], scratch)
            #expect(outcome.errors.hasPrefix("varlab: warning: saved/checkpoint.part: ") && outcome.errors.contains("; going on with the one before it\n"), "\(outcome.errors)")
            // What was of no use is not kept in the place of what was.
            try scratch.put(previous, at: "saved/checkpoint.part.previous")
        }
        #expect(try run(arguments + ["--force"], scratch).status == 0)
        #expect(try run(Array(Self.run.dropLast(4)) + ["--part", "once.part"], scratch).status == 0)
        #expect(ShardTests.content(scratch, ".")["whole.part"] == ShardTests.content(scratch, ".")["once.part"])
        try scratch.put("x", at: "saved/checkpoint.part")
        try scratch.put("y", at: "saved/checkpoint.part.previous")
        let outcome = try run(Self.run + ["--part", "other.part", "--resume"], scratch)
        #expect(outcome.status == 65 && outcome.errors.contains("saved/checkpoint.part: is not a part"), "\(outcome.errors)")
    }

    /// More trajectories go on with a complete run where the batches stay the same; else the rule is said, and the number that would do.
    @Test func moreTrajectoriesExtendARun() throws {
        let scratch = try Scratch()
        let base = ["simulate", "--quiet", "--mu", "0,1", "--iterations", "5", "--histogram-steps", "5"]
        func arguments(_ trajectories: Int, _ batches: Int?, _ more: [String]) -> [String] {
            base + ["--trajectories", "\(trajectories)"] + (batches.map { ["--batches", "\($0)"] } ?? []) + more
        }
        let saving = ["--checkpoint", "saved", "--resume"]
        #expect(try run(arguments(40_000, nil, saving + ["--output", "short"]), scratch).status == 0)
        for (trajectories, batches, mention) in [
            (80_000, nil, "trajectories/batches stays the same, else its batches would be others: --batches 200"), (40_000, 50, "--batches 100 there and --trajectories 40000 --batches 50 here"),
            (50_001, 100, "would be others\n"), (20_000, 50, "a run can be extended, not cut"),
        ] {
            let outcome = try run(arguments(trajectories, batches, saving + ["--output", "out"]), scratch)
            #expect(outcome.status == 64 && outcome.errors.contains(mention), "\(outcome.errors)")
        }
        let extended = try run(arguments(80_000, 200, saving + ["--output", "long"]), scratch)
        #expect(extended.status == 0, "\(extended.errors)")
        #expect(try run(arguments(80_000, 200, ["--output", "once"]), scratch).status == 0)
        #expect(ShardTests.content(scratch, "long") == ShardTests.content(scratch, "once"))
        // One batch is one batch.
        for (trajectories, folder) in [(20_000, "a"), (70_000, "b")] {
            #expect(try run(arguments(trajectories, 1, ["--checkpoint", "one", "--resume", "--output", folder]), scratch).status == 0)
        }
        #expect(try run(arguments(70_000, 1, ["--output", "c"]), scratch).status == 0)
        #expect(ShardTests.content(scratch, "b") == ShardTests.content(scratch, "c"))
    }

    /// A cluster's array: every shard saves itself in a folder of its own, and goes on by itself.
    @Test func shardsAreSavedApart() throws {
        let scratch = try Scratch()
        for number in 1...3 {
            let arguments = Self.run + ["--shard", "\(number)/3", "--part", "\(number).part", "--resume"]
            var tries = 0
            while tries < 100 {
                let outcome = try run(arguments + (tries < 3 ? ["--max-time", "0.2s"] : []), scratch)
                if outcome.status == 0 { break }
                #expect(outcome.status == 75 && outcome.errors.contains("saved/shard-\(number)-of-3/checkpoint.part"), "\(outcome.errors)")
                tries += 1
            }
        }
        #expect(scratch.names("saved") == ["shard-1-of-3", "shard-2-of-3", "shard-3-of-3"])
        #expect(try run(["merge", "2.part", "3.part", "1.part", "--part", "whole.part"], scratch).status == 0)
        #expect(try run(Array(Self.run.dropLast(4)) + ["--part", "once.part"], scratch).status == 0)
        #expect(ShardTests.content(scratch, ".")["whole.part"] == ShardTests.content(scratch, ".")["once.part"])
        // Another shard's checkpoint is of no use.
        unlink(scratch.path("saved/shard-2-of-3/checkpoint.part.previous"))
        try FileManager.default.copyItem(atPath: scratch.path("saved/shard-1-of-3/checkpoint.part"), toPath: scratch.path("saved/shard-2-of-3/checkpoint.part.previous"))
        try scratch.put("", at: "saved/shard-2-of-3/checkpoint.part")
        let outcome = try run(Self.run + ["--shard", "2/3", "--part", "x.part", "--resume"], scratch)
        #expect(outcome.status == 65, "\(outcome.errors)")
    }
}
