import Errors
@testable import Experiments
import Files
import Foundation
import Optimizers
import Report
import TestSupport
import Testing
import Theory

/// `ScheduleExperiment`: tables, arrays, record and figure of a small run.
struct ScheduleExperimentTests {
    static func outcome(
        optimizers: [MethodSpecification] = [.radam(), .adamWarmup(.linear(steps: 4)), .radam()],
        implementations: [Implementation] = [.torch, .paper], beta2: [Double] = [0.9, 0.99, 0.9], steps: [Int] = Array(1...8)
    ) throws -> ScheduleOutcome {
        try ScheduleExperiment(optimizers: optimizers, implementations: implementations, beta2: beta2, steps: steps)
            .run(threads: 2)
    }

    private func text(_ table: Table) -> [String] {
        String(decoding: CSVWriter().bytes(of: table), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func tables() throws {
        let outcome = try Self.outcome()
        let lines = text(try outcome.experiment.table())
        // What is named twice counts once.
        #expect(lines.count == 1 + 2 * 2 * 2 * 8 && outcome.experiment.rowCount == 64)
        #expect(lines[0] == "optimizer,like,beta2,t,rho,rule,multiplier,adaptive_multiplier")
        #expect(lines[1] == "radam,torch,0.9,1,1,momentum,1,0")
        #expect(lines.contains("adam-warmup:4,paper,0.99,1,1,adaptive,0.25,0.25"))
        let summary = text(outcome.summary)
        #expect(summary.count == 9)
        #expect(summary[0] == "optimizer,like,beta2,first_rectified_step,warmup_length_rule_of_thumb,warmup_length_equivalent")
        #expect(summary[1].hasPrefix("radam,torch,0.9,6,20.000000000000004,29.09919281996"))
        #expect(summary[8].hasPrefix("adam-warmup:4,paper,0.99,,"))
    }

    /// The folder has the table as it is in one piece, and the adaptive multipliers of each curve.
    @Test func filesOfTheFolder() throws {
        let scratch = try Scratch()
        let folder = try OutputFolder(path: scratch.path("out"))
        let steps = Array(1...40_000)
        let outcome = try Self.outcome(optimizers: [.radam(), .adamWarmup(.linear(steps: 7))], beta2: [0.99], steps: steps)
        #expect(try outcome.write(to: folder, provenance: Provenance(version: "1", command: "a command")).map(\.name) == ["schedule"])
        try folder.commit()
        #expect(scratch.text("out/schedule.csv") == String(decoding: CSVWriter().bytes(of: try outcome.experiment.table()), as: UTF8.self))
        for schedule in outcome.experiment.schedules {
            let name = "out/multiplier-\(schedule.specification == .radam() ? "radam" : "adam-warmup-7")-\(schedule.implementation)-0.99.npy"
            let bytes = try #require(FileManager.default.contents(atPath: scratch.path(name)))
            let values = bytes.suffix(8 * steps.count).withUnsafeBytes { bytes in
                steps.indices.map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
            }
            #expect(values == schedule.multipliers(at: steps).map(\.adaptiveValue) && bytes.count == 128 + 8 * steps.count, "\(name)")
        }
        #expect(scratch.names("out") == [
            "multiplier-adam-warmup-7-paper-0.99.npy", "multiplier-adam-warmup-7-torch-0.99.npy", "multiplier-radam-paper-0.99.npy",
            "multiplier-radam-torch-0.99.npy", "run.json", "schedule-curves.csv", "schedule-marks.csv", "schedule.csv", "schedule.gp",
            "schedule_summary.csv",
        ])
    }

    /// Ten million steps of twelve curves begin at once, a few thousand at a time; whoever has had enough ends it.
    @Test(.timeLimit(.minutes(1))) func tableComesInPieces() throws {
        struct Enough: Error {}
        let experiment = try ScheduleExperiment(steps: Array(1...10_000_000))
        #expect(experiment.rowCount == 120_000_000)
        var rows = 0
        #expect(throws: Enough.self) {
            try experiment.forEachPiece(threads: 2) { piece in
                #expect(piece.rowCount <= 1 << 14)
                rows += piece.rowCount
                if rows > 50_000 { throw Enough() }
            }
        }
        #expect(rows > 50_000 && rows < 100_000)
    }

    /// A curve that is read in pieces is the curve that is read at once, but for the exact law, which begins anew with each: its error.
    @Test(arguments: ["radam", "radam-closed-form", "radam-exact", "radam-exact:laplace", "adam-2k:20000", "adam-warmup:30000", "adam-rectified-warmup"])
    func piecesAreTheWhole(name: String) throws {
        let steps = Array(1...40_000)
        let experiment = try ScheduleExperiment(optimizers: [MethodSpecification(parsing: name)], implementations: [.authors], beta2: [0.999], steps: steps)
        let schedule = experiment.schedules[0]
        var found: [Multiplier] = []
        experiment.forEachPiece(of: schedule) { found += $0 }
        let expected = schedule.multipliers(at: steps)
        #expect(found.map(\.rule) == expected.map(\.rule) && found.map(\.rho) == expected.map(\.rho))
        let tolerance = name.hasPrefix("radam-exact") ? 1e-12 : 0
        #expect(zip(found, expected).allSatisfy { abs($0.value - $1.value) <= tolerance })
    }

    @Test(arguments: [
        ([1, 2, 3, 4], "1-4"), ([1], "1"), ([1, 2], "1,2"), ([1, 2, 3, 10, 20, 30, 31], "1-3,10-30:10,31"), ([], ""),
        ([1, 3, 4, 5], "1,3-5"),
    ])
    func recordNamesTheSteps(steps: [Int], expected: String) throws {
        let record = try Self.outcome(steps: steps).record(Provenance(version: "1", command: "varlab schedule")).bytes()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(record)) as? [String: Any])
        #expect(object["command"] as? String == "varlab schedule" && object["version"] as? String == "1")
        let parameters = try #require(object["parameters"] as? [String: Any])
        #expect(parameters["steps"] as? String == expected)
        #expect(parameters["optimizers"] as? [String] == ["radam", "adam-warmup:4"] && parameters["like"] as? [String] == ["torch", "paper"])
        #expect(parameters["beta2"] as? [Double] == [0.9, 0.99] && parameters["precision"] as? String == "float64")
    }

    /// Two optimizers in two implementations at two β2: four panels of two curves; one implementation: panels of all optimizers.
    @Test func panelsOfTheFigure() throws {
        func panels(_ figure: GnuplotFigure) -> Int { figure.body.components(separatedBy: "# Panel ").count - 1 }
        let both = try Self.outcome().figure()
        #expect(panels(both) == 4 && both.data.map(\.name) == ["curves", "marks"])
        #expect(both.body.contains("'torch, from 6'") && both.body.contains("'paper, from 5'"))
        let one = try Self.outcome(implementations: [.authors]).figure()
        #expect(panels(one) == 2 && one.body.contains("'RAdam, from 6'") && one.body.contains("'Adam, warmup 4'"))
        // More than there is room for, in both directions, and nothing to draw.
        let many = try Self.outcome(beta2: (1...20).map { 1 - 1 / Double(10 * $0) }).figure()
        #expect(panels(many) == 12)
        _ = try Self.outcome(optimizers: (1...9).map { .adamFreeze(steps: $0) }, implementations: [.paper], steps: [1]).figure()
        _ = try Self.outcome(optimizers: [.adam], beta2: [0.5], steps: [7]).figure()
    }

    @Test func domains() {
        #expect(throws: ParameterError.self) { try Self.outcome(beta2: [1]) }
        #expect(throws: ParameterError.self) { try Self.outcome(beta2: [.nan]) }
        #expect(throws: ParameterError.self) { try Self.outcome(optimizers: [.sgd()]) }
        let error = #expect(throws: ParameterError.self) { try Self.outcome(steps: [1, (1 << 53) + 1]) }
        #expect(error?.parameter == .steps)
    }
}
