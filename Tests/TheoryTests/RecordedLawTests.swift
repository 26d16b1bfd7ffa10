import Foundation
import TestSupport
import Testing
import Theory

/// The marginal law of recorded gradients against sums over their values.
@Suite struct RecordedLawTests {
    private static func values(_ count: Int, seed: UInt64) -> [Double] {
        var generator = SplitMix(state: seed)
        // Heavy tails over many orders of size.
        return (0..<count).map { _ in
            let u = Double.random(in: 0.0001..<0.9999, using: &generator)
            return tan(.pi * (u - 0.5)) * Double.random(in: 0.1..<1, using: &generator)
        }
    }

    private static func moments(_ rates: [Double]) -> (mean: Double, variance: Double) {
        let count = Double(rates.count)
        let average = rates.reduce(0, +) / count
        var squares = 0.0
        for rate in rates { squares += (rate - average) * (rate - average) }
        return (average, squares / count)
    }

    private func law(_ values: [Double], mean: Double = 0, beta2: Double = 0.9, epsilon: Double = 0) throws -> ExactProcessLaw {
        try ExactProcessLaw(beta2: beta2, process: GradientProcess(.recorded, recorded: values, mean: mean), epsilon: epsilon)
    }

    /// Every pair and triple of 40 values: rounding alone.
    @Test(arguments: [0.0, 1e-3, 5])
    func smallTrace(epsilon: Double) throws {
        let values = Self.values(40, seed: 1)
        for mean in [0, 0.3] {
            let squares = values.map { ($0 + mean) * ($0 + mean) }
            let curve = try law(values, mean: mean, epsilon: epsilon).moments(at: [1, 2, 3])
            let two = [1, 0.9].map { $0 / 1.9 }, three = [1, 0.9, 0.81].map { $0 / 2.71 }
            var pairs: [Double] = [], triples: [Double] = []
            for a in squares {
                for b in squares {
                    pairs.append(two[0] * a + two[1] * b)
                    for c in squares { triples.append(three[0] * a + three[1] * b + three[2] * c) }
                }
            }
            let sums = [squares, pairs, triples]
            for (moments, sum) in zip(curve, sums) {
                let (average, variance) = Self.moments(sum.map { 1 / ($0.squareRoot() + epsilon) })
                #expect(relativeError(moments!.mean, average) < 1e-12)
                #expect(relativeError(moments!.variance, variance) < 1e-11)
            }
        }
    }

    /// Many values, most of them replaced by few points.
    @Test(arguments: [0.0, 1e-2])
    func longTrace(epsilon: Double) throws {
        let values = Self.values(200_000, seed: 2)
        let (average, variance) = Self.moments(values.map { 1 / (abs($0) + epsilon) })
        let moments = try law(values, epsilon: epsilon).moments(at: [1])[0]!
        #expect(relativeError(moments.mean, average) < 1e-11 && relativeError(moments.variance, variance) < 1e-9)
    }

    /// In the mean over many steps all that counts of a law is its kurtosis, as for any other law.
    @Test func manySteps() throws {
        let values = Self.values(5000, seed: 3)
        let second = values.reduce(0) { $0 + $1 * $1 } / 5000, fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / 5000
        let limit = try #require(try law(values, beta2: 1 - 1e-9).limit())
        let expected = 0.25 * (fourth / (second * second) - 1) / 2e9 / second
        #expect(relativeError(limit.variance, expected) < 1e-4)
    }

    /// P(g = 0) > 0: ψ has no moment at ε = 0, at any t; with ε it has: at t = 1 the mean over the values.
    @Test func exactZeros() throws {
        let values = [0, 0, 1, -2, 0.5, 1.5]
        for moments in try law(values).moments(at: [1, 5, 4000]) {
            #expect(moments!.mean == .infinity && moments!.meanSquare == .infinity && moments!.variance == .infinity)
        }
        let rates = values.map { 1 / (abs($0) + 1e-8) }
        let moments = try law(values, epsilon: 1e-8).moments(at: [1, 300])
        #expect(relativeError(moments[0]!.mean, rates.reduce(0, +) / 6) < 1e-12)
        #expect(moments[1]!.variance.isFinite && moments[1]!.variance < moments[0]!.variance)
        // Away from 0 by a mean, all is finite.
        #expect(try law(values, mean: 3).moments(at: [1])[0]!.variance.isFinite)
    }

    /// Values of one size: v̂ is that constant.
    @Test func constantSize() throws {
        let curve = try law([2, -2, 2, 2], epsilon: 0).moments(at: [1, 100])
        for moments in curve { #expect(relativeError(moments!.mean, 0.5) < 1e-14 && moments!.variance < 1e-29) }
        // Next to it the variance is what linearisation gives, without cancellation: (δ/8)² Σw².
        let near = try law([2, 2 + 1e-7]).moments(at: [1])[0]!
        #expect(relativeError(near.variance, 0.25 * 1e-14 / 16) < 1e-6)
    }

    /// Rare zeros beside values of one size: φ has zeros next to the real axis.
    @Test func quantisedValues() throws {
        let values = [Double](repeating: 1, count: 9999) + [0.01]
        let moments = try law(values).moments(at: [1, 2])
        let share = 1e-4
        #expect(relativeError(moments[0]!.mean, 1 - share + share * 100) < 1e-12)
        let (low, mixed, other) = (1e-4, 1 / 1.9 + 0.9 / 1.9 * 1e-4, 0.9 / 1.9 + 1e-4 / 1.9)
        let square = (1 - share) * (1 - share) + share * (1 - share) * (1 / mixed + 1 / other) + share * share / low
        #expect(relativeError(moments[1]!.meanSquare, square) < 1e-12)
    }
}
