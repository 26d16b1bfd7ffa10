import Distributions
import Errors
import TestSupport
import Testing
import Theory

/// Eq. 2 against routes that do not know the closed form, and its inverse.
@Suite struct AdaptiveRateVarianceRoutesTests {
    /// The independent path: its own error estimate, plus the rounding of the density, which for large ρ is that of
    /// exp(-ρ/2 …) and below 1e-13 in the whole range.
    @Test(arguments: [2.01, 2.1, 2.5, 3, 4, 5, 7.5, 10, 50, 500, 2000, 1e5, 1e7])
    func quadratureAgreesWithClosedForm(rho: Double) throws {
        let closed = try AdaptiveRateVariance.closedForm(rho: rho)
        let quadrature = try ScaledInverseChi(degreesOfFreedom: rho, scale: 0.25).varianceByQuadrature()
        #expect(abs(quadrature.value - closed / 4) < quadrature.absoluteError + 1e-13 * closed)
        #expect(quadrature.absoluteError < 1e-11 * closed)
    }

    /// The relative error of ρ is that of the variance times the condition V/(ρ |V'|) ≤ 1.
    @Test(arguments: [2.0000001, 2.01, 2.5, 3, 4, 5, 10, 100, 1999, 1e6, 1e12, 1e15, 1e300])
    func rhoMatchingInvertsTheClosedForm(rho: Double) throws {
        let variance = try AdaptiveRateVariance.closedForm(rho: rho)
        let matched = try #require(try AdaptiveRateVariance.rho(matching: variance))
        #expect(relativeError(matched, rho) < 2e-15)
    }

    @Test func rhoMatchingAtTheEnds() throws {
        #expect(try AdaptiveRateVariance.rho(matching: 0) == .infinity)
        #expect(try AdaptiveRateVariance.rho(matching: .infinity) == nil)
        #expect(try AdaptiveRateVariance.rho(matching: 1e30) == nil)
        #expect(throws: ParameterError.self) { try AdaptiveRateVariance.rho(matching: -1e-9) }
        #expect(throws: ParameterError.self) { try AdaptiveRateVariance.rho(matching: .nan) }
    }
}
