import Distributions
import Errors
import Experiments
import Files
import Foundation
import Report
import Simulation
import TestSupport
import Testing
import Theory

/// Tables, files and record of a simulation.
@Suite struct SimulateOutcomeTests {
    private static let provenance = Provenance(version: "9.9", commit: "abc", command: "varlab simulate")

    private func run(
        _ means: [Double] = [0, 1], epsilon: Double = 0, trajectories: Int = 400, iterations: Int = 12, histogramSteps: [Int]? = [5, 12],
        histogramMeans: Int? = nil, gradients: GradientSource = .normal
    ) throws -> SimulateOutcome {
        try SimulateExperiment(
            means: means, beta2: 0.99, epsilon: epsilon, trajectories: trajectories, iterations: iterations, seed: 3,
            histogramSteps: histogramSteps, histogramMeans: histogramMeans, gradients: gradients
        ).run(threads: 2)
    }

    @Test func varianceTableHasItsColumns() throws {
        let table = try run().varianceTable()
        #expect(table.columns.map(\.name) == [
            "mu", "beta2", "epsilon", "t", "trajectories", "mean_psi", "mean_psi_stderr", "var_psi", "var_psi_stderr", "r_t",
            "var_rectified", "var_exact", "rho_t", "nu_t", "rho_empirical",
        ])
        #expect(table.rowCount == 24)
    }

    /// Where Var[ψ_t] is infinite a sample's variance says nothing of ρ.
    @Test func impliedRhoNeedsAFiniteVariance() throws {
        let table = try run().varianceTable()
        let (t, rho, exact) = (table.numbers("t"), table.reals("rho_empirical"), table.reals("var_exact"))
        for row in 0..<table.rowCount {
            #expect((rho[row] == nil) == (t[row]! <= 2))
            #expect(exact[row]!.isInfinite == (t[row]! <= 2))
        }
        #expect(try run(epsilon: 0.1).varianceTable().reals("rho_empirical").allSatisfy { $0 != nil })
    }

    /// Zeros at ε = 0: `inf`, no standard errors, no ρ; the histogram counts ψ = ∞ in its last row, and adds up to n.
    @Test func zerosAreInfinite() throws {
        let outcome = try run([0], histogramSteps: [1, 2], gradients: .samples([-1, 0, 0, 1]))
        let table = try outcome.varianceTable()
        for name in ["mean_psi", "var_psi"] { #expect(table.reals(name).allSatisfy { $0 == .infinity }) }
        for name in ["mean_psi_stderr", "var_psi_stderr", "rho_empirical"] { #expect(table.reals(name).allSatisfy { $0 == nil }) }
        let histogram = try outcome.histogramTable()
        let counts = histogram.integers("count").map { $0! }
        #expect(counts.count == 124)
        for (step, share) in [(0, 0.5), (1, 0.25)] {
            let block = counts[step * 62..<(step + 1) * 62]
            #expect(block.reduce(0, +) == 400)
            // Binomial: 5 standard deviations, a false alarm in 2e6; the seed is fixed.
            #expect(abs(Double(block.last!) - 400 * share) < 5 * (400 * share * (1 - share)).squareRoot())
        }
        #expect(histogram.reals("bin_high").allSatisfy { $0! > 0 })
        #expect(try outcome.rhoHistogramTable().rowCount == 0 || outcome.rhoHistogramTable().reals("bin_high").allSatisfy { $0!.isFinite })
    }

    /// A trace that is zero at every second step still has its histograms, and only infinite ones are no reason to fail.
    @Test func allZerosButOneStillRun() throws {
        let outcome = try run([0], trajectories: 20, histogramSteps: [1, 12], gradients: .samples([1, -1] + Array(repeating: 0, count: 998)))
        #expect(try outcome.histogramTable().rowCount == 124)
        let scratch = try Scratch()
        let folder = try OutputFolder(path: scratch.path("run"))
        _ = try outcome.write(to: folder, provenance: Self.provenance)
        try folder.commit()
        #expect(scratch.text("run/variance.csv")!.contains(",inf,,inf,,"))
    }

    /// The figure's bars are those of histogram.csv.
    @Test func nothingIsWrittenTwice() throws {
        let scratch = try Scratch()
        let folder = try OutputFolder(path: scratch.path("run"))
        let figures = try run().write(to: folder, provenance: Self.provenance)
        try folder.commit()
        #expect(figures.map(\.name) == ["psi_variance", "psi_histogram"])
        #expect(scratch.names("run").filter { !$0.hasPrefix(".") } == [
            "histogram.csv", "psi_histogram-curves.csv", "psi_histogram.gp", "psi_variance.csv", "psi_variance.gp", "rho_histogram.csv", "run.json", "variance.csv",
        ])
        let script = try #require(scratch.text("run/psi_histogram.gp"))
        // The first mean's rows of t = 5 and of t = 12, in blocks of 62 with the means within the steps.
        #expect(script.contains("'histogram.csv'") && script.contains("every ::0::61") && script.contains("every ::124::185"))
        #expect(!script.contains("psi_histogram.csv"))
        let record = try #require(scratch.text("run/run.json"))
        for part in ["\"version\" : \"9.9\"", "\"commit\" : \"abc\"", "\"gsl\"", "\"generator\" : \"Philox4x32-10, Box-Muller\"", "\"batches\" : 100"] {
            #expect(record.contains(part), "\(part)")
        }
    }

    @Test func withoutHistogramsThereIsNoFigureOfThem() throws {
        let outcome = try run(histogramSteps: [])
        #expect(try outcome.histogramTable().rowCount == 0)
        #expect(try outcome.histogramTable().columns.count == 15)
        let scratch = try Scratch()
        let folder = try OutputFolder(path: scratch.path("run"))
        #expect(try outcome.write(to: folder, provenance: Self.provenance).map(\.name) == ["psi_variance"])
    }

    /// Histograms of the first means alone are those of all of them; the moments do not change.
    @Test func fewerHistogramsAreTheSame() throws {
        let (all, first) = (try run(), try run(histogramMeans: 1))
        #expect(all.result == first.result)
        let (wide, narrow) = (try all.histogramTable(), try first.histogramTable())
        let rows = wide.reals("mu").enumerated().filter { $0.element == 0 }.map(\.offset)
        #expect(wide.selecting(rows: rows).reals("ks_exact") == narrow.reals("ks_exact"))
        #expect(wide.selecting(rows: rows).integers("count") == narrow.integers("count"))
    }

    @Test func densityIsAtTheMidpoint() throws {
        let table = try run([0], histogramSteps: [12]).histogramTable()
        let (low, high, density) = (table.reals("bin_low"), table.reals("bin_high"), table.reals("density_exact"))
        let law = try AdaptiveRateLawDensity(beta2: 0.99, step: 12)
        for row in [1, 20, 40, 60] { #expect(relativeError(density[row]!, law.at((low[row]! + high[row]!) / 2)) < 1e-8) }
        #expect(density.first! == nil && density.last! == nil)
    }

    /// Of other laws the exact density is their own, and the normal one stands beside it; of a trace, which has none, it is empty.
    @Test func densitiesOfOtherGradients() throws {
        let source = try GradientSource(.laplace)
        let table = try run([0.5], histogramSteps: [12], gradients: source).histogramTable()
        #expect(table.columns.map(\.name).suffix(2) == ["density_normal", "ks_normal"])
        let (low, high) = (table.reals("bin_low"), table.reals("bin_high"))
        let law = try AdaptiveRateLaw(beta2: 0.99, process: source.process(mean: 0.5), step: 12)
        let normal = try AdaptiveRateLaw(beta2: 0.99, mean: 0.5, step: 12)
        for row in [1, 20, 40, 60] {
            let middle = (low[row]! + high[row]!) / 2
            #expect(relativeError(table.reals("density_exact")[row]!, law.density(at: middle)) < 1e-8)
            #expect(relativeError(table.reals("density_normal")[row]!, normal.density(at: middle)) < 1e-8)
        }
        let trace = try run([0], histogramSteps: [12], gradients: .samples([-1, 0.5, 2, 0.3])).histogramTable()
        for column in ["density_exact", "ks_exact", "p_value_exact"] { #expect(trace.reals(column).allSatisfy { $0 == nil }) }
        #expect(trace.reals("density_normal")[5] != nil && trace.reals("ks_normal")[5] != nil)
    }

    @Test func summaryNamesEachMean() throws {
        let lines = try run().summaryLines
        #expect(lines.count == 3 && lines[0] == "400 trajectories of 12 iterations")
        #expect(lines[1].hasPrefix("μ = 0: Var[ψ_12] = ") && lines[2].hasPrefix("μ = 1: ") && lines[1].contains("exact 0.0"))
        #expect(try run(Array(repeating: 0.5, count: 9)).summaryLines.last == "and 3 more means")
    }

    @Test func theCommandMakesTheSameAgain() throws {
        let experiment = try SimulateExperiment(
            means: [0, -1.5], beta2: 0.99, epsilon: 1e-8, trajectories: 100, iterations: 50, seed: .max, histogramSteps: [9, 5],
            batchCount: 7, gradients: .samples([1, 2, 4, 8], blockLength: 2, name: "trace:it's here.csv"))
        #expect(
            experiment.command == "varlab simulate --mu 0,-1.5 --beta2 0.99 --epsilon 1e-08 --trajectories 100 --iterations 50 "
                + "--seed 18446744073709551615 --histogram-steps 5,9 --batches 7 --gradients 'trace:it'\\''s here.csv' --block 2")
    }

    /// Everything is refused before memory is taken for it.
    @Test(arguments: [
        (Int.max, 10, nil, nil, Parameter.trajectories), (.min, 10, nil, nil, .trajectories), (100, .max, nil, nil, .iterations),
        (100, 1_000_000_000_000, nil, nil, .iterations), (100, .min, nil, nil, .iterations), (100, 10, .max, nil, .batches),
        (100, 10, .min, nil, .batches), (100, 10, 0, nil, .batches), (100, 10, nil, .max, .histogramSteps),
        (100, 3000, nil, -1, .histogramSteps), (1 << 40, 3000, 1 << 39, nil, .batches),
    ])
    func hugeNumbersAreRefused(trajectories: Int, iterations: Int, batches: Int?, step: Int?, parameter: Parameter) {
        let steps = step.map { $0 == -1 ? Array(1...3000) : [$0] }
        let error = #expect(throws: ParameterError.self) {
            try SimulateExperiment(
                means: [0, 1], beta2: 0.9, epsilon: 0, trajectories: trajectories, iterations: iterations, seed: 1,
                histogramSteps: steps, batchCount: batches)
        }
        #expect(error?.parameter == parameter)
    }
}

/// The exact density by the slow route, without interpolation.
private struct AdaptiveRateLawDensity {
    private let law: AdaptiveRateLaw

    init(beta2: Double, step: Int) throws { law = try AdaptiveRateLaw(beta2: beta2, mean: 0, step: step) }

    func at(_ psi: Double) -> Double { law.density(at: psi) }
}
