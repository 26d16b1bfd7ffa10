import Foundation
import SpecialFunctions
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
}
