import Distributions
import Foundation
import TestSupport
import Testing
import Theory

@Suite struct InterpolatedRateLawTests {
    /// Coefficients are dropped at 1e-11 of the density, or 1e-14 of the inverse relative width for narrow laws (3e-11 here at
    /// most), and a few dozen of them may add up; the law itself is good to 1e-12.
    static let densityTolerance = 1e-9
    /// The density's error times a mass of 1 at most; the tails are exact.
    static let distributionTolerance = 1e-11

    /// Each against the law itself, at quantiles that are no nodes, out to where the tails take over.
    @Test(arguments: [0, 0.9, 0.99, 0.999], [0, 0.1, 1, 10])
    func agreesWithTheLaw(beta2: Double, mean: Double) throws {
        for step in [1, 2, 3, 5, 20, 300, 6000] {
            for epsilon in [0, 0.3] {
                let law = try AdaptiveRateLaw(beta2: beta2, mean: mean, epsilon: epsilon, step: step)
                let fast = InterpolatedRateLaw(law)
                let degree = try #require(fast.degree, "t = \(step)")
                #expect(degree <= 128)
                for probability in [1e-14, 1e-8, 1e-4, 0.013, 0.2, 0.5, 0.77, 0.95, 0.9991, 1 - 1e-7, 1 - 1e-12] {
                    let psi = try law.quantile(probability)
                    #expect(relativeError(fast.density(at: psi), law.density(at: psi)) < Self.densityTolerance, "\(step) \(psi)")
                    #expect(abs(fast.distribution(at: psi) - law.distribution(at: psi)) < Self.distributionTolerance, "\(step) \(psi)")
                }
            }
        }
    }

    /// At t = 1 the law is known in closed form: 1/ψ = |N(μ, 1)| + ε.
    @Test(arguments: [0, 1, 10], [0, 0.3])
    func oneStepIsTheFoldedNormal(mean: Double, epsilon: Double) throws {
        let law = InterpolatedRateLaw(try AdaptiveRateLaw(beta2: 0.999, mean: mean, epsilon: epsilon, step: 1))
        for root in [1e-6, 0.01, 0.5, 1, 3, 9, 10, 11.5] {
            let psi = 1 / (root + epsilon)
            // What is left of the root after rounding ψ.
            let kept = 1 / psi - epsilon
            let normal = { (x: Double) in exp(-(x - mean) * (x - mean) / 2) / (2 * Double.pi).squareRoot() }
            let density = (normal(kept) + normal(-kept)) / (psi * psi)
            if density > 1e-290 { #expect(relativeError(law.density(at: psi), density) < Self.densityTolerance, "\(root)") }
            let tail = { (x: Double) in 0.5 * erfc(x * 0.5.squareRoot()) }
            let distribution = tail(kept - mean) + tail(kept + mean)
            #expect(abs(law.distribution(at: psi) - distribution) < Self.distributionTolerance, "\(root)")
        }
    }

    /// Where the interpolant ends, nothing jumps and the distribution function still rises.
    @Test(arguments: [(0.999, 0.0, 5), (0.9, 1, 100), (0, 0, 1)])
    func isMonotone(beta2: Double, mean: Double, step: Int) throws {
        let law = InterpolatedRateLaw(try AdaptiveRateLaw(beta2: beta2, mean: mean, step: step))
        let (low, high) = (log(try law.law.quantile(1e-13)), log(try law.law.quantile(1 - 1e-13)))
        var previous = 0.0
        for index in 0...2000 {
            let value = law.distribution(at: exp(low + (high - low) * Double(index) / 2000))
            #expect(value >= previous - 4e-15)
            previous = value
        }
    }

    /// The largest means: at μ = 1e6 the deviation of v̂ is 6e-8 of it, and the rounding of ψ and of the exponent s v + K(s), the
    /// difference of numbers near 1e8, shows. The law is nearly normal: its skewness is below 3/μ.
    @Test func narrowLaws() throws {
        for (mean, tolerance) in [(1e3, 1e-8), (1e6, 1e-5)] {
            let law = try AdaptiveRateLaw(beta2: 0.999, mean: mean, step: 6000)
            let fast = InterpolatedRateLaw(law)
            #expect(fast.degree != nil)
            let (center, deviation) = (law.secondMoment.mean, law.secondMoment.variance.squareRoot())
            for z in [-4.0, -1, 0, 2, 5] {
                let normal = exp(-z * z / 2) / (2 * Double.pi).squareRoot() / deviation
                let density = law.secondMoment.density(at: center + z * deviation)
                // 1 + skewness (z³-3z)/6.
                #expect(relativeError(density, normal) < 3 / mean * (1 + abs(z * z * z - 3 * z)) / 6 + tolerance, "\(mean) \(z)")
            }
            for probability in [0.01, 0.5, 0.9] {
                let psi = try law.quantile(probability)
                #expect(relativeError(fast.density(at: psi), law.density(at: psi)) < tolerance)
                #expect(abs(fast.distribution(at: psi) - probability) < tolerance)
            }
        }
    }

    @Test func domain() throws {
        let law = InterpolatedRateLaw(try AdaptiveRateLaw(beta2: 0.9, mean: 0, epsilon: 0.5, step: 3))
        #expect(law.density(at: 2) == 0 && law.density(at: 0) == 0 && law.density(at: -1) == 0 && law.density(at: 3) == 0)
        #expect(law.distribution(at: 2) == 1 && law.distribution(at: 0) == 0 && law.distribution(at: .infinity) == 1)
        #expect(law.density(at: .nan).isNaN && law.distribution(at: .nan).isNaN)
    }
}
