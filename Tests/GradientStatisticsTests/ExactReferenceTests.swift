import Errors
import Foundation
import TestSupport
import Testing
import Theory

@testable import GradientStatistics

/// What the report compares recorded gradients with.
@Suite struct ExactReferenceTests {
    private func reference(_ means: [Double], epsilon: Double = 0, beta2: Double = 0.99, total: Int = 500, steps: [Int]) throws -> [ExactReference.Moments] {
        try ExactReference(beta2: beta2, epsilon: epsilon, meansOverDeviation: means, stepCount: total, steps: steps).moments
    }

    /// Without groups it is the plain average over coordinates, in units of their root mean squares; with them it is near it.
    @Test func isTheAverageOverCoordinates() throws {
        let steps = [1, 2, 3, 50, 500]
        let few = [0.1, 0.5, 2]
        let law = try ExactLaw(beta2: 0.99, means: few).moments(at: steps)
        let sizes = few.map { 1 + $0 * $0 }
        let moments = try reference(few, steps: steps)
        #expect(moments[0].variance == .infinity && moments[0].mean == .infinity)
        #expect(moments[1].variance == .infinity && moments[1].mean.isFinite && moments[1].normalization < 1)
        let exact = try SelfNormalizedLaw(beta2: 0.99, stepCount: 500).moments(at: steps)
        let whole = try ExactLaw(beta2: 0.99, means: [0]).moments(at: steps)[0]
        for step in 2..<steps.count {
            let means = zip(sizes, law).map { 1 + ($0.squareRoot() * $1[step].mean - 1) * (exact[step].mean - 1) / (whole[step].mean - 1) }
            let mean = means.reduce(0, +) / 3
            let variance = zip(sizes, law).map { $0 * $1[step].variance }.reduce(0, +) / 3 * moments[step].normalization
            let between = means.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 3
            #expect(relativeError(moments[step].mean, mean) < 1e-13)
            #expect(relativeError(moments[step].variance, variance) < 1e-13)
            #expect(relativeError(moments[step].mixtureVariance, variance + between) < 1e-12)
        }
        // 1000 values in [0, 1): groups are 1/64 wide, and the law's curvature there is of order 1, so (1/64)²/24 ≈ 1e-5.
        let many = (0..<1000).map { Double($0) / 1000 }
        let all = try ExactLaw(beta2: 0.99, means: many).moments(at: [50])
        let grouped = try reference(many, steps: [50])[0]
        let variance = zip(many, all).map { (1 + $0 * $0) * $1[0].variance }.reduce(0, +) / 1000 * grouped.normalization
        #expect(relativeError(grouped.variance, variance) < 1e-4 && grouped.variance != variance)
    }

    /// At μ = 0 and ε = 0 the law is exact; the division takes nearly all of the variance of the last steps.
    @Test func isExactAtMeanZero() throws {
        let steps = [3, 10, 399, 400]
        let law = try SelfNormalizedLaw(beta2: 0.999, stepCount: 400).moments(at: steps)
        for means in [[], [0, 0]] as [[Double]] {
            let moments = try reference(means, beta2: 0.999, total: 400, steps: steps)
            for (one, exact) in zip(moments, law) {
                #expect(one.varianceAtZero == exact.variance && one.meanAtZero == exact.mean)
                #expect(relativeError(one.variance, exact.variance) < 1e-13 && relativeError(one.mean, exact.mean) < 1e-13)
            }
        }
        // 1/77 of the law of ψ_t.
        let exact = try ExactLaw(beta2: 0.999, means: [0]).moments(at: [400])[0][0].variance
        #expect(law[3].variance < exact / 60)
        #expect(try reference([0.3], total: 2, steps: [1, 2]).isEmpty)
    }

    /// Means and ε are approximate: against a simulation of 40,000 coordinates of 50 steps within 1.5% and four standard errors of a
    /// variance, √((κ-1)/n) with the sample's own κ.
    @Test(arguments: [(0.0, 0.0), (0.4, 0.0), (1.0, 0.0), (0.4, 0.3), (0.0, 1.0)]) func approximationsHold(mean: Double, epsilon: Double) throws {
        let (total, count) = (50, 40_000)
        let steps = [10, 25, 45]
        var generator = SplitMix(state: 71)
        let rates = (0..<count).map { _ -> [Double] in
            let series = NormalSeries.next(total, mean: mean, &generator)
            let scale = (series.reduce(0) { $0 + $1 * $1 } / Double(total)).squareRoot()
            return NormalSeries.rates(of: series, scale: scale, beta2: 0.99, epsilon: epsilon, at: steps)
        }
        let moments = try reference([mean], epsilon: epsilon, total: total, steps: steps)
        for index in steps.indices {
            let sample = rates.map { $0[index] }
            let centre = sample.reduce(0, +) / Double(count)
            let (second, fourth) = sample.reduce((0.0, 0.0)) { sums, value in
                let square = (value - centre) * (value - centre)
                return (sums.0 + square, sums.1 + square * square)
            }
            let variance = second / Double(count)
            let relativeStandardError = ((fourth / Double(count) / (variance * variance) - 1) / Double(count)).squareRoot()
            #expect(abs(variance / moments[index].variance - 1) < 0.015 + 4 * relativeStandardError, "\(steps[index])")
            // E[R] - 1 is 3/8 of the variance of v̂, and right to as much; the mean's standard error is √(Var/n).
            #expect(abs(centre - moments[index].mean) < 0.05 * abs(moments[index].mean - 1 / (1 + epsilon)) + 4 * (variance / Double(count)).squareRoot())
        }
    }
}

/// Normal numbers for tests, by Box and Muller.
enum NormalSeries {
    static func next(_ count: Int, mean: Double = 0, _ generator: inout SplitMix) -> [Double] {
        (0..<count).map { _ in mean + normal(&generator) }
    }

    static func normal(_ generator: inout SplitMix) -> Double {
        let radius = (-2 * log(Double.random(in: Double.leastNormalMagnitude..<1, using: &generator))).squareRoot()
        return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator))
    }

    /// ψ_t of a series by its definition.
    static func rates(of series: [Double], scale: Double, beta2: Double, epsilon: Double, at steps: [Int]) -> [Double] {
        var (v, result) = (0.0, [Double]())
        for (step, value) in zip(1..., series) {
            v = beta2 * v + (1 - beta2) * (value / scale) * (value / scale)
            if steps.contains(step) { result.append(1 / ((v / (1 - pow(beta2, Double(step)))).squareRoot() + epsilon)) }
        }
        return result
    }
}
