import TestSupport
import Testing
import Theory

@testable import GradientStatistics

/// The scales of stretches and the division by a root mean square in the first order, against sums by their definitions.
@Suite struct StretchScalesTests {
    /// 100 normal gradients of scale 1 in each stretch but for the factor of their stretch.
    static func meanSquares(_ factors: [Double], length: Int = 25, _ generator: inout SplitMix) -> [Double] {
        factors.map { factor in
            factor * NormalSeries.next(length, &generator).reduce(0) { $0 + $1 * $1 } / Double(length)
        }
    }

    /// λ has the mean 0.1 for so many stretches of noise, since it is never negative; 400 coordinates.
    @Test func noiseIsNoScale() throws {
        var generator = SplitMix(state: 71)
        let shrinkages = try (0..<400).map { _ in
            try #require(StretchScales(meanSquares: Self.meanSquares(Array(repeating: 1, count: 20), &generator), steps: 500, valuesPerStep: 1)).shrinkage
        }
        let mean = shrinkages.reduce(0, +) / 400
        #expect(mean > 0.05 && mean < 0.16, "\(mean)")
        #expect(shrinkages.allSatisfy { $0 >= 0 && $0 < 0.8 })
    }

    /// Scales that differ by more than noise stay, by their size, and have the mean square 1.
    @Test func scalesStay() throws {
        var generator = SplitMix(state: 72)
        let factors = (0..<20).map { $0 < 4 ? 1e-3 : 1 + Double($0 % 3) }
        let scales = try #require(StretchScales(meanSquares: Self.meanSquares(factors, &generator), steps: 500, valuesPerStep: 1))
        #expect(scales.shrinkage > 0.97 && scales.values.count == 500)
        #expect(abs(scales.values.reduce(0) { $0 + $1 * $1 } / 500 - 1) < 1e-14)
        let whole = factors.reduce(0, +) / 20
        for (index, factor) in factors.enumerated() {
            // A root mean square of 25 has a deviation of 1/7; four of them, and what λ takes.
            let ratio = scales.values[25 * index + 12] / (factor / whole).squareRoot()
            #expect(ratio > 0.5 && ratio < 1.8, "\(index) \(ratio)")
        }
    }

    @Test func edges() throws {
        let equal = try #require(StretchScales(meanSquares: [2, 2, 2, 2], steps: 103, valuesPerStep: 1))
        #expect(equal.shrinkage == 0 && equal.values.count == 103 && equal.values.allSatisfy { abs($0 - 1) < 1e-15 })
        #expect(StretchScales(meanSquares: [1, 1, 1], steps: 99, valuesPerStep: 1) == nil)
        #expect(StretchScales(meanSquares: [0, 0, 0, 0], steps: 100, valuesPerStep: 1) == nil)
        let single = try #require(StretchScales(meanSquares: [0, 0, 0, 1], steps: 100, valuesPerStep: 1))
        #expect(single.values[74] == 1e-50 && abs(single.values[75] - 2) < 1e-15)
        let silent = try #require(StretchScales(meanSquares: [0, 1, 1, 1], steps: 100, valuesPerStep: 1))
        #expect(silent.values[0] == 1e-50 && abs(silent.values[50] - (4.0 / 3).squareRoot()) < 1e-15)
        #expect(StretchScales.bounds(steps: 110).map(\.count) == [27, 28, 27, 28])
    }

    @Test(arguments: [0.0, -0.6, 0.95], [false, true]) func factorIsTheDoubleSum(autocorrelation: Double, isScaled: Bool) throws {
        let steps = 40
        let average = try ExponentialAverage(beta2: 0.9)
        let scales = (0..<steps).map { isScaled ? 0.2 + Double($0 * 7 % 5) : 1 }
        let weights = RelativeWeights(
            average: average, stepCount: steps, scales: isScaled ? scales : nil, autocorrelation: autocorrelation)
        for step in [1, 7, 40] {
            var a = (0..<steps).map { index in
                var weight = index < step ? scales[index] * scales[index] : 0
                for _ in 0..<max(0, step - 1 - index) { weight *= 0.9 }
                return weight
            }
            let total = a.reduce(0, +), whole = scales.reduce(0) { $0 + $1 * $1 }
            a = a.map { $0 / total }
            let both = zip(a, scales).map { $0 - $1 * $1 / whole }
            func form(_ c: [Double]) -> Double {
                var sum = 0.0
                for i in 0..<steps {
                    for j in 0..<steps {
                        var power = 1.0
                        for _ in 0..<abs(i - j) { power *= autocorrelation * autocorrelation }
                        sum += c[i] * c[j] * power
                    }
                }
                return sum
            }
            let factor = weights.factor(at: step)
            #expect(abs(factor - min(1, form(both) / form(a))) < 1e-13, "\(step)")
            if autocorrelation == 0, !isScaled {
                #expect(abs(factor - (1 - average.satterthwaite(at: step) / Double(steps))) < 1e-13)
            }
        }
    }
}
