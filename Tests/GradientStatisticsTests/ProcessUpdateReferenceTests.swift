import Foundation
import TestSupport
import Testing
import Theory

@testable import GradientStatistics

/// The size of the update across coordinates of traces with a known process: by the law that knows what there is to know it is the observed one.
///
/// u_t is of order 1, so that the mean of u_t² over n = 8192 coordinates has a standard error below 1/√n: 0.02 of a mean square from 0.05 up is 5 of them
/// where u² varies as the square of a normal number. All seeds are fixed.
@Suite struct ProcessUpdateReferenceTests {
    private static let steps = 200, coordinates = 8192, beta2 = 0.99
    private static let sections = [2, 10, 40, 150]

    private func pass(_ seed: UInt64, _ series: (inout SplitMix) -> [Double]) throws -> CoordinatePass {
        var generator = SplitMix(state: seed)
        let columns = (0..<Self.coordinates).map { _ in series(&generator) }
        return try ProcessReferenceTests.pass(columns, sections: Self.sections)
    }

    private func reference(_ pass: CoordinatePass, epsilon: Double = 0) throws -> [ProcessReference.Knowledge: [Double]] {
        try ProcessUpdateReference(
            beta1: 0.9, beta2: Self.beta2, epsilon: epsilon, ingredients: pass.ingredients, autocorrelation: pass.meanAutocorrelation,
            stepCount: Self.steps, steps: Self.sections, threads: 2
        ).secondMoments.mapValues { try $0.map { try #require($0) } }
    }

    private func ratios(_ pass: CoordinatePass, _ moments: [Double]) -> [Double] {
        zip(pass.rates.sections, moments).map { $1 / $0.updateSecondMoment! }
    }

    /// Independent normal gradients: all laws say the same, that of stretches but for the noise of its scales.
    @Test func nothingToKnow() throws {
        let pass = try pass(101) { NormalSeries.next(Self.steps, &$0) }
        for (knowledge, moments) in try reference(pass) {
            for ratio in ratios(pass, moments) { #expect(abs(ratio - 1) < 0.08, "\(knowledge) \(ratio)") }
        }
    }

    @Test func autocorrelation() throws {
        let pass = try pass(102) { generator in
            var x = NormalSeries.normal(&generator)
            return (0..<Self.steps).map { _ in
                defer { x = 0.8 * x + 0.6 * NormalSeries.normal(&generator) }
                return x
            }
        }
        let made = try reference(pass)
        // The estimate of r is too small by about (1+3r)/T.
        for ratio in ratios(pass, made[.autocorrelation]!) { #expect(abs(ratio - 1) < 0.1, "\(ratio)") }
        for ratio in ratios(pass, made[.marginal]!).dropFirst() { #expect(ratio < 0.5, "\(ratio)") }
    }

    /// Rare large values at any step, zeros among them: the marginal law knows them, also which coordinates have not moved.
    @Test(arguments: [0.0, 0.1]) func marginal(epsilon: Double) throws {
        let pass = try pass(103) { generator in
            NormalSeries.next(Self.steps, &generator).map { value -> Double in
                let uniform = generator.uniform()
                return uniform < 0.5 ? 0 : uniform < 0.6 ? 6 * value : value
            }
        }
        // The observed sections are at ε = 0.
        let found = try reference(pass, epsilon: epsilon)[.marginal]!
        if epsilon == 0 {
            for ratio in ratios(pass, found) { #expect(abs(ratio - 1) < 0.08, "\(ratio)") }
        } else {
            #expect(zip(found, try reference(pass)[.marginal]!).allSatisfy { $0 < $1 })
        }
    }

    /// All coordinates grow and fall alike, fast against the averages.
    @Test func commonScales() throws {
        let pass = try pass(104) { generator in
            NormalSeries.next(Self.steps, &generator).enumerated().map { step, value -> Double in value * [1, 8, 0.5, 2][step / 50] }
        }
        let made = try reference(pass)
        for knowledge in [ProcessReference.Knowledge.commonScales, .ownScales] {
            for ratio in ratios(pass, made[knowledge]!) { #expect(abs(ratio - 1) < 0.1, "\(knowledge) \(ratio)") }
        }
    }
}
