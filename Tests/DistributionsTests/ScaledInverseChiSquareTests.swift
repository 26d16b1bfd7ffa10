import Distributions
import Errors
import Foundation
import TestSupport
import Testing
import Theory

@Suite struct ScaledInverseChiSquareTests {
    /// A rounding of y = ρτ²/x, 2e-16 of it, is one of |y - ρ|/2 · 2e-16 in the logarithm of the density and of a tail: up
    /// to 2e-12 at the reference's outermost points, on top of the 1e-12 of GSL's tails.
    static func tolerance(rho: Double, tau: Double, x: Double) -> Double {
        let y = rho * tau * tau / x
        return 1e-12 + 4 * Double.ulpOfOne * (abs(y - rho) / 2 + 10)
    }

    @Test func lawAgreesWithReference() throws {
        for row in try ReferenceTable("scaled_inverse_chi_square_law").rows {
            let (rho, tau, x) = (row["rho"]!, row["tau"]!, row["x"]!)
            let law = try ScaledInverseChi(degreesOfFreedom: rho, scale: tau * tau)
            let tolerance = Self.tolerance(rho: rho, tau: tau, x: x)
            #expect(relativeError(law.square.density(at: x), row["density"]!) < tolerance, "\(row)")
            #expect(relativeError(law.square.distribution(at: x), row["distribution"]!) < tolerance, "\(row)")
            #expect(relativeError(law.square.upperTail(at: x), row["upper_tail"]!) < tolerance, "\(row)")
            #expect(relativeError(law.density(at: row["psi"]!), row["psi_density"]!) < 2 * tolerance, "\(row)")
        }
    }

    @Test func quantileAgreesWithReference() throws {
        for row in try ReferenceTable("scaled_inverse_chi_square_quantile").rows {
            let tau = row["tau"]!
            let law = try ScaledInverseChiSquare(degreesOfFreedom: row["rho"]!, scale: tau * tau)
            #expect(relativeError(try law.quantile(row["probability"]!), row["quantile"]!) < 1e-13, "\(row)")
        }
    }

    /// GSL is left at ν = 2000; both sides of that agree where the law moves little.
    @Test func tailsAreContinuousWhereGSLIsLeft() throws {
        for offset in [-150.0, -30, 0, 30, 150] {
            let below = ChiSquare.upperTail(at: 2000 + offset, degreesOfFreedom: 2000)
            let above = ChiSquare.upperTail(at: 2000 + offset, degreesOfFreedom: 2000.0.nextUp)
            #expect(relativeError(above, below) < 2e-12)
        }
    }

    @Test(arguments: [0.4, 2.5, 7, 300, 2e4, 1e9])
    func quantileInvertsDistribution(rho: Double) throws {
        let law = try ScaledInverseChiSquare(degreesOfFreedom: rho, scale: 3)
        for probability in [1e-9, 0.01, 0.3, 0.5, 0.9, 0.9999] {
            let x = try law.quantile(probability)
            // x is right to an ulp, so the distribution function to x f(x) ulp.
            let tolerance = 1e-12 * probability + 4 * Double.ulpOfOne * x * law.density(at: x)
            #expect(abs(law.distribution(at: x) - probability) < tolerance)
        }
    }

    @Test func momentsAgreeWithEachOther() throws {
        let law = try ScaledInverseChi(degreesOfFreedom: 7.5, scale: 2.25)
        #expect(relativeError(law.square.mean, law.variance + law.mean * law.mean) < 1e-15)
        #expect(relativeError(law.square.variance, 2 * pow(7.5 * 2.25 / 5.5, 2) / 3.5) < 1e-15)
        #expect(try ScaledInverseChiSquare(degreesOfFreedom: 4).variance == .infinity)
        #expect(try ScaledInverseChiSquare(degreesOfFreedom: 2).mean == .infinity)
        #expect(try ScaledInverseChi(degreesOfFreedom: 1).mean == .infinity)
    }

    /// Kolmogorov-Smirnov at n = 4000: beyond 1.95/√n in one of 1000 seeds.
    @Test func samplesFollowTheLaw() throws {
        var generator = SplitMix(state: 7)
        let law = try ScaledInverseChi(degreesOfFreedom: 5, scale: 4)
        let n = 4000
        let sample = (0..<n).map { _ in law.sample(using: &generator) }.sorted()
        var distance = 0.0
        for (index, value) in sample.enumerated() {
            let p = law.distribution(at: value)
            distance = max(distance, p - Double(index) / Double(n), Double(index + 1) / Double(n) - p)
        }
        #expect(distance < 1.95 / Double(n).squareRoot())
    }

    @Test func domain() throws {
        for bad in [0, -1, Double.nan, .infinity] {
            #expect(throws: ParameterError.self) { try ScaledInverseChiSquare(degreesOfFreedom: bad) }
            #expect(throws: ParameterError.self) { try ScaledInverseChi(degreesOfFreedom: 5, scale: bad) }
        }
        let law = try ScaledInverseChiSquare(degreesOfFreedom: 5)
        for bad in [-0.1, 1.1, Double.nan] { #expect(throws: ParameterError.self) { try law.quantile(bad) } }
        #expect(try law.quantile(0) == 0 && law.quantile(1) == .infinity)
        #expect(law.density(at: 0) == 0 && law.density(at: -1) == 0 && law.density(at: .infinity) == 0)
        #expect(law.distribution(at: -1) == 0 && law.distribution(at: .infinity) == 1 && law.upperTail(at: 0) == 1)
        #expect(law.density(at: .nan).isNaN && law.distribution(at: .nan).isNaN)
    }
}
