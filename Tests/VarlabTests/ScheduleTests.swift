import Foundation
import TestSupport
import Testing

/// `varlab schedule` on standard output, into a file and into a folder.
@Suite struct ScheduleTests {
    static let files = [
        "run.json", "schedule-curves.csv", "schedule-marks.csv", "schedule.csv", "schedule.gp", "schedule.svg", "schedule_summary.csv",
    ]

    @Test func tableOnStandardOutput() throws {
        let outcome = try Command.run(["schedule", "--like", "authors", "--beta2", "0.999", "--steps", "5,6"])
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0] == "optimizer,like,beta2,t,rho,rule,multiplier,adaptive_multiplier")
        #expect(lines[1].hasPrefix("radam,authors,0.999,5,4.99") && lines[1].hasSuffix(",skip,0,0"))
        #expect(lines[2].hasPrefix("radam,authors,0.999,6,5.99") && lines[2].contains(",adaptive,0.0258"))
    }

    @Test func summaryIntoAFile() throws {
        let scratch = try Scratch()
        let outcome = try Command.run(["schedule", "--summary", "--beta2", "0.999", "--output", scratch.path("summary.json")])
        #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: scratch.url.appending(path: "summary.json")))
        let rows = try #require(object as? [[String: Any]])
        #expect(rows.map { $0["like"] as? String } == ["paper", "authors", "torch", "optax"])
        #expect(rows.map { $0["first_rectified_step"] as? Int } == [5, 6, 6, 6])
    }

    /// optax on its default single precision: a single rectified step at t = 2, from t = 4 on again.
    @Test func singlePrecision() throws {
        let outcome = try Command.run(
            ["schedule", "--like", "optax", "--beta2", "0.9999", "--steps", "1-6", "--precision", "float32"])
        let rules = outcome.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[5] }
        #expect(rules == ["momentum", "adaptive", "momentum", "adaptive", "adaptive", "adaptive"])
    }

    /// r_t of other laws, by option and by name; at t = 5 the variance of Laplace gradients is 0.689133, at t = 100 it is 0.0128666.
    @Test func rectificationByOtherLaws() throws {
        let scratch = try Scratch()
        let arguments = ["schedule", "--like", "paper", "--beta2", "0.999", "--steps", "2,5,100"]
        let option = try Command.run(arguments + ["--optimizer", "radam-exact", "--rectification-law", "laplace"])
        let name = try Command.run(arguments + ["--optimizer", "radam-exact:laplace"])
        #expect(option.status == 0 && option.output == name.output, "\(option.errors)")
        let rows = CSVText(option.output).rows
        #expect(rows.map { $0["optimizer"] } == Array(repeating: "radam-exact:laplace", count: 3) && rows[0]["rule"] == "momentum")
        let ratio = Double(rows[2]["multiplier"]!)! / Double(rows[1]["multiplier"]!)!
        #expect(abs(ratio / (0.689133 / 0.0128666).squareRoot() - 1) < 5e-6)
        try scratch.put("0\n1\n-1\n", at: "zeros.csv")
        let zeros = try Command.run(
            arguments + ["--optimizer", "radam-exact", "--rectification-law", "trace:zeros.csv", "--output", "out"], in: scratch.url)
        #expect(zeros.status == 0, "\(zeros.errors)")
        #expect(CSVText(try #require(scratch.text("out/schedule.csv"))).rows.allSatisfy { $0["rule"] == "momentum" })
        #expect(try #require(scratch.text("out/run.json")).contains("\"zeros.csv\""))
    }

    @Test func folderOfResults() throws {
        let scratch = try Scratch()
        let arguments = ["schedule", "--optimizer", "radam,adam-warmup:7", "--like", "torch,optax", "--beta2", "0.9", "--steps", "1-20"]
        for name in ["one", "two"] {
            let outcome = try Command.run(arguments + ["--output", name], in: scratch.url)
            #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome.errors)")
        }
        let arrays = ["adam-warmup-7-optax", "adam-warmup-7-torch", "radam-optax", "radam-torch"].map { "multiplier-\($0)-0.9.npy" }
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("one")).sorted()
        #expect(names == (Self.files + arrays).sorted())
        for name in names {
            let one = try Data(contentsOf: scratch.url.appending(path: "one/\(name)"))
            #expect(try Data(contentsOf: scratch.url.appending(path: "two/\(name)")) == one && !one.isEmpty, "\(name)")
        }
        let again = try Command.run(arguments + ["--output", "one"], in: scratch.url)
        #expect(again.status == 73 && again.errors.contains("not empty"))
        #expect(try Command.run(arguments + ["--output", "one", "--force"], in: scratch.url).status == 0)
    }

    /// What once trapped, asked for exabytes, or ran on without end.
    @Test(.timeLimit(.minutes(1)), arguments: [
        "adam-warmup:9223372036854775807", "adam-warmup:4611686018427387904", "adam-warmup:461168601842787904", "adam-2k:9223372036854775807",
        "adam-warmup:9223372036854775808", "adam-eps:1e-8:1e-4:9223372036854775807",
    ])
    func longSchedulesAreRefused(optimizer: String) throws {
        let outcome = try Command.run(["schedule", "--optimizer", optimizer, "--beta2", "0.9", "--steps", "1"])
        #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome.errors)")
        #expect(outcome.errors.contains("--optimizer \(optimizer): ") && outcome.errors.contains("9007199254740992"), "\(outcome.errors)")
    }

    /// The longest ones that are not, at every kind of β2.
    @Test(.timeLimit(.minutes(2)), arguments: ["100000000", "9007199254740992"])
    func longSchedulesAreQuick(steps: String) throws {
        let arguments = ["--optimizer", "adam-warmup:\(steps),adam-2k:\(steps)", "--like", "paper", "--beta2", "0,0.9,0.999999999999"]
        let summary = try Command.run(["schedule", "--summary"] + arguments)
        #expect(summary.status == 0, "\(summary.errors)")
        for row in CSVText(summary.output).rows {
            let length = try #require(Double(row["warmup_length_equivalent"]!)), steps = Double(steps)!
            let expected = row["optimizer"]!.hasPrefix("adam-2k") ? 2 * steps + 1 : steps
            #expect(abs(length / expected - 1) < 1e-12, "\(row)")
        }
        let folder = try Scratch()
        let outcome = try Command.run(["schedule"] + arguments + ["--output", "out", "--steps", "1-10,9007199254740992"], in: folder.url)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test(arguments: [
        (["--optimizer", "sgd:2"], "--optimizer sgd:2: momentum must be in [0, 1)"), (["--optimizer", "radm"], "did you mean 'radam'"),
        (["--optimizer", "sgd"], "--optimizer sgd: must have an adaptive"), (["--like", "pytorch"], "did you mean 'torch'"),
        (["--like", ""], "--like ''"), (["--beta2", "1"], "--beta2 1: must be"), (["--optimizer", "radam,"], "a part of the list is empty"),
        (["--steps", "9007199254740993"], "--steps 9007199254740993: must not exceed"), (["--precision", "float16"], "precision"),
    ])
    func badArguments(arguments: [String], part: String) throws {
        let outcome = try Command.run(["schedule"] + arguments)
        #expect(outcome.status == 64 && outcome.output.isEmpty && outcome.errors.contains(part), "\(outcome.errors)")
    }

    /// Outside of `jax.jit` optax goes on rectifying after its first step at t = 2.
    @Test func singlePrecisionOutsideOfJit() throws {
        let arguments = ["schedule", "--like", "optax,torch", "--beta2", "0.9999", "--steps", "1-6", "--precision"]
        func rules(_ precision: String) throws -> [String] {
            CSVText(try Command.run(arguments + [precision]).output).rows.map { $0["rule"]! }
        }
        let compiled = try rules("float32"), eager = try rules("float32-eager")
        #expect(compiled[..<6] == ["momentum", "adaptive", "momentum", "adaptive", "adaptive", "adaptive"])
        #expect(eager[..<6] == ["momentum", "adaptive", "adaptive", "adaptive", "adaptive", "adaptive"])
        // PyTorch's doubles do not know of it.
        #expect(compiled[6...] == eager[6...])
    }
}
