import Distributions
import Errors
import Foundation
import TestSupport
import Testing
import Theory

@Suite struct UpdateDistributionDomainTests {
    /// At t = 1 and ε = 0 the update is a sign: two atoms, no density.
    @Test func sign() throws {
        for law in [try UpdateLaw(beta1: 0.9, beta2: 0.999, mean: 0.3, step: 1), try UpdateLaw(beta1: 0, beta2: 0, mean: 0.3, step: 7)] {
            let distribution = UpdateDistribution(law)
            let negative = 0.5 * erfc(0.3 / 2.0.squareRoot())
            for (x, lower) in [(-2, 0), (-1.0000001, 0), (-1, negative), (0, negative), (0.999, negative), (1, 1), (3, 1)] {
                let values = distribution.values(at: x)
                #expect(abs(values.lower - lower) < 1e-15 && abs(values.upper - (1 - lower)) < 1e-15 && values.density == nil, "x = \(x)")
            }
            #expect(distribution.valuesOfSize(at: 0.99).upper == 1 && distribution.valuesOfSize(at: 1).upper == 0)
            for p in [0, 0.5, 1] { #expect(try distribution.quantileOfSize(p) == 1) }
        }
    }

    @Test func ends() throws {
        let law = UpdateDistribution(try UpdateLaw(beta1: 0.9, beta2: 0.95, mean: 0.3, step: 30))
        let largest = law.law.largest
        for x in [largest, largest * 2, 1e300, .infinity] {
            let (above, below) = (law.values(at: x), law.values(at: -x))
            #expect(above.lower == 1 && above.upper == 0 && above.density == 0 && law.valuesOfSize(at: x) == above)
            #expect(below.lower == 0 && below.upper == 1 && below.density == 0)
        }
        #expect(law.valuesOfSize(at: -0.1) == law.values(at: -largest))
        #expect(law.values(at: .nan).lower.isNaN && law.valuesOfSize(at: .nan).upper.isNaN)
        #expect(try law.quantileOfSize(0) == 0 && law.quantileOfSize(1) == largest)
        for bad in [-0.1, 1.1, Double.nan, .infinity] { #expect(throws: ParameterError.self) { try law.quantileOfSize(bad) } }
        // At 0: the probability of the wrong sign, and a density that both sides share.
        #expect(abs(law.values(at: 0).lower - law.law.wrongSignProbability!) < 1e-15)
        #expect(relativeError(law.values(at: 0).density!, law.values(at: -1e-9).density!) < 1e-7)
        #expect(law.valuesOfSize(at: 0).lower == 0 && relativeError(law.valuesOfSize(at: 1e-200).lower, 2e-200 * law.values(at: 0).density!) < 1e-12)
    }

    /// Where β2 = 0 < β1 there is no largest update and no second moment: P(|u| > x) falls as 1/x.
    @Test func withoutBound() throws {
        let law = UpdateDistribution(try UpdateLaw(beta1: 0.5, beta2: 0, step: 5))
        #expect(relativeError(law.valuesOfSize(at: 1e8).upper * 1e8, law.valuesOfSize(at: 1e10).upper * 1e10) < 1e-6)
        #expect(relativeError(law.valuesOfSize(at: try law.quantileOfSize(1 - 1e-9)).upper, 1e-9) < 1e-6)
    }

    /// u has the scale 1/ε where ε is large: u ε → m̂.
    @Test func largeEpsilon() throws {
        let law = UpdateDistribution(try UpdateLaw(beta1: 0.9, beta2: 0.999, mean: 1, epsilon: 1e100, step: 10))
        let deviation = law.law.terms.momentumVariance.squareRoot()
        for y in [-0.3, 0.4, 1, 1.7] {
            #expect(abs(law.values(at: y * 1e-100).upper - 0.5 * erfc((y - 1) / deviation / 2.0.squareRoot())) < 1e-13)
        }
    }

    /// Where |μ| is large, u is near 1 and normal: the last digits of x matter, and a probability is as good as they let it be.
    @Test func largeMean() throws {
        for mean in [1e3, 1e6] {
            let law = UpdateDistribution(try UpdateLaw(beta1: 0.9, beta2: 0.999, mean: mean, step: 100))
            let moments = law.law.moments()
            let deviation = moments.variance.squareRoot()
            for z in [-3, -1, 0, 0.5, 2.0] {
                let x = moments.mean! + z * deviation
                // Skewness and what else is of the order 1/μ.
                #expect(abs(law.values(at: x).lower - 0.5 * erfc(-z / 2.0.squareRoot())) < 1 / mean)
                let density = exp(-z * z / 2) / (deviation * (2 * Double.pi).squareRoot())
                #expect(relativeError(law.values(at: x).density!, density) < 10 / mean)
            }
            let quantile = try law.quantileOfSize(0.3)
            #expect(abs(law.valuesOfSize(at: quantile).lower - 0.3) < 1e-15 * mean + 1e-13)
        }
    }

    /// Whatever the parameters: tails between 0 and 1 that add up to 1 and fall, densities that are not negative, all within a bounded time.
    @Test func isALawForRandomParameters() throws {
        var generator = SplitMix(state: 5)
        func pick<T>(_ values: [T]) -> T { values[Int(generator.next() % UInt64(values.count))] }
        for _ in 0..<100 {
            let beta1 = pick([0, 0.9, generator.uniform(), 1 - pow(10, -6 * generator.uniform())])
            let beta2 = pick([0, 0.999, generator.uniform(), 1 - pow(10, -9 * generator.uniform()), pow(10, -12 * generator.uniform())])
            let mean = pick([0, 0.1, generator.uniform() * 5, -pow(10, 6 * generator.uniform()), pow(10, -8 * generator.uniform())])
            let epsilon = pick([0, 1e-8, generator.uniform(), pow(10, 100 * generator.uniform()), pow(10, -12 * generator.uniform())])
            let law = try UpdateLaw(beta1: beta1, beta2: beta2, mean: mean, epsilon: epsilon, step: pick([1, 2, 3, 8, 100, 10_000, 1_000_000_000]))
            let distribution = UpdateDistribution(law)
            let context = Comment(rawValue: "\(beta1), \(beta2), μ = \(mean), ε = \(epsilon), t = \(law.step)")
            let quantiles = try [0.01, 0.5, 0.9, 0.99].map { try distribution.quantileOfSize($0) }
            var previous = (lower: 0.0, upper: 1.0)
            for x in ([0] + quantiles + [quantiles[3] * 2]).sorted() {
                let values = distribution.valuesOfSize(at: x)
                #expect(values.lower >= previous.lower - 1e-9 && values.upper <= previous.upper + 1e-9, context)
                #expect(values.lower >= 0 && values.lower <= 1 && values.upper >= 0 && values.upper <= 1, context)
                // The last digits of μ tell at a large one.
                #expect(abs(values.lower + values.upper - 1) < 1e-14 + 1e-16 * abs(mean), context)
                #expect(values.density.map { $0 >= 0 } ?? true, context)
                previous = (values.lower, values.upper)
                // Where u is a sign, u = -x has a probability.
                if values.density != nil { #expect(distribution.values(at: -x).lower <= values.upper + 1e-9, context) }
            }
        }
    }
}
