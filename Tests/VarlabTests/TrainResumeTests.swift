import Foundation
import TestSupport
import Testing

/// `--resume` and `--force` of `varlab train` and `varlab sweep`: nothing that is there is lost.
@Suite struct TrainResumeTests {
    private static let base = ["train", "--task", "digits", "--preset", "small", "--quiet", "--optimizer", "adam,radam", "--threads", "1"]
    private let short = base + ["--steps", "5"]

    /// Every file in a folder with its bytes, and folders by name. What a kill leaves of an unfinished file is of no account.
    private func content(_ scratch: Scratch, _ folder: String) -> [String: Data] {
        let names = scratch.names(folder).filter { !$0.hasPrefix(".varlab-unfinished-") && $0 != ".varlab.lock" }
        return Dictionary(uniqueKeysWithValues: names.map { name in
            (name, FileManager.default.contents(atPath: scratch.path("\(folder)/\(name)")) ?? Data())
        })
    }

    private func run(_ arguments: [String], _ scratch: Scratch) throws -> Command.Outcome { try Command.run(arguments, in: scratch.url) }

    /// Starts a command and sends it a signal once the second run has saved itself.
    private func stop(_ arguments: [String], by signal: Int32, in folder: String, _ scratch: Scratch) throws -> String {
        let process = Process(), errors = Pipe()
        process.executableURL = Command.executable
        process.arguments = arguments + ["--output", folder]
        process.currentDirectoryURL = scratch.url
        process.standardError = errors
        try process.run()
        while process.isRunning && !scratch.names("\(folder)/.varlab").contains(where: { $0.hasPrefix("radam") }) { usleep(5_000) }
        kill(process.processIdentifier, signal)
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
        return text
    }

    /// Killed or interrupted when the first run is complete and the second has saved itself once, then resumed: in between, other
    /// options are refused by name and value, and change nothing.
    @Test(arguments: [SIGKILL, SIGINT, SIGTERM])
    func resumingGivesTheSameBytes(signal: Int32) throws {
        let scratch = try Scratch()
        let arguments = Self.base + ["--steps", "450"]
        #expect(try run(arguments + ["--output", "whole"], scratch).status == 0)
        let said = try stop(arguments, by: signal, in: "out", scratch)
        if signal == SIGKILL {
            #expect(!scratch.names("out").contains("summary.csv"))
        } else {
            // What is complete is kept, and the command says how to go on.
            #expect(CSVText(scratch.text("out/summary.csv") ?? "").rows.map { $0["optimizer"] } == ["adam"])
            #expect(said.contains("1 of 2 runs is complete"), "\(said)")
            let line = try #require(said.split(separator: "\n").first { $0.contains("to go on: ") })
            #expect(line.hasSuffix("train --task digits --preset small --quiet --optimizer adam,radam --threads 1 --steps 450 --output out --resume"), "\(line)")
        }
        let before = content(scratch, "out")
        for (other, mention) in [
            (["--betas", "0.9,0.98"], "--betas is 0.9,0.999 there and 0.9,0.98 here"), (["--seeds", "1"], "--seeds is 0 there and 1 here"),
            (["--clip", "2"], "--clip is none there and 2 here"), (["--freeze-parameters", "--optimizer", "adam"], "--freeze-parameters is not set there and yes here"),
            (["--lr", "0.02", "--steps", "440"], "--lr is 0.01 there and 0.02 here"), (["--steps", "440"], "--steps is 450 there and 440 here"),
        ] {
            let outcome = try run(arguments + other + ["--output", "out", "--resume"], scratch)
            #expect(outcome.status == 64 && outcome.errors.contains(mention), "\(outcome.errors)")
        }
        let fresh = try run(arguments + ["--output", "out"], scratch)
        #expect(fresh.status == 73 && fresh.errors.contains("--resume goes on"), "\(fresh.errors)")
        #expect(content(scratch, "out") == before)
        let resumed = try run(arguments + ["--output", "out", "--resume"], scratch)
        #expect(resumed.status == 0, "\(resumed.errors)")
        let whole = content(scratch, "whole")
        // The folder's names are the same too: nothing hidden stays.
        #expect(content(scratch, "out") == whole, "\(scratch.names("out")) \(scratch.names("whole"))")
    }

    @Test func aCompleteFolderSaysSoAndOtherOptionsAreRefused() throws {
        let scratch = try Scratch()
        #expect(try run(short + ["--output", "out"], scratch).status == 0)
        let before = content(scratch, "out")
        let start = ContinuousClock.now
        let again = try run(short + ["--output", "out", "--resume"], scratch)
        #expect(again.status == 0 && again.errors.contains("complete"), "\(again.errors)")
        #expect(ContinuousClock.now - start < .seconds(5))
        for other in [["--betas", "0.9,0.98"], ["--steps", "6"], ["--like", "torch"]] {
            for force in [[], ["--force"]] {
                let outcome = try run(short + other + ["--output", "out", "--resume"] + force, scratch)
                #expect(outcome.status == 64 && outcome.errors.contains("\(other[0]) is "), "\(outcome.errors)")
            }
            #expect(try run(short + other + ["--output", "out"], scratch).status == 73)
        }
        #expect(content(scratch, "out") == before)
        // Without the table that it should have, the folder is not called complete.
        unlink(scratch.path("out/loss.csv"))
        #expect(try run(short + ["--output", "out", "--resume"], scratch).status == 73)
        #expect(try run(short + ["--output", "out", "--force"], scratch).status == 0)
        #expect(content(scratch, "out") == before)
    }

    /// r_t by another law is another run: stopped, it is resumed by its own law alone, however that is asked for.
    @Test func theLawOfRectificationIsKept() throws {
        let scratch = try Scratch()
        try scratch.put("1\n-2\n3\n0.5\n", at: "a.csv")
        try scratch.put("1\n-2\n3\n0.25\n", at: "b.csv")
        let plain = ["train", "--task", "digits", "--preset", "small", "--quiet", "--threads", "1", "--steps", "450", "--optimizer"]
        let cases: [(arguments: [String], same: [String], others: [([String], String)])] = [
            (
                ["adam,radam-exact", "--rectification-law", "laplace"], ["adam,radam-exact:laplace"],
                [
                    (["adam,radam-exact"], "--optimizer is adam,radam-exact:laplace there and adam,radam-exact here"),
                    (["adam,radam-exact", "--rectification-law", "uniform"], "radam-exact:uniform here"),
                    (["adam,radam-exact", "--rectification-autocorrelation", "0.5"], "radam-exact:autocorrelation:0.5 here"),
                ]
            ),
            (
                ["adam,radam-exact", "--rectification-law", "trace:a.csv"], ["adam,radam-exact", "--rectification-law", "trace:a.csv"],
                [(["adam,radam-exact", "--rectification-law", "trace:b.csv"], "--rectification-law is trace of SHA-256")]
            ),
        ]
        for (number, item) in cases.enumerated() {
            let folder = "out\(number)"
            #expect(try run(plain + item.arguments + ["--output", "whole\(number)"], scratch).status == 0)
            _ = try stop(plain + item.arguments, by: SIGKILL, in: folder, scratch)
            for (other, mention) in item.others {
                let outcome = try run(plain + other + ["--output", folder, "--resume"], scratch)
                #expect(outcome.status == 64 && outcome.errors.contains(mention), "\(outcome.errors)")
            }
            let resumed = try run(plain + item.same + ["--output", folder, "--resume"], scratch)
            #expect(resumed.status == 0, "\(resumed.errors)")
            let (here, whole) = (content(scratch, folder), content(scratch, "whole\(number)"))
            #expect(Set(here.keys) == Set(whole.keys))
            // The command that run.json names may differ.
            for (name, data) in whole where name != "run.json" { #expect(here[name] == data, "\(name)") }
        }
    }

    @Test func anUnrelatedFolderIsNotTakenOver() throws {
        let scratch = try Scratch()
        for (folder, file) in [("a", "summary.csv"), ("b", "run.json"), ("c", "notes.txt"), ("d", "checkpoints")] {
            mkdir(scratch.path(folder), 0o755)
            if file == "checkpoints" { mkdir(scratch.path("d/checkpoints"), 0o755) } else { try scratch.put("{}", at: "\(folder)/\(file)") }
            let before = content(scratch, folder)
            for options in [[], ["--resume"]] {
                let outcome = try run(short + ["--output", folder] + options, scratch)
                #expect(outcome.status == 73 && outcome.errors.contains(file), "\(outcome.errors)")
            }
            #expect(content(scratch, folder) == before)
        }
        // An empty folder, and none, is one to begin in.
        mkdir(scratch.path("empty"), 0o755)
        #expect(try run(short + ["--output", "empty", "--resume"], scratch).status == 0)
        #expect(try run(short + ["--output", "new", "--resume"], scratch).status == 0)
        #expect(content(scratch, "empty") == content(scratch, "new"))
    }

    @Test func forceKeepsWhatTheProgramDidNotWrite() throws {
        let scratch = try Scratch()
        mkdir(scratch.path("mine"), 0o755)
        mkdir(scratch.path("mine/checkpoints"), 0o755)
        try scratch.put("model", at: "mine/checkpoints/epoch-9.pt")
        try scratch.put("notes", at: "mine/notes.txt")
        let outcome = try run(short + ["--output", "mine", "--force"], scratch)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(scratch.text("mine/checkpoints/epoch-9.pt") == "model" && scratch.text("mine/notes.txt") == "notes")
        #expect(!scratch.names("mine").contains(".varlab"))
    }

    @Test func somebodyElsesHiddenFolderIsRefused() throws {
        let scratch = try Scratch()
        mkdir(scratch.path("out"), 0o755)
        mkdir(scratch.path("out/.varlab"), 0o755)
        try scratch.put("mine", at: "out/.varlab/options.json")
        for options in [[], ["--resume"], ["--force"], ["--resume", "--force"]] {
            let outcome = try run(short + ["--output", "out"] + options, scratch)
            #expect(outcome.status == 73, "\(options): \(outcome.errors)")
        }
        #expect(scratch.text("out/.varlab/options.json") == "mine" && scratch.names("out") == [".varlab"])
    }

    @Test func aDamagedCheckpointIsAnError() throws {
        let scratch = try Scratch()
        let arguments = Self.base + ["--steps", "450"]
        _ = try stop(arguments, by: SIGKILL, in: "out", scratch)
        let name = try #require(scratch.names("out/.varlab").first { $0.hasPrefix("radam") })
        let path = scratch.path("out/.varlab/\(name)")
        let whole = [UInt8](try #require(FileManager.default.contents(atPath: path)))
        var flipped = whole
        flipped[whole.count / 2] ^= 1
        for damaged in [[], Array(whole.dropLast()), Array(whole.prefix(64)), flipped, Array("not a checkpoint".utf8), whole + [0]] {
            try scratch.put(damaged, at: "out/.varlab/\(name)")
            let outcome = try run(arguments + ["--output", "out", "--resume"], scratch)
            #expect(outcome.status == 65 && outcome.errors.contains(name), "\(damaged.count) bytes: \(outcome.errors)")
            #expect(!scratch.names("out").contains("summary.csv"))
        }
        try scratch.put("{", at: "out/.varlab/options.json")
        #expect(try run(arguments + ["--output", "out", "--resume"], scratch).status == 65)
        // Force begins anew.
        #expect(try run(short + ["--output", "out", "--force"], scratch).status == 0)
        #expect(!scratch.names("out").contains(".varlab"))
    }

    @Test func filesThatWereChangedOrAddedMeanwhileAreKept() throws {
        let scratch = try Scratch()
        let arguments = Self.base + ["--steps", "450"]
        _ = try stop(arguments, by: SIGINT, in: "out", scratch)
        let summary = try #require(scratch.text("out/summary.csv"))
        try scratch.put(summary + "my own line\n", at: "out/summary.csv")
        let changed = try run(arguments + ["--output", "out", "--resume"], scratch)
        #expect(changed.status == 73 && changed.errors.contains("summary.csv"), "\(changed.errors)")
        try scratch.put(summary, at: "out/summary.csv")
        try scratch.put("mine", at: "out/notes.txt")
        let added = try run(arguments + ["--output", "out", "--resume"], scratch)
        #expect(added.status == 73 && added.errors.contains("notes.txt"), "\(added.errors)")
        let forced = try run(arguments + ["--output", "out", "--resume", "--force"], scratch)
        #expect(forced.status == 0, "\(forced.errors)")
        #expect(scratch.text("out/notes.txt") == "mine")
        #expect(CSVText(scratch.text("out/summary.csv") ?? "").rows.count == 2)
    }

    @Test func aSecondProcessIsRefusedBeforeItDoesAnything() throws {
        let scratch = try Scratch()
        let process = Process()
        process.executableURL = Command.executable
        process.arguments = Self.base + ["--steps", "100000", "--output", "out"]
        process.currentDirectoryURL = scratch.url
        try process.run()
        while !scratch.names("out/.varlab").contains("options.json") { usleep(5_000) }
        for options in [[], ["--resume"], ["--force"], ["--resume", "--force"]] {
            let outcome = try run(Self.base + ["--steps", "100000", "--output", "out"] + options, scratch)
            #expect(outcome.status == 73 && outcome.errors.contains("another varlab process"), "\(options): \(outcome.errors)")
        }
        #expect(process.isRunning)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        // The lock has died with its process.
        #expect(try run(short + ["--output", "out", "--force"], scratch).status == 0)
    }

    @Test func aSweepIsResumedInTheSameWay() throws {
        let scratch = try Scratch()
        let arguments = ["sweep", "--task", "digits", "--preset", "small", "--quiet", "--optimizer", "sgd:0.9", "--stretch", "adam:1-2,radam:3-",
            "--lr", "0.1,0.01", "--steps", "6"]
        #expect(try run(arguments + ["--output", "out"], scratch).status == 0)
        let before = content(scratch, "out")
        #expect(try run(arguments + ["--output", "out", "--resume"], scratch).status == 0)
        let other = try run(arguments + ["--stretch", "adam:1-3,radam:4-", "--output", "out", "--resume"], scratch)
        #expect(other.status == 64 && other.errors.contains("--stretch is adam:1-2,radam:3- there"), "\(other.errors)")
        // A training command of the other kind has other options.
        let train = try run(short + ["--output", "out", "--resume"], scratch)
        #expect(train.status == 64 && train.errors.contains("--evaluations is 20 there and 8 here"), "\(train.errors)")
        #expect(content(scratch, "out") == before)
    }

    @Test func withoutGnuplotTheDataAreThereAndTheFiguresFollow() throws {
        let scratch = try Scratch()
        mkdir(scratch.path("bin"), 0o755)
        let without = try Command.run(short + ["--output", "out"], environment: ["PATH": scratch.path("bin")], in: scratch.url)
        #expect(without.status == 69, "\(without.errors)")
        #expect(scratch.names("out").contains("loss.csv") && !scratch.names("out").contains("loss_curves.svg"))
        let resumed = try run(short + ["--output", "out", "--resume"], scratch)
        #expect(resumed.status == 0 && scratch.names("out").contains("loss_curves.svg"), "\(resumed.errors)")
        #expect(try run(short + ["--output", "whole"], scratch).status == 0)
        #expect(content(scratch, "out") == content(scratch, "whole"))
    }
}
