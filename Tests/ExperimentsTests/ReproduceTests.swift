import Errors
import Experiments
import Files
import Foundation
import TestSupport
import Testing

/// `reproduce`: a list of items, each of which makes its own files and no more.
@Suite struct ReproduceTests {
    private func experiment(
        _ items: [ReproduceExperiment.Item], beta2: Double = 0.999, trajectories: Int = 60, iterations: Int = 20
    ) throws -> ReproduceExperiment {
        var simulation = ReproduceExperiment.Simulation()
        (simulation.beta2, simulation.trajectories, simulation.iterations) = (beta2, trajectories, iterations)
        return try ReproduceExperiment(items: items, simulation: simulation, preset: .small, seeds: [0])
    }

    private func files(_ experiment: ReproduceExperiment) throws -> (scratch: Scratch, names: [String]) {
        let scratch = try Scratch()
        let folder = try OutputFolder(path: scratch.path("out"))
        _ = try experiment.write(to: folder, provenance: Provenance(version: "1", commit: "abcdef", command: "varlab reproduce"), threads: 2)
        try folder.commit()
        return (scratch, scratch.names("out").filter { !$0.hasPrefix(".") })
    }

    @Test(arguments: [
        (ReproduceExperiment.Item.figure8, ["figure8.csv", "figure8.gp"]),
        (.ratio, ["approximation_ratio.csv", "approximation_ratio.gp"]),
        (.rectified, ["rectified_variance.csv", "rectified_variance.gp"]),
        (.warmup, ["warmup.csv", "warmup.gp"]),
        (.figure9, ["figure9.csv", "figure9.gp", "figure9_ratio.csv", "figure9_ratio.gp", "run.json"]),
        (.psi, ["psi_histogram-curves.csv", "psi_histogram.csv", "psi_histogram.gp", "run.json"]),
        (.rho, ["rho_histogram.csv", "rho_histogram.gp", "rho_table.csv", "rho_table.md", "rho_table.tex", "run.json"]),
        (.heavy, ["heavy_tails.csv", "heavy_tails.gp"]),
        (.weights, ["weights.csv", "weights.gp"]),
        (.update, ["update_law.csv", "update_law.gp", "update_moments.csv", "update_moments.gp"]),
        (.schedule, ["schedule-curves.csv", "schedule-marks.csv", "schedule.gp", "schedule_summary.csv"]),
    ])
    func eachItemMakesItsFiles(item: ReproduceExperiment.Item, names: [String]) throws {
        #expect(try files(try experiment([item])).names == names)
    }

    /// Figures 6 and 7 and tables 1 and 3: the best rate of table 1 is that of the largest mean.
    @Test func imagesLeaveTablesOfEveryMethod() throws {
        func three(_ name: String) -> [String] { ["csv", "md", "tex"].map { "\(name).\($0)" } }
        let shared = three("fashion_differences") + three("fashion_rates") + ["fashion_sweep.csv"]
        let (scratch, names) = try files(try experiment([.figure6, .table1, .table3]))
        #expect(names == shared + ["figure6.csv", "figure6.gp", "figure6_rates.csv", "figure6_rates.gp", "run.json"] + three("table1") + three("table3"))
        #expect(try files(try experiment([.table3])).names == ["run.json"] + three("table3"))
        func rows(_ name: String) throws -> [[String: String]] { CSVText(try #require(scratch.text("out/\(name).csv"))).rows }
        let sweep = try rows("fashion_sweep")
        #expect(sweep.count == 12)
        for (row, optimizer) in zip(try rows("table1"), ["sgd:0.9", "adam", "radam"]) {
            let best = sweep.filter { $0["optimizer"] == optimizer }.max { Double($0["accuracy_mean"]!)! < Double($1["accuracy_mean"]!)! }!
            // One decimal.
            #expect(abs(Double(row["fashion"]!)! - 100 * Double(best["accuracy_mean"]!)!) <= 0.05 + 1e-9, "\(row)")
            #expect(row["lr"] == best["lr"])
        }
        #expect(try rows("fashion_rates").map { $0["method"] } == ["SGD, momentum 0.9", "Adam", "RAdam"])
        #expect(try rows("fashion_differences").count == 8)
        #expect(try rows("table3").map { $0["steps_1_4"] } == ["RAdam", "Adam", "SGD, momentum 0.9"])
    }

    /// Figure 9 alone shows no histogram, and collects none.
    @Test func figure9CollectsNoHistograms() throws {
        let alone = try #require(try files(try experiment([.figure9])).scratch.text("out/run.json"))
        #expect(alone.contains("\"histogram_steps\" : [\n\n") || alone.contains("\"histogram_steps\" : []"))
        let both = try #require(try files(try experiment([.figure9, .psi])).scratch.text("out/run.json"))
        #expect(both.contains("5,\n"))
    }

    /// The results are meant to be committed: a commit in them would be the one before.
    @Test func theRecordNamesNoCommit() throws {
        let record = try #require(try files(try experiment([.figure9])).scratch.text("out/run.json"))
        #expect(!record.contains("abcdef") && record.contains("\"command\" : \"varlab reproduce\"") && record.contains("\"gsl\""))
    }

    @Test func theDecayRateIsThatOfTheSimulatedFigures() throws {
        let (scratch, _) = try files(try experiment([.figure9, .heavy], beta2: 0.9))
        #expect(scratch.text("out/run.json")!.contains("\"beta2\" : 0.9"))
        let rows = CSVText(try #require(scratch.text("out/heavy_tails.csv"))).rows
        #expect(rows.allSatisfy { $0["beta2"] == "0.9" })
        #expect(throws: ParameterError.self) { try experiment([.figure9], beta2: 1) }
    }

    @Test func itemsKnowWhatTheyNeed() throws {
        #expect(try experiment([.figure8, .schedule]).trajectories == 0)
        #expect(try experiment([.figure9, .psi, .rho]).trajectories == 60)
        #expect(try experiment([.heavy]).trajectories == 180)
        #expect(try experiment([.figure9, .heavy]).trajectories == 240)
        #expect(try experiment([.figure9]).trainingRuns == 0)
        #expect(try experiment([.table3]).trainingRuns == 3)
        #expect(try experiment([.figure6]).trainingRuns == 12)
        #expect(try experiment([.figure6, .table1]).trainingRuns == 12)
        #expect(try experiment([.figure6, .figure7, .table1, .table3]).trainingRuns == 31)
    }

    @Test(arguments: [9, 0, -1, Int.min])
    func tooSmallSimulationsAreRefused(count: Int) {
        #expect(throws: ParameterError.self) { try experiment([.figure9], trajectories: count) }
        #expect(throws: ParameterError.self) { try experiment([.figure8], iterations: count) }
    }
}
