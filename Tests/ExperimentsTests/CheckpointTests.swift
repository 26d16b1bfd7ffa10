import Distributions
import Errors
import Foundation
import Report
import TestSupport
import Testing
import Theory
import Traces

@testable import Experiments

/// `varlab checkpoint` on simulated states whose |μ|/σ is known.
@Suite struct CheckpointTests {
    typealias Tensor = (name: String, first: [Float], second: [Float], step: Int?)

    static func run(
        _ tensors: [Tensor], betas: [Double]? = nil, step: Int? = nil, epsilon: Double? = nil, threads: Int = 2
    ) throws -> CheckpointOutcome {
        let state = try OptimizerStateFile(bytes: stateBytes(tensors), named: "state.safetensors")
        return try CheckpointExperiment(files: [], betas: betas, step: step, epsilon: epsilon).run([state], threads: threads)
    }

    static func tensor(
        _ name: String = "w", count: Int, beta1: Double = 0.9, beta2: Double, mean: Double, step: Int, scale: Double = 1, decades: Double = 0,
        seed: UInt64
    ) -> Tensor {
        let (first, second) = AdamState.tensor(
            count: count, beta1: beta1, beta2: beta2, meanOverDeviation: mean, step: step, scale: scale, decades: decades, seed: seed)
        return (name, first, second, step)
    }

    /// The mean within its range, with σ over four decades. The range is 3.92 standard deviations wide; 1.1 of its widths are exceeded once in
    /// 60,000 cases.
    @Test(arguments: [(0.9, 0.999, 0.5, 40), (0.9, 0.95, 0.2, 60), (0.95, 0.99, 2, 30), (0.5, 0.9, 0.7, 30), (0.9, 0.999, 0.3, 2)])
    func recoversTheMean(beta1: Double, beta2: Double, mean: Double, step: Int) throws {
        let tensor = Self.tensor(count: 4000, beta1: beta1, beta2: beta2, mean: mean, step: step, decades: 4, seed: 3)
        let outcome = try Self.run([tensor], betas: [beta1, beta2], epsilon: 0)
        let row = outcome.tensors[0], implied = try #require(row.implied)
        let (found, low, high) = (try #require(implied.mean), try #require(implied.low), try #require(implied.high))
        #expect(low <= found && found <= high && high - low < 0.5)
        #expect(abs(found - mean) < 1.1 * (high - low), "\(low) \(found) \(high)")
        // What `update --implied-by-rms` says.
        let inverse = try ImpliedUpdateMean(beta1: beta1, beta2: beta2, step: step)
        #expect(try found == inverse.mean(rootMeanSquare: row.rootMeanSquareWithoutEpsilon!))
        #expect(outcome.notes.isEmpty)
    }

    /// Noise is called noise at the nominal rates: of a thousand tensors, the share beyond 1.96 standard deviations is within 4.4 of its own of 5%
    /// (one in 100,000), and no more than that have a mean whose range begins above 0, nominally 2.5%.
    @Test(arguments: [(0.999, 15), (0.9, 25)]) func falseAlarms(beta2: Double, step: Int) throws {
        let tensors = (0..<1000).map { Self.tensor("w\($0)", count: 150, beta2: beta2, mean: 0, step: step, decades: 2, seed: UInt64($0)) }
        let outcome = try Self.run(tensors, betas: [0.9, beta2], epsilon: 0)
        let deviations = outcome.tensors.compactMap(\.deviations)
        func isNear(_ count: Int, _ rate: Double) -> Bool { abs(Double(count) - 1000 * rate) < 4.4 * (1000 * rate * (1 - rate)).squareRoot() }
        #expect(deviations.count == 1000 && isNear(deviations.count { abs($0) > ImpliedMean.deviations }, 0.05))
        // Mean squares are skewed to the right: 3.2% instead of 2.5% at this size.
        #expect(isNear(outcome.tensors.count { ($0.implied?.low ?? 0) > 0 }, 0.028))
        #expect(outcome.tensors.contains { $0.implied?.mean == nil })
        // All together are as many independent coordinates.
        #expect(abs(try #require(outcome.all.deviations)) < 4.4)
        let exact = try UpdateSquares(beta1: 0.9, beta2: beta2, step: step).rootMeanSquare(coordinates: 150_000)
        let noise = try #require(outcome.all.noiseRootMeanSquare)
        #expect(relativeError(noise.mean, exact.mean) < 1e-12 && relativeError(noise.deviation, exact.standardDeviation) < 1e-12)
        // Every quantile within 4.4 standard deviations of its probability by the law's density, and the bins' interpolation.
        let law = UpdateDistribution(try UpdateLaw(beta1: 0.9, beta2: beta2, step: step))
        let table = outcome.quantileTable().selecting(rows: Array(11_000..<11_011))
        for case let (p?, (size?, exact?)) in zip(table.reals("probability"), zip(table.reals("size"), table.reals("size_exact"))) {
            let deviation = (p * (1 - p) / 150_000).squareRoot() / (law.valuesOfSize(at: exact).density ?? 1)
            #expect(abs(size - exact) < 4.4 * deviation + 1e-3 * exact, "\(p)")
        }
    }

    /// ε of the size of the gradients, which are spread over three decades about it: noise stays noise, a mean is found. At β2 = 0.95 the dependence of
    /// m̂²/v̂ on v̂ is 3% of the mean square; what its first order leaves is below the tolerance.
    @Test func epsilon() throws {
        let noise = Self.tensor("noise", count: 20_000, beta2: 0.95, mean: 0, step: 60, scale: 1e-8, decades: 3, seed: 8)
        let signal = Self.tensor("signal", count: 20_000, beta2: 0.95, mean: 0.6, step: 60, scale: 1e-8, decades: 3, seed: 9)
        let outcome = try Self.run([noise, signal], betas: [0.9, 0.95])
        let row = outcome.tensors[0]
        #expect((0.2..<0.8).contains(try #require(row.updates.sums.meanWeight2)) && row.updates.sums.epsilonShare > 0.1)
        #expect(abs(try #require(row.deviations)) < 4.4)
        let implied = try #require(outcome.tensors[1].implied)
        #expect(abs(implied.mean! - 0.6) < 1.1 * (implied.high! - implied.low!))
        // One σ and its ε: the law with that ε, within the simulation's error.
        let even = Self.tensor(count: 20_000, beta2: 0.95, mean: 0, step: 60, scale: 2e-8, seed: 10)
        let size = try #require(try Self.run([even], betas: [0.9, 0.95]).all.noiseRootMeanSquare)
        let law = try UpdateLaw(beta1: 0.9, beta2: 0.95, epsilon: 0.5, step: 60).moments()
        #expect(relativeError(size.mean, law.rootMeanSquare) < 2e-3)
    }

    /// A step that is too early, and betas that are not these, give updates that no gradients give; the true ones do not.
    @Test func beyondTheBound() throws {
        let early = Self.tensor(count: 500, beta2: 0.999, mean: 0, step: 3, seed: 1)
        let note = try #require(try Self.run([early], betas: [0.9, 0.999], step: 1).notes.last)
        #expect(note.contains("betas or step are wrong") && note.contains("of 500 coordinates (w)") && note.contains("at step 1"))
        #expect(try Self.run([early], betas: [0.9, 0.999]).notes.isEmpty)
        let steady = Self.tensor(count: 500, beta2: 0.999, mean: 3, step: 200, seed: 2)
        #expect(try Self.run([steady], betas: [0.5, 0.5]).notes.count == 1)
        #expect(try Self.run([steady], betas: [0.9, 0.999]).notes.isEmpty)
        // The first step is a sign: all are at the bound, and no law says how far off.
        let first = Self.tensor(count: 50, beta2: 0.999, mean: 0, step: 1, seed: 4)
        let outcome = try Self.run([first], betas: [0.9, 0.999], epsilon: 0)
        #expect(outcome.notes.isEmpty && outcome.all.deviations == nil && outcome.all.implied?.mean == nil)
        #expect(relativeError(outcome.all.rootMeanSquare!, 1) < 1e-6)
    }

    /// Two tensors at their own steps: the law of all is their mixture.
    @Test func stepsOfTheirOwn() throws {
        let tensors = [
            Self.tensor("early", count: 3000, beta2: 0.99, mean: 0, step: 2, seed: 5), Self.tensor("late", count: 6000, beta2: 0.99, mean: 0, step: 50, seed: 6),
        ]
        let outcome = try Self.run(tensors, betas: [0.9, 0.99], epsilon: 0)
        #expect(outcome.all.law == nil && outcome.all.implied == nil && abs(outcome.all.deviations!) < 4.4)
        let (early, late) = (outcome.tensors[0].noise!.meanSquare, outcome.tensors[1].noise!.meanSquare)
        #expect(relativeError(outcome.all.noise!.meanSquare, (early + 2 * late) / 3) < 1e-14)
        let table = outcome.summaryTable()
        #expect(table.integers("t") == [2, 50, nil] && table.reals("mu")[2] == nil)
        // Every density integrates to 1, and so does the law's.
        let histogram = outcome.histogramTable()
        let (lows, highs) = (histogram.reals("u_low"), histogram.reals("u_high"))
        for name in ["density", "density_exact", "density_without_epsilon"] {
            let whole = zip(histogram.reals(name), zip(lows, highs)).reduce(0.0) { $0 + ($1.0 ?? 0) * ($1.0 == nil ? 0 : $1.1.1! - $1.1.0!) }
            #expect(abs(whole - 3) < 1e-12, "\(name)")
        }
        #expect(histogram.integers("count").reduce(0) { $0 + $1! } == 18_000)
    }

    /// What has no value is an empty cell.
    @Test func withoutGradients() throws {
        let dead: Tensor = ("dead", [0, 0, 0], [0, 0, 0], 10)
        let broken: Tensor = ("broken", [.nan, 1, 0], [1, -1, 0], 10)
        let outcome = try Self.run([dead, broken], betas: [0.9, 0.99])
        let table = outcome.summaryTable()
        #expect(table.reals("rms") == [nil, nil, nil] && table.reals("mu_high") == [nil, nil, nil] && table.reals("dead")[0] == 1)
        #expect(table.integers("invalid") == [0, 2, 2] && outcome.notes.count == 2)
        #expect(try !outcome.figures().isEmpty && outcome.summaryLines.count == 1)
    }

    @Test func namesInFigures() {
        let names = ["model.layers.0.attention.weight", "model.layers.1.attention.weight", "model.layers.1.normalization_after_attention.weight"]
        #expect(CheckpointSizeFigure.shortened(names) == ["0.attention", "1.attention", "1.normalizat…ter_attention"])
        #expect(CheckpointSizeFigure.shortened(["a.weight"]) == ["a.weight"] && CheckpointSizeFigure.shortened(["a.b", "a", "a.c"]) == ["a.b", "a", "a.c"])
        #expect(CheckpointSizeFigure.shortened(["w", "w"]) == ["w", "w"])
    }

    @Test func settings() throws {
        let tensor = Self.tensor(count: 10, beta2: 0.99, mean: 0, step: 2, seed: 5)
        #expect { try Self.run([tensor]) } throws: { "\($0)".contains("no betas in the file") }
        #expect { try Self.run([(tensor.name, tensor.first, tensor.second, nil)], betas: [0.9, 0.99]) } throws: { "\($0)".contains("no step in the file") }
        #expect { try Self.run([(tensor.name, tensor.first, tensor.second, 0)], betas: [0.9, 0.99]) } throws: { "\($0)".contains("step 0: must be at least 1") }
        #expect(try Self.run([tensor], betas: [0.9, 0.99], step: 4).notes.first == "--step 4 is taken, though the file says 2")
        for (betas, step, epsilon, parameter) in [
            ([0.9], 1, 0, .betas), ([0.9, 0.99, 0.1], 1, 0, .betas), ([1, 0.9], 1, 0, .beta1), ([0.9, 1.5], 1, 0, .beta2), ([0.9, 0], 1, 0, .beta2),
            ([0.9, 0.99], 0, 0, .step), ([0.9, 0.99], 1, -1, .epsilon), ([0.9, 0.99], 1, .infinity, .epsilon), ([.nan, 0.99], 1, 0, .beta1),
        ] as [([Double], Int, Double, Parameter)] {
            #expect { try CheckpointExperiment(files: ["a"], betas: betas, step: step, epsilon: epsilon) } throws: {
                ($0 as? ParameterError)?.parameter == parameter
            }
        }
        #expect(throws: ParameterError.self) { try CheckpointExperiment(files: ["a", "b", "a"]) }
    }
}
