import Foundation
import TestSupport
import Testing
import Theory

/// Every double from 0 on is an ε.
@Suite struct ExactLawEpsilonTests {
    /// Aimed at are 1e-11. The tail of the smallest ε adds up powers of e whose exponents of up to 1500 are rounded, 2e-13; all
    /// else is right to 2e-13.
    static let tolerance = 5e-13

    /// A rounding to a subnormal number costs half its spacing.
    private func agrees(_ value: Double, _ expected: Double) -> Bool {
        value == expected || abs(value - expected) <= Self.tolerance * expected + .leastNonzeroMagnitude
    }

    @Test func agreesWithReference() throws {
        for row in try ReferenceTable("exact_law_epsilon").rows {
            let law = try ExactLaw(beta2: row["beta2"]!, means: [row["mu"]!], epsilon: row["epsilon"]!)
            let moments = law.moments(at: [Int(row["t"]!)])[0][0]
            #expect(agrees(moments.variance, row["var_psi"]!), "\(moments.variance) \(row)")
            #expect(agrees(moments.mean, row["mean_psi"]!), "\(moments.mean) \(row)")
            #expect(agrees(moments.meanSquare, row["mean_psi_squared"]!), "\(moments.meanSquare) \(row)")
        }
    }

    @Test func agreesWithRandomReference() throws {
        for row in try ReferenceTable("random_exact_laws").rows {
            let law = try ExactLaw(beta2: row["beta2"]!, means: [row["mu"]!], epsilon: row["epsilon"]!)
            let moments = law.moments(at: [Int(row["t"]!)])[0][0]
            // From ε = √m on the variance's terms cancel by up to 2ε/√m, until at 32 √m the other form takes over.
            #expect(relativeError(moments.variance, row["var_psi"]!) < 2e-12, "\(row)")
            #expect(relativeError(moments.mean, row["mean_psi"]!) < 2e-14, "\(row)")
            #expect(relativeError(moments.meanSquare, row["mean_psi_squared"]!) < 2e-14, "\(row)")
        }
    }

    static let steps = [1, 2, 3, 4, 10, 1000]
    /// From the smallest doubles to the largest.
    static let everySize = stride(from: -323.0, through: 308, by: 9.7).map { pow(10, $0) }

    /// All three moments fall in ε: ψ does everywhere, and d Var/dε = -2 Cov(ψ, ψ²) < 0. E[ψ] ≥ 1/(√m + ε) (Jensen), ψ ≤ 1/ε and with
    /// it Var[ψ] ≤ E[ψ] (1/ε - E[ψ]) (Bhatia and Davis).
    @Test(arguments: [0, 0.5, 0.9, 0.999, 0.999999])
    func momentsFallAndStayInTheirBounds(beta2: Double) throws {
        let means = [0, 0.1, 3, 50]
        var last: [[ExactMoments]]?
        for epsilon in Self.everySize {
            let curves = try ExactLaw(beta2: beta2, means: means, epsilon: epsilon).moments(at: Self.steps)
            for (index, mean) in means.enumerated() {
                for (place, moments) in curves[index].enumerated() {
                    let label = "ε \(epsilon), μ \(mean), t \(Self.steps[place])"
                    #expect(moments.variance >= 0 && moments.mean > 0 && moments.meanSquare >= 0, "\(label)")
                    #expect(moments.mean >= 1 / ((1 + mean * mean).squareRoot() + epsilon) * (1 - 1e-15), "\(label)")
                    let inverse = 1 / epsilon
                    #expect(moments.mean <= inverse * (1 + 1e-15) && moments.meanSquare <= inverse * moments.mean * (1 + 1e-14), "\(label)")
                    if let last {
                        let before = last[index][place]
                        #expect(moments.mean <= before.mean * (1 + 1e-13), "\(label)")
                        #expect(moments.meanSquare <= before.meanSquare * (1 + 1e-13), "\(label)")
                        #expect(moments.variance <= before.variance * (1 + 1e-12), "\(label)")
                    }
                }
            }
            last = curves
        }
    }

    /// At t = 1 the density of |g| at 0 decides: Var[ψ] ε → √(2/π) e^{-μ²/2}; the next term is of order ε ln²ε.
    @Test(arguments: [1e-20, 1e-50, 1e-150, 1e-250, 1e-300])
    func oneSquareAtTinyEpsilon(epsilon: Double) throws {
        for (mean, density) in [(0.0, 0.7978845608028654), (1, 0.48394144903828673), (3, 0.008863696823876015)] {
            let variance = try ExactLaw(beta2: 0.999, means: [mean], epsilon: epsilon).moments(at: [1])[0][0].variance
            #expect(relativeError(variance * epsilon, density) < Self.tolerance)
        }
    }

    /// At t = 2 and μ = 0 the density of x = √v̂ at 0 is x/√(w₀w₁), and Var[ψ] grows by that much for each unit of ln(1/ε).
    @Test(arguments: [0.3, 0.9, 0.999])
    func twoSquaresAtTinyEpsilon(beta2: Double) throws {
        let variances = try [1e-40, 1e-80, 1e-160, 1e-300 * 1e-20].map {
            try ExactLaw(beta2: beta2, means: [0], epsilon: $0).moments(at: [2])[0][0].variance
        }
        // w₀w₁ = β2/(1 + β2)²; 40 ln 10 for each forty decades.
        let slope = (1 + beta2) / beta2.squareRoot() * 92.10340371976183
        #expect(relativeError(variances[1] - variances[0], slope) < 2e-12)
        #expect(relativeError(variances[2] - variances[1], 2 * slope) < 2e-12)
        // 1e-320 is a subnormal number with a rounding of its own of 2e-4, the error of its logarithm.
        #expect(abs(variances[3] - variances[2] - 4 * slope) < 1e-3)
    }

    /// From t = 3 on a tiny ε is none.
    @Test(arguments: [0.5, 0.99, 0.999999])
    func noEpsilonFromTheThirdStepOn(beta2: Double) throws {
        let plain = try ExactLaw(beta2: beta2, means: [0, 2]).moments(at: [3, 4, 100])
        for epsilon in [1e-18, 1e-30, 1e-100, .leastNonzeroMagnitude] {
            let curves = try ExactLaw(beta2: beta2, means: [0, 2], epsilon: epsilon).moments(at: [3, 4, 100])
            for (curve, expected) in zip(curves.joined(), plain.joined()) {
                #expect(relativeError(curve.variance, expected.variance) < 1e-12)
                #expect(relativeError(curve.mean, expected.mean) < 1e-14)
            }
        }
    }

    /// For large ε the law is linear in x = √v̂: Var[ψ] ε⁴ → Var[x], from above by 4 Cov(x, x²)/ε at most.
    @Test(arguments: [1, 2, 5, 300])
    func varianceAtHugeEpsilon(step: Int) throws {
        let scaled = try [1e16, 1e30, 1e50, 1e70].map { epsilon in
            let variance = try ExactLaw(beta2: 0.99, means: [0.7], epsilon: epsilon).moments(at: [step])[0][0].variance
            return variance * epsilon * epsilon * epsilon * epsilon
        }
        for value in scaled { #expect(relativeError(value, scaled[3]) < 3e-13) }
    }

    /// Where one form of the variance takes over from the other nothing jumps.
    @Test(arguments: [0.0, 0.5, 20])
    func formsMeet(mean: Double) throws {
        let switchover = 32 * (1 + mean * mean).squareRoot()
        for step in [1, 2, 3, 50] {
            let variances = try [switchover * (1 - 1e-13), switchover * (1 + 1e-13)].map {
                try ExactLaw(beta2: 0.999, means: [mean], epsilon: $0).moments(at: [step])[0][0].variance
            }
            #expect(relativeError(variances[0], variances[1]) < 1e-12)
        }
    }

    /// The ends of the doubles: √(2/π)/ε passes the largest at ε = 4.44e-309, and 0.363/ε⁴ the smallest at ε = 5.2e80.
    @Test func endsOfTheDoubles() throws {
        func first(_ epsilon: Double) throws -> ExactMoments {
            try ExactLaw(beta2: 0.999, means: [0], epsilon: epsilon).moments(at: [1])[0][0]
        }
        #expect(try first(4.3e-300 * 1e-9).variance == .infinity && first(4.3e-300 * 1e-9).mean.isFinite)
        #expect(try relativeError(first(4.6e-300 * 1e-9).variance * (4.6e-300 * 1e-9), 0.7978845608028654) < 1e-12)
        #expect(try first(5e80).variance > 0 && first(1e82).variance == 0)
        #expect(try first(1e82).mean == 1 / 1e82 && first(1e82).meanSquare == (1 / 1e82) * (1 / 1e82))
        #expect(try first(.greatestFiniteMagnitude).mean == 1 / .greatestFiniteMagnitude)
        #expect(try first(.greatestFiniteMagnitude).meanSquare == 0)
    }

    /// Means at both sides of the point from which the leading order is used, and far beyond.
    @Test func hugeMeans() throws {
        for epsilon in [0, 1e-8, 1.0, 1e30] {
            for step in [3, 40] {
                let law = try ExactLaw(beta2: 0.9, means: [0.99e50, 1.01e50, -1e60, 1e77], epsilon: epsilon)
                for (mean, moments) in zip(law.means, law.moments(at: [step])) {
                    let inverse = 1 / (abs(mean) + epsilon)
                    let expected = inverse * inverse / law.average.satterthwaite(at: step) * inverse * inverse
                    #expect(relativeError(moments[0].variance, expected) < 1e-12, "μ \(mean), ε \(epsilon)")
                    #expect(relativeError(moments[0].mean, inverse) < 1e-15)
                }
            }
        }
        let moments = try ExactLaw(beta2: 0.9, means: [1e60]).moments(at: [1, 2])[0]
        #expect(moments.allSatisfy { $0.variance == .infinity } && moments[0].mean == .infinity && relativeError(moments[1].mean, 1e-60) < 1e-15)
    }
}
