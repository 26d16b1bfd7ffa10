import Concurrency
import Foundation
import TestSupport
import Testing
import Theory
import Traces

@testable import GradientStatistics

/// Traces with a known process: the law that knows what there is to know explains the variance across coordinates, and the others do not.
///
/// All seeds are fixed. The observed variance is that of 8192 coordinates, with a standard error of 1.5 to 4% of it at the steps that are looked at; the
/// laws are of the first 256. The bounds are what the first order leaves: up to 0.07 for independent gradients of one scale, and 0.21 otherwise.
@Suite struct ProcessReferenceTests {
    static let steps = 200, coordinates = 256, traces = 32, beta2 = 0.99
    static let sections = [10, 40, 100, 150]

    struct Case {
        let observed: [Double]
        /// Of the coordinates that the laws are of.
        let observedFirst: [Double]
        let variances: [ProcessReference.Knowledge: [Double]]

        /// What the law makes of the variance at each step, relative to what is observed.
        func ratios(_ knowledge: ProcessReference.Knowledge) -> [Double] { zip(variances[knowledge]!, observed).map { $0 / $1 } }
    }

    static func pass(_ columns: [[Double]], sections: [Int] = sections) throws -> CoordinatePass {
        let dictionary = "{'descr': '<f8', 'fortran_order': True, 'shape': (\(columns[0].count), \(columns.count)), }\n"
        var bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(dictionary.utf8.count), 0] + Array(dictionary.utf8)
        columns.flatMap { $0 }.withUnsafeBytes { bytes += $0 }
        let plan = CoordinatePass.Plan(
            average: try ExponentialAverage(beta2: beta2), momentum: try ExponentialAverage(beta2: 0.9), epsilon: 0, skipsNonfinite: false,
            threads: 2)
        return try CoordinatePass(
            RecordedTrace.read(bytes, named: "a.npy").arrays[0], label: "a", path: "a.npy", histogramSteps: [], rateSteps: sections,
            plan: plan, progress: ProgressCounter(total: 1, report: nil))
    }

    static func reference(_ pass: CoordinatePass, epsilon: Double = 0) throws -> ProcessReference {
        let normalization = try ExactReference(
            beta2: beta2, epsilon: epsilon, meansOverDeviation: [], stepCount: steps, steps: sections
        ).moments.map(\.normalization)
        return try ProcessReference(
            beta2: beta2, epsilon: epsilon, ingredients: pass.ingredients, autocorrelation: pass.meanAutocorrelation, stepCount: steps,
            normalization: normalization, steps: sections, threads: 2)
    }

    static func run(seed: UInt64, _ series: (inout SplitMix) -> [Double]) throws -> Case {
        var generator = SplitMix(state: seed)
        let passes = try (0..<traces).map { _ in try pass((0..<coordinates).map { _ in series(&generator) }) }
        // Of equally many coordinates each: the mean of the variances leaves out that of the means, below 1% of it.
        let observed = sections.indices.map { index in passes.reduce(0) { $0 + $1.rates.sections[index].variance! } / Double(traces) }
        let made = try reference(passes[0]).variances
        return Case(observed: observed, observedFirst: passes[0].rates.sections.map { $0.variance! }, variances: try made.mapValues { try $0.map { try #require($0) } })
    }

    /// Independent normal gradients: all laws say the same.
    @Test func nothingToKnow() throws {
        let made = try Self.run(seed: 81) { NormalSeries.next(Self.steps, &$0) }
        for knowledge in ProcessReference.Knowledge.allCases {
            for ratio in made.ratios(knowledge) { #expect(abs(ratio - 1) < 0.12, "\(knowledge) \(ratio)") }
        }
    }

    @Test func autocorrelation() throws {
        let r = 0.8
        let made = try Self.run(seed: 82) { generator in
            var x = NormalSeries.normal(&generator)
            return (0..<Self.steps).map { _ in
                defer { x = r * x + (1 - r * r).squareRoot() * NormalSeries.normal(&generator) }
                return x
            }
        }
        for ratio in made.ratios(.autocorrelation) { #expect(abs(ratio - 1) < 0.25, "\(ratio)") }
        for ratio in made.ratios(.marginal) + made.ratios(.commonScales) { #expect(ratio < 0.5, "\(ratio)") }
    }

    /// Each coordinate has scales of its own, from 1/8 to 8 and lasting 50 steps. Few have most of the variance, so that the law is compared with the
    /// same coordinates.
    @Test func ownScales() throws {
        let made = try Self.run(seed: 83) { generator in
            (0..<4).flatMap { _ in
                let scale = pow(8, 2 * generator.uniform() - 1)
                return NormalSeries.next(50, &generator).map { scale * $0 }
            }
        }
        for (variance, observed) in zip(made.variances[.ownScales]!, made.observedFirst) {
            #expect(abs(variance / observed - 1) < 0.2, "\(variance / observed)")
        }
        for knowledge in [ProcessReference.Knowledge.autocorrelation, .commonScales] {
            for ratio in made.ratios(knowledge) { #expect(ratio < 0.2, "\(knowledge) \(ratio)") }
        }
    }

    /// All coordinates grow alike: the common scale is enough.
    @Test func commonScales() throws {
        let made = try Self.run(seed: 84) { generator in
            NormalSeries.next(Self.steps, &generator).enumerated().map { step, value -> Double in value * Double(1 + step / 50) }
        }
        for knowledge in [ProcessReference.Knowledge.commonScales, .ownScales] {
            for ratio in made.ratios(knowledge) { #expect(abs(ratio - 1) < 0.3, "\(knowledge) \(ratio)") }
        }
    }

    /// Independent values of a law of heavy tails.
    @Test func marginal() throws {
        let made = try Self.run(seed: 85) { generator in
            NormalSeries.next(Self.steps, &generator).map { value -> Double in generator.uniform() < 0.1 ? 4 * value : value }
        }
        for ratio in made.ratios(.marginal) { #expect(abs(ratio - 1) < 0.25, "\(ratio)") }
        for ratio in made.ratios(.autocorrelation) + made.ratios(.commonScales) { #expect(ratio < 0.6, "\(ratio)") }
    }

    /// Exact zeros leave the marginal law finite, by those that are none; with ε they are in it.
    @Test func zeros() throws {
        var generator = SplitMix(state: 86)
        let columns = (0..<16).map { _ -> [Double] in
            NormalSeries.next(Self.steps, &generator).map { value -> Double in generator.uniform() < 0.3 ? 0 : value }
        }
        let pass = try Self.pass(columns)
        #expect(pass.ingredients.values.count { $0 == 0 } > 700)
        let (bare, shifted) = (try Self.reference(pass), try Self.reference(pass, epsilon: 0.1))
        for made in [bare, shifted] {
            for variance in made.variances.values.joined() { #expect(try #require(variance).isFinite) }
        }
        #expect(bare.variances.count == 4 && shifted.variances.count == 4)
    }

    /// Of 1000 coordinates every fifth has stretches, each of its own.
    @Test func membersAreSpreadEvenly() throws {
        func value(_ step: Int, _ column: Int) -> Double {
            if step >= 100 { return 1.5 }
            return column == 5 && step < 30 ? 0 : Double(1 + step * column % 7)
        }
        let pass = try Self.pass((0..<1000).map { column in (0..<Self.steps).map { value($0, column) } })
        let members = pass.ingredients.members
        #expect(members.count == 200 && members[1].firstNonzero == 31 && members[0].firstNonzero == 1)
        let scale = try #require(pass.coordinates[10].scale(steps: 200))
        for (index, square) in members[2].meanSquares.prefix(4).enumerated() {
            var sum = 0.0
            for step in 25 * index..<25 * index + 25 { sum += value(step, 10) * value(step, 10) }
            let expected = sum / (25 * scale * scale)
            #expect(abs(square - expected) < 1e-13)
        }
    }
}
