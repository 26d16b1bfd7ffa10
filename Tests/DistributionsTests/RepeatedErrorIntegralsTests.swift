import Distributions
import Foundation
import SpecialFunctions
import Testing

@Suite struct RepeatedErrorIntegralsTests {
    /// e^{x²} iⁿerfc(x) = (2/(n! √π)) ∫_0^∞ tⁿ e^{-t² - 2xt} dt (DLMF 7.18.2), by quadrature; both have a few ulp, the
    /// series near x = 0.75 cancels by 20.
    @Test(arguments: [0, 1e-8, 0.01, 0.3, 0.7499, 0.75, 1, 2.5, 10, 1e3, 1e8])
    func agreesWithIntegral(x: Double) throws {
        let kernels = scaledRepeatedErrorIntegrals(x)
        let rootPi = Double.pi.squareRoot()
        let width = 1 / (1 + x)
        func integral(_ n: Double) throws -> Double {
            try integrate(from: 0, to: min(8, 400 * width), breakpoints: [width, 10 * width]) {
                pow($0, n) * exp(-$0 * $0 - 2 * x * $0)
            }.value
        }
        #expect(abs(kernels.first / (2 / rootPi * (try integral(1))) - 1) < 1e-14)
        #expect(abs(kernels.second / (4 / rootPi * (try integral(2))) - 1) < 1e-14)
    }
}
