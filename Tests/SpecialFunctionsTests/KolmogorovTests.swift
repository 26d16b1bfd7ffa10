import Foundation
import SpecialFunctions
import TestSupport
import Testing

@Suite struct KolmogorovTests {
    /// From both series summed in 40-digit arithmetic (mpmath): λ, P(K > λ), P(K ≤ λ).
    @Test(arguments: [
        (0.2, 0.99999999999949495927, 5.0504073386700708632e-13), (0.4, 0.99719232677729826684, 0.0028076732227017331576),
        (0.7, 0.71123519502968917475, 0.28876480497031082525), (0.999, 0.27107316411506394562, 0.72892683588493605438),
        (1.001, 0.26892926629862688286, 0.73107073370137311714), (1.36, 0.049485876755377909939, 0.95051412324462209006),
        (2, 0.00067092525577969534654, 0.99932907474422030465), (5, 3.857499695927835566e-22, 1),
        (15, 7.3877661369745124376e-196, 1),
    ])
    func tails(lambda: Double, upper: Double, lower: Double) {
        // e^{-2λ²} turns an ulp of its exponent into 2λ² of its own.
        let tolerance = 4e-16 * max(2, 2 * lambda * lambda)
        #expect(abs(Kolmogorov.upperTail(at: lambda) / upper - 1) < tolerance)
        #expect(abs(Kolmogorov.lowerTail(at: lambda) / lower - 1) < 4e-14)
    }

    @Test func domain() {
        #expect(Kolmogorov.upperTail(at: 0) == 1 && Kolmogorov.lowerTail(at: 0) == 0 && Kolmogorov.upperTail(at: -1) == 1)
        #expect(Kolmogorov.upperTail(at: .infinity) == 0 && Kolmogorov.lowerTail(at: .infinity) == 1)
        #expect(Kolmogorov.upperTail(at: .nan).isNaN && Kolmogorov.lowerTail(at: .nan).isNaN)
        #expect(Kolmogorov.upperTail(at: 0.01) == 1 && Kolmogorov.lowerTail(at: 0.01) == 0)
    }

    /// The exact law of the distance has these probabilities (scipy.stats.kstwo.isf, SciPy 1.17): n, p, D, and the relative error
    /// of the correction that the documentation states.
    @Test(arguments: [
        (20, 0.5, 0.17734150203326088, 0.06),
        (20, 0.05, 0.2940753144343289, 0.06),
        (20, 0.001, 0.42085118898475915, 0.06),
        (100, 0.5, 0.08114721899006636, 0.021),
        (100, 0.05, 0.13402791648569568, 0.021),
        (100, 0.001, 0.1926841642763391, 0.021),
        (5000, 0.5, 0.011670484881190718, 0.008),
        (5000, 0.05, 0.019172751333714884, 0.008),
        (5000, 0.001, 0.027534707529597892, 0.008),
    ])
    func correctionForSmallSamples(n: Int, p: Double, distance: Double, tolerance: Double) {
        #expect(abs(Kolmogorov.pValue(distance: distance, sampleSize: n) / p - 1) < tolerance)
    }

    @Test func agreesWithReference() throws {
        for row in try ReferenceTable("kolmogorov", in: "SpecialFunctionsTests/Reference").rows {
            let lambda = row["lambda"]!
            // The exponents 2λ² and π²/(8λ²) have roundings of their own.
            let exponent = max(2 * lambda * lambda, 1.3 / (lambda * lambda))
            #expect(relativeError(Kolmogorov.upperTail(at: lambda), row["upper_tail"]!) < 4e-16 * max(2, exponent), "λ = \(lambda)")
            #expect(relativeError(Kolmogorov.lowerTail(at: lambda), row["lower_tail"]!) < 4e-16 * max(2, exponent), "λ = \(lambda)")
        }
    }

    /// One falls from 1 to 0, the other rises, and together they are 1, also across the change of series at 1.
    @Test func tailsAreMonotonicAndComplete() {
        var last = (upper: 1.0, lower: 0.0)
        for index in 1...3000 {
            let lambda = Double(index) / 1000
            let upper = Kolmogorov.upperTail(at: lambda), lower = Kolmogorov.lowerTail(at: lambda)
            #expect(upper <= last.upper && lower >= last.lower, "λ = \(lambda)")
            #expect(upper >= 0 && upper <= 1 && lower >= 0 && lower <= 1)
            #expect(abs(upper + lower - 1) < 3e-16, "λ = \(lambda)")
            last = (upper, lower)
        }
    }

    /// Stephens' correction beside the exact law, at every size from 20 on: 6% of p, 2.1% from n = 100 on.
    @Test func correctionAtEverySize() throws {
        for row in try ReferenceTable("kolmogorov_finite", in: "SpecialFunctionsTests/Reference").rows {
            let n = Int(row["n"]!)
            let p = Kolmogorov.pValue(distance: row["distance"]!, sampleSize: n)
            #expect(relativeError(p, row["probability"]!) < (n < 100 ? 0.06 : n < 5000 ? 0.021 : 0.008), "\(row) \(p)")
        }
    }

    @Test func pValueAtTheEnds() {
        #expect(Kolmogorov.pValue(distance: 0, sampleSize: 1) == 1 && Kolmogorov.pValue(distance: 0, sampleSize: 1_000_000) == 1)
        #expect(Kolmogorov.pValue(distance: 1, sampleSize: 1000) < 1e-300)
        #expect(Kolmogorov.pValue(distance: 1, sampleSize: .max) == 0)
        #expect(Kolmogorov.pValue(distance: .nan, sampleSize: 10).isNaN)
        // A larger distance, or the same in a larger sample, is less likely.
        for n in [1, 2, 10, 1000] {
            #expect(Kolmogorov.pValue(distance: 0.5, sampleSize: n) > Kolmogorov.pValue(distance: 0.6, sampleSize: n))
            #expect(Kolmogorov.pValue(distance: 0.3, sampleSize: n) > Kolmogorov.pValue(distance: 0.3, sampleSize: 2 * n))
        }
    }
}
