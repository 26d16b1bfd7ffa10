import Errors
import Experiments
import Files
import Foundation
import Report
import Simulation
import TestSupport
import Testing
import Theory

/// Simulations of gradients that depend on each other or change over the steps, and of updates: tables, files and record.
@Suite struct SimulateSequenceTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func run(
        _ means: [Double] = [0, 0.5], trajectories: Int = 300, iterations: Int = 12, histogramSteps: [Int] = [1, 12],
        gradients: GradientSource = .normal, sequence: SequenceFiles = .none, beta1: Double? = nil, threads: Int = 2
    ) throws -> SimulateOutcome {
        try SimulateExperiment(
            means: means, beta2: 0.99, epsilon: 0, trajectories: trajectories, iterations: iterations, seed: 3,
            histogramSteps: histogramSteps, gradients: gradients, sequence: sequence, beta1: beta1
        ).run(threads: threads)
    }

    private func write(_ outcome: SimulateOutcome, _ name: String) throws -> [String] {
        let folder = try OutputFolder(path: scratch.path(name))
        _ = try outcome.write(to: folder, provenance: Provenance(version: "9.9"))
        try folder.commit()
        return scratch.names(name).filter { !$0.hasPrefix(".") }
    }

    private func table(_ file: String) throws -> CSVText { CSVText(try #require(scratch.text(file))) }

    @Test func autocorrelationHasItsExactLawBesideTheNormalOne() throws {
        let table = try run(sequence: SequenceFiles(GradientSequence(autocorrelation: 0.5))).varianceTable()
        let exact = try ExactProcessLaw(beta2: 0.99, process: GradientProcess(.normal, mean: 0.5, autocorrelation: 0.5)).moments(at: [12])
        let normal = try ExactLaw(beta2: 0.99, means: [0.5]).moments(at: [12])
        #expect(relativeError(table.reals("var_exact")[23]!, try #require(exact[0]).variance) < 1e-12)
        #expect(table.reals("var_normal")[23] == normal[0][0].variance)
    }

    /// One mean for no step: no μ, no reference, no density, and a figure of bars alone.
    @Test func meansOfEachStep() throws {
        let steps = (0..<12).map { 0.1 * Double($0) }
        let outcome = try run([0], sequence: SequenceFiles(GradientSequence(means: steps)))
        let table = try outcome.varianceTable()
        #expect(table.reals("mu").allSatisfy { $0 == nil } && table.reals("var_normal").allSatisfy { $0 == nil })
        let exact = try ExactProcessLaw(beta2: 0.99, process: GradientProcess(.normal, means: steps)).moments(at: [12])[0]
        #expect(relativeError(table.reals("var_exact")[11]!, try #require(exact).variance) < 1e-12)
        let histogram = try outcome.histogramTable()
        for name in ["density_exact", "ks_exact", "p_value_exact", "density_rho_t"] { #expect(histogram.reals(name).allSatisfy { $0 == nil }) }
        #expect(try outcome.rhoHistogramTable().reals("rho_exact").allSatisfy { $0 == nil })
        #expect(outcome.summaryLines[1].hasPrefix("given means: Var[ψ_12] = "))
        let names = try write(outcome, "means")
        #expect(names.contains("psi_histogram.gp") && !names.contains("psi_histogram-curves.csv") && names.contains("psi_variance.csv"))
    }

    /// What is drawn and has no exact law: empty cells.
    @Test func withoutAnExactLaw() throws {
        let sequence = SequenceFiles(GradientSequence(scales: Array(repeating: 2, count: 12)))
        let table = try run([1], gradients: GradientSource(specification: "laplace"), sequence: sequence).varianceTable()
        #expect(table.reals("var_exact").allSatisfy { $0 == nil } && table.reals("var_normal").allSatisfy { $0 != nil })
    }

    @Test func updateTables() throws {
        let names = try write(run(beta1: 0.9), "run")
        #expect(names.filter { $0.hasPrefix("update") } == [
            "update.csv", "update_histogram-curves.csv", "update_histogram.csv", "update_histogram.gp",
        ])
        let update = try table("run/update.csv")
        #expect(update.header == [
            "beta1", "beta2", "mu", "epsilon", "t", "trajectories", "mean", "mean_stderr", "variance", "variance_stderr", "rms", "mean_exact",
            "variance_exact", "rms_exact",
        ])
        #expect(update.rows.count == 24)
        for row in update.rows {
            let law = try UpdateLaw(beta1: 0.9, beta2: 0.99, mean: Double(row["mu"]!)!, step: Int(row["t"]!)!).moments()
            #expect(relativeError(Double(row["mean_exact"]!)!, law.mean!) < 1e-12 && relativeError(Double(row["rms_exact"]!)!, law.rootMeanSquare) < 1e-12)
            #expect(relativeError(Double(row["variance_exact"]!)!, law.variance) < 1e-12)
            let (mean, variance) = (Double(row["mean"]!)!, Double(row["variance"]!)!)
            #expect(relativeError(Double(row["rms"]!)!, (mean * mean + variance * 299 / 300).squareRoot()) < 1e-14)
            // Six standard errors in 24 rows; the seed is fixed.
            #expect(abs(mean - law.mean!) < 6 * (law.variance / 300).squareRoot() + 1e-12)
        }
        let histogram = try table("run/update_histogram.csv")
        #expect(histogram.header == ["beta1", "beta2", "mu", "epsilon", "t", "bin_low", "bin_high", "count", "density", "density_exact"])
        #expect(histogram.rows.count == 4 * 62)
        let first = histogram.rows.filter { $0["t"] == "1" && $0["mu"] == "0" }, last = histogram.rows.filter { $0["t"] == "12" && $0["mu"] == "0.5" }
        // u_1 = ±1 has no density; all of it is in two bins.
        #expect(first.allSatisfy { $0["density_exact"] == "" } && first.filter { $0["count"] != "0" }.count == 2)
        for block in [first, last] { #expect(block.reduce(0) { $0 + Int($1["count"]!)! } == 300) }
        // The bins hold 4 standard deviations of the law.
        let mass = last.reduce(0.0) { $0 + (Double($1["density_exact"]!) ?? 0) * (Double($1["bin_high"]!)! - Double($1["bin_low"]!)!).magnitude.finiteOrZero }
        #expect(abs(mass - 1) < 2e-3)
        let record = try #require(scratch.text("run/run.json"))
        #expect(record.contains("\"beta1\" : 0.9") && !record.contains("autocorrelation") && !record.contains("scales"))
    }

    /// Of an AR(1) exact moments at some steps, of other laws at none; no density.
    @Test func updatesOfOtherGradients() throws {
        _ = try write(run(iterations: 60, sequence: SequenceFiles(GradientSequence(autocorrelation: 0.5)), beta1: 0.5), "correlated")
        let rows = try table("correlated/update.csv").rows
        let exact = try CorrelatedUpdateLaw(beta1: 0.5, beta2: 0.99, autocorrelation: 0.5, mean: 0.5, step: 12).moments()
        #expect(rows[71]["variance_exact"] == ShortestDigits.text(of: exact.variance))
        #expect(rows[57]["variance_exact"] == "")
        #expect(try table("correlated/update_histogram.csv").rows.allSatisfy { $0["density_exact"] == "" })
        _ = try write(run(gradients: GradientSource(specification: "laplace"), beta1: 0.9), "laplace")
        #expect(try table("laplace/update.csv").rows.allSatisfy { $0["rms_exact"] == "" && $0["rms"] != "" })
    }

    /// Every byte of every file, for any number of threads.
    @Test func threadsChangeNothing() throws {
        let sequence = SequenceFiles(GradientSequence(autocorrelation: 0.5, scales: (1...12).map(Double.init)))
        for (index, arguments) in [(sequence, 0.9), (SequenceFiles.none, 0.5)].enumerated() {
            let names = try write(run(sequence: arguments.0, beta1: arguments.1, threads: 1), "one\(index)")
            _ = try write(run(sequence: arguments.0, beta1: arguments.1, threads: 3), "three\(index)")
            for name in names { #expect(scratch.text("one\(index)/\(name)") == scratch.text("three\(index)/\(name)"), "\(name)") }
        }
    }

    @Test func theCommandMakesTheSameAgain() throws {
        let numbers = (1...12).map { "\($0)" }.joined(separator: "\n") + "\n"
        let scales = try scratch.put(numbers.utf8, at: "s.csv"), means = try scratch.put(numbers.utf8, at: "m.csv")
        let experiment = try SimulateExperiment(
            means: [0], beta2: 0.99, epsilon: 0, trajectories: 100, iterations: 12, seed: 1, histogramSteps: [9], batchCount: 7,
            sequence: SequenceFiles(autocorrelation: 0.5, scales: scales, means: means), beta1: 0.95)
        #expect(
            experiment.command == "varlab simulate --beta2 0.99 --epsilon 0 --trajectories 100 --iterations 12 --seed 1 --histogram-steps 9 "
                + "--batches 7 --autocorrelation 0.5 --scales \(scales) --means \(means) --update --beta1 0.95")
        let record = String(decoding: try experiment.record(Provenance(version: "1")).bytes(), as: UTF8.self)
        #expect(record.components(separatedBy: "\"sha256\"").count == 3 && !record.contains("\"mu\""))
        #expect(record.contains("\"autocorrelation\" : 0.5") && record.contains("\"scales\" : \"\(scales)\""))
    }

    /// The figure's numbers are those of variance.csv, from the first step on at which the variance is finite.
    @Test func varianceFigure() throws {
        _ = try write(run(sequence: SequenceFiles(GradientSequence(autocorrelation: 0.5))), "figure")
        let all = try table("figure/variance.csv").rows, drawn = try table("figure/psi_variance.csv")
        #expect(drawn.header == ["mu", "t", "var_psi", "var_psi_stderr", "band_low", "band_high", "var_exact", "var_normal"])
        let steps: [String] = (3...12).map { String($0) }
        let drawnSteps: [String] = drawn.rows.map { $0["t"]! }
        #expect(drawnSteps == steps + steps)
        for row in drawn.rows {
            let original = try #require(all.first { $0["mu"] == row["mu"] && $0["t"] == row["t"] })
            for column in ["var_psi", "var_psi_stderr", "var_exact", "var_normal"] { #expect(row[column] == original[column]) }
        }
        let script = try #require(scratch.text("figure/psi_variance.gp"))
        for part in ["title 'i.i.d. normal'", "'autocorrelation 0.5'", "{/:Italic μ} = 0", "with vectors nohead"] {
            #expect(script.contains(part), "\(part)")
        }
        // Two steps have no finite variance, and there is nothing to draw.
        #expect(try !write(run(iterations: 2, histogramSteps: []), "short").contains("psi_variance.gp"))
    }
}

extension Double {
    fileprivate var finiteOrZero: Double { isFinite ? self : 0 }
}
