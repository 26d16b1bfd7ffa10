import Foundation
import SpecialFunctions
import TestSupport
import Testing

@Suite struct GammaRatioTests {
    /// Against lgamma, whose logarithms cost a relative error of about lnΓ(z) · 2e-16.
    @Test(arguments: [-0.499, -0.25, 0, 0.3, 1, 5.5, 7.999, 8, 8.001, 64, 100.25])
    func ratioAgreesWithLogGamma(z: Double) {
        let expected = exp(2 * (lgamma(z + 0.5) - lgamma(z + 1)))
        let tolerance = 1e-15 * (4 + 2 * abs(lgamma(z + 1)))
        #expect(abs(squaredHalfGammaRatio(z) / expected - 1) < tolerance)
    }

    /// Where both are accurate, 1 - z ratio is what it says; its own cancellation is 4z ulp.
    @Test(arguments: [0, 1e-9, 0.1, 1, 3.7, 7.5, 20])
    func deficitAgreesWithRatio(z: Double) {
        #expect(abs(squaredHalfGammaRatioDeficit(z) - (1 - z * squaredHalfGammaRatio(z))) < 2e-15)
    }

    /// The deficit's expansion 1/(4z) - 1/(32z²) - 1/(128z³) + …, whose next term is below 1e-16 of it at z ≥ 1e6.
    @Test(arguments: [1e6, 1e9, 1e12, 1e200])
    func deficitForLargeArguments(z: Double) {
        let expected = (1 - 1 / (8 * z)) / (4 * z)
        #expect(abs(squaredHalfGammaRatioDeficit(z) / expected - 1) < 1e-13 * 1e6 / z + 4e-16)
    }

    /// A few roundings of the recurrence and of the fraction.
    static let tolerance = 4e-15

    @Test func agreesWithReference() throws {
        for row in try ReferenceTable("gamma_ratio", in: "SpecialFunctionsTests/Reference").rows {
            let z = row["z"]!
            // Next to the pole at -½ the distance z + ½ is exact.
            #expect(relativeError(squaredHalfGammaRatio(z), row["ratio"]!) < Self.tolerance, "z = \(z)")
            if let deficit = row["deficit"] {
                #expect(relativeError(squaredHalfGammaRatioDeficit(z), deficit) < Self.tolerance, "z = \(z)")
            }
        }
    }

    /// Both fall in z, through the shift at z = 8 and the shorter fraction from z = 64 on. Gautschi's bounds:
    /// 1/(z + ½) < ratio < 1/z, so that 0 < deficit < 1/(2z + 1).
    @Test func fall() {
        var generator = SplitMix(state: 3)
        let arguments = (0..<3000).map { _ in Double.random(in: 0...100, using: &generator) }.sorted()
        for (low, high) in zip(arguments, arguments.dropFirst()) {
            #expect(squaredHalfGammaRatio(high) <= squaredHalfGammaRatio(low) * (1 + Self.tolerance))
            #expect(squaredHalfGammaRatioDeficit(high) <= squaredHalfGammaRatioDeficit(low) * (1 + Self.tolerance))
            let ratio = squaredHalfGammaRatio(high)
            #expect(ratio > 1 / (high + 0.5) * (1 - Self.tolerance) && ratio < 1 / high * (1 + Self.tolerance))
            let deficit = squaredHalfGammaRatioDeficit(high)
            #expect(deficit > 0 && deficit < 1 / (2 * high + 1) * (1 + Self.tolerance))
        }
    }

    /// Γ's recurrence: ratio(z + 1) = ratio(z) ((z + ½)/(z + 1))²; and ratio(z) ratio(z + ½) = 1/((z + ½) (z + 1))·((z+1)/(z+½))
    /// reduced by the duplication formula to Γ(z+½)² Γ(z+1)²/(Γ(z+1)² Γ(z+3/2)²) = 1/(z + ½)².
    @Test(arguments: [-0.4, -0.1, 0, 0.01, 0.8, 3, 6.9, 7.4, 7.5, 8, 20, 63, 63.9, 64, 1000.5, 1e7])
    func recurrences(z: Double) {
        let step = (z + 0.5) / (z + 1)
        #expect(relativeError(squaredHalfGammaRatio(z + 1), squaredHalfGammaRatio(z) * step * step) < 2 * Self.tolerance)
        let inverse = 1 / (z + 0.5)
        #expect(relativeError(squaredHalfGammaRatio(z) * squaredHalfGammaRatio(z + 0.5), inverse * inverse) < 2 * Self.tolerance)
    }

    /// Known values: Γ(½)/Γ(1) = √π, Γ(1)/Γ(3/2) = 2/√π, Γ(3/2)/Γ(2) = √π/2.
    @Test func knownValues() {
        #expect(relativeError(squaredHalfGammaRatio(0), .pi) < Self.tolerance)
        #expect(relativeError(squaredHalfGammaRatio(0.5), 4 / .pi) < Self.tolerance)
        #expect(relativeError(squaredHalfGammaRatio(1), .pi / 4) < Self.tolerance)
        #expect(squaredHalfGammaRatioDeficit(0) == 1 || relativeError(squaredHalfGammaRatioDeficit(0), 1) < 1e-15)
        #expect(relativeError(squaredHalfGammaRatioDeficit(0.5), 1 - 2 / .pi) < Self.tolerance)
        #expect(relativeError(squaredHalfGammaRatioDeficit(1), 1 - .pi / 4) < Self.tolerance)
    }
}
