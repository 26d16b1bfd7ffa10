import Distributions
import Errors
import Foundation
import TestSupport
import Testing
import Theory

@Suite struct SecondMomentLawTests {
    /// The contour integral stops when halving its spacing changes it by less than 1e-11, which leaves less than that; a
    /// thousand terms of the transform are rounded to 1e-13 together.
    static let tolerance = 1e-11

    @Test func agreesWithReference() throws {
        for row in try ReferenceTable("second_moment_law").rows {
            let law = try SecondMomentLaw(beta2: row["beta2"]!, mean: row["mu"]!, step: Int(row["t"]!))
            let v = row["v"]!
            let tails = law.tails(at: v)
            #expect(relativeError(law.density(at: v), row["density"]!) < Self.tolerance, "\(row)")
            #expect(relativeError(tails.lower, row["distribution"]!) < Self.tolerance, "\(row)")
            #expect(relativeError(tails.upper, row["upper_tail"]!) < Self.tolerance, "\(row)")
        }
    }

    /// Where the weights are as different as β2 is small, and the gradients have a mean: a path past the second weight's
    /// singularity came out at -1522.8 for 4.5e-4. At |μ| near 1e6 v̂ itself is rounded to 1e-10 of its deviation; the reference is at
    /// the rounded v.
    @Test func unequalWeightsAgreeWithReference() throws {
        for row in try ReferenceTable("second_moment_unequal").rows {
            let law = try SecondMomentLaw(beta2: row["beta2"]!, mean: row["mu"]!, step: Int(row["t"]!))
            let v = row["v"]!
            let tails = law.tails(at: v)
            #expect(relativeError(law.density(at: v), row["density"]!) < Self.tolerance, "\(row)")
            #expect(relativeError(tails.lower, row["lower_tail"]!) < Self.tolerance, "\(row)")
            #expect(relativeError(tails.upper, row["upper_tail"]!) < Self.tolerance, "\(row)")
        }
    }

    /// The value that the program printed wrongly, at ψ = 3.7958.
    @Test func densityBesideTheSecondWeight() throws {
        let law = try AdaptiveRateLaw(beta2: 0.0005, mean: 3.2, step: 2)
        #expect(relativeError(law.density(at: 3.7958), 4.50134001501927e-4) < 1e-12)
    }

    /// Whatever the parameters: densities are not negative, the distribution function rises from 0 to 1, and between two points it
    /// rises by the density's integral (Simpson's rule over a twentieth of the deviation: 1e-7 of it).
    @Test func isALawForRandomParameters() throws {
        var generator = SplitMix(state: 3)
        for _ in 0..<60 {
            let beta2 = [0, pow(10, -300 * generator.uniform()), pow(10, -6 * generator.uniform()), generator.uniform(),
                1 - pow(10, -2 * generator.uniform())].randomElement(using: &generator)!
            let mean = [0, generator.uniform() * 10, pow(10, -3 + 9 * generator.uniform())].randomElement(using: &generator)!
            let step = [1, 2, 3, 7, 20, 50, 1_000_000_000_000_000_000].randomElement(using: &generator)!
            guard beta2 < 1 else { continue }
            let law = try SecondMomentLaw(beta2: beta2, mean: mean, step: step)
            let deviation = law.variance.squareRoot()
            let context = Comment(rawValue: "β2 = \(beta2), μ = \(mean), t = \(step)")
            var previous = 0.0
            for position in stride(from: -8.0, through: 8, by: 2) {
                let v = position < 0 ? law.mean * exp(position * deviation / law.mean) : law.mean + position * deviation
                let (density, tails) = (law.density(at: v), law.tails(at: v))
                #expect(density >= 0 && density.isFinite, context)
                #expect(tails.lower >= previous * (1 - 1e-11) && tails.lower <= 1 && tails.upper >= 0, context)
                #expect(abs(tails.lower + tails.upper - 1) < 1e-15, context)
                previous = tails.lower
            }
            let v = law.mean + (2 * generator.uniform() - 1) * min(deviation, law.mean / 2)
            let width = min(0.05 * deviation, 0.05 * v)
            let mass = (law.density(at: v - width) + 4 * law.density(at: v) + law.density(at: v + width)) * width / 3
            let rise = law.distribution(at: v + width) - law.distribution(at: v - width)
            // The rounding of v beside the width shows for the narrowest laws.
            #expect(abs(rise - mass) < 1e-4 * mass + 1e-12 + 8 * law.mean * .ulpOfOne * law.density(at: v), context)
        }
    }

    /// What doubles cannot tell apart is refused with the limit, and what they can is a law up to it: at ε = 1e8 the last digits of
    /// 1/ψ are those of √v̂.
    @Test func limits() throws {
        #expect { try SecondMomentLaw(beta2: 1 - 0x1p-53, mean: 1e6, step: .max) } throws: { ($0 as? ParameterError)?.parameter == .mu }
        _ = try SecondMomentLaw(beta2: 1 - 0x1p-53, mean: 1, step: .max)
        for epsilon in [1.1e8, 1e300, .infinity, .nan] {
            #expect { try AdaptiveRateLaw(beta2: 0.9, mean: 0, epsilon: epsilon, step: 2) } throws: {
                ($0 as? ParameterError)?.parameter == .epsilon
            }
        }
        let (with, without) = (try AdaptiveRateLaw(beta2: 0.9, mean: 0, epsilon: 1e8, step: 3), try AdaptiveRateLaw(beta2: 0.9, mean: 0, step: 3))
        for root in [0.3, 0.9, 1.7] {
            let psi = 1 / (1e8 + root)
            // What is left of the root in the rounded ψ, by 1/ψ - ε with the quotient's remainder.
            let quotient = 1 / psi
            let kept = (quotient - 1e8) + (1.0).addingProduct(-psi, quotient) / psi
            #expect(abs(kept - root) < 3e-8)
            #expect(relativeError(with.distribution(at: psi), without.secondMoment.tails(at: kept * kept).upper) < 1e-12)
        }
    }

    /// Tiny probabilities: far down each term counts that lifts the law's power.
    @Test func lowestTail() throws {
        // P(v̂ ≤ v) → (2v)^{n/2} / (2^{n/2} 2^{n/2} Γ(n/2+1) Π √w): all n terms for v below all weights.
        for (beta2, step) in [(1e-10, 3), (1e-10, 5), (0.01, 6), (0.1, 8)] {
            let law = try SecondMomentLaw(beta2: beta2, mean: 0, step: step)
            let n = Double(step)
            let correction = (1 - beta2) / (1 - pow(beta2, n))
            let smallest = correction * pow(beta2, n - 1)
            let v = smallest * 1e-9
            let logWeights = n * log(correction) + n * (n - 1) / 2 * log(beta2)
            let expected = exp(n / 2 * log(v / 2) - lgamma(n / 2 + 1) - logWeights / 2)
            #expect(expected > 1e-300 && relativeError(law.tails(at: v).lower, expected) < 1e-8, "β2 = \(beta2), t = \(step)")
        }
    }

    /// An independent method by other hands, to the accuracy that it states; relative to 1, as that is.
    @Test func agreesWithRubensSeriesAndImhofsIntegral() throws {
        for row in try ReferenceTable("second_moment_oracle").rows {
            let law = try SecondMomentLaw(beta2: row["beta2"]!, mean: row["mu"]!, step: Int(row["t"]!))
            #expect(abs(law.distribution(at: row["v"]!) - row["distribution"]!) <= row["accuracy"]!, "\(row)")
        }
    }

    /// At β2 → 1 all weights are equal, and v̂ is χ²_t/t; the weights differ by t(1-β2), the tails by that much at most.
    @Test func equalWeightsAreChiSquare() throws {
        let law = try SecondMomentLaw(beta2: 1 - 1e-14, mean: 0, step: 7)
        let chi = try ScaledInverseChiSquare(degreesOfFreedom: 7)
        for v in [0.05, 0.4, 1, 2, 5] {
            #expect(relativeError(law.tails(at: v).upper, chi.distribution(at: 1 / v)) < 1e-11)
        }
    }

    /// Moments of ψ by integrating the density are those of the exact law, which knows nothing of it.
    @Test(arguments: [(0.9, 0.0, 0.0, 8), (0.999, 1, 0, 30), (0.999, 0, 0.1, 2), (0.9999, 10, 0, 500), (0.999, 0, 0, 6000)])
    func densityGivesTheMomentsOfTheExactLaw(beta2: Double, mean: Double, epsilon: Double, step: Int) throws {
        let law = try AdaptiveRateLaw(beta2: beta2, mean: mean, epsilon: epsilon, step: step)
        let expected = try ExactLaw(beta2: beta2, means: [mean], epsilon: epsilon).moments(at: [step])[0][0]
        // Trapezoid rule in ln v between the points where the tails are below 1e-20.
        let (low, high) = (log(try law.secondMoment.quantile(1e-20)), log(try law.secondMoment.upperQuantile(1e-20)))
        let count = 2000
        let spacing = (high - low) / Double(count)
        var (mass, first, second) = (0.0, 0.0, 0.0)
        for index in 0...count {
            let v = exp(low + Double(index) * spacing)
            let weight = law.secondMoment.density(at: v) * v * spacing
            let distance = 1 / (v.squareRoot() + epsilon) - expected.mean
            mass += weight
            first += weight * distance
            second += weight * distance * distance
        }
        #expect(abs(mass - 1) < 1e-9)
        #expect(abs(first) < 1e-8 * expected.mean)
        #expect(relativeError(second, expected.variance) < 1e-6)
    }

    @Test(arguments: [(0.9, 0.0, 1), (0.999, 0, 5), (0.999, 10, 1000), (0.999999, 1, 100_000)])
    func quantileInvertsTheTails(beta2: Double, mean: Double, step: Int) throws {
        let law = try SecondMomentLaw(beta2: beta2, mean: mean, step: step)
        for probability in [1e-12, 0.01, 0.4, 0.6, 0.999] {
            #expect(relativeError(law.distribution(at: try law.quantile(probability)), probability) < 1e-9)
            #expect(relativeError(law.tails(at: try law.upperQuantile(probability)).upper, probability) < 1e-9)
        }
    }

    /// The search for the upper tail ends for every probability, down to the smallest double.
    @Test func quantileOfTheSmallestProbability() throws {
        for (beta2, mean, step) in [(1e-8, 4.0, 1000), (0.999, 0, 5)] {
            let law = try SecondMomentLaw(beta2: beta2, mean: mean, step: step)
            let v = try law.upperQuantile(.leastNonzeroMagnitude)
            let nearer = try law.upperQuantile(1e-300)
            #expect(v.isFinite && law.tails(at: v).upper < 1e-307 && v > nearer)
        }
    }

    @Test func domain() throws {
        let law = try SecondMomentLaw(beta2: 0.9, mean: 0, step: 3)
        #expect(law.density(at: 0) == 0 && law.density(at: -1) == 0 && law.density(at: .infinity) == 0)
        let average = try SecondMomentLaw(beta2: 0.999, mean: 0, step: 1000)
        for far in [10, 1e8, 1e300] { #expect(average.density(at: far) == 0 && average.tails(at: far) == (1, 0)) }
        for near in [0.01, 1e-4, 1e-100] { #expect(average.density(at: near) == 0 && average.tails(at: near) == (0, 1)) }
        #expect(law.density(at: .nan).isNaN && law.distribution(at: .nan).isNaN)
        #expect(law.distribution(at: -1) == 0 && law.distribution(at: .infinity) == 1)
        #expect(try law.quantile(0) == 0 && law.quantile(1) == .infinity)
        for bad in [-0.1, 1.1, Double.nan] { #expect(throws: ParameterError.self) { try law.quantile(bad) } }
        let rate = try AdaptiveRateLaw(beta2: 0.9, mean: 0, epsilon: 0.5, step: 3)
        #expect(rate.density(at: 2) == 0 && rate.distribution(at: 2) == 1 && rate.distribution(at: 0) == 0)
        #expect(try rate.quantile(1) == 2)
        for bad in [-1, 1, Double.nan] { #expect(throws: ParameterError.self) { try SecondMomentLaw(beta2: bad, mean: 0, step: 1) } }
        for bad in [Double.nan, .infinity, 1e7] { #expect(throws: ParameterError.self) { try SecondMomentLaw(beta2: 0.9, mean: bad, step: 1) } }
        #expect(throws: ParameterError.self) { try SecondMomentLaw(beta2: 0.9, mean: 0, step: 0) }
        #expect(throws: ParameterError.self) { try AdaptiveRateLaw(beta2: 0.9, mean: 0, epsilon: -1, step: 1) }
    }
}
