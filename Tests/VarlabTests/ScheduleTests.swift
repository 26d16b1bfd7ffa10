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
}
