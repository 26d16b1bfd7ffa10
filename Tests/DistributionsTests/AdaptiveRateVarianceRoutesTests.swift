import Distributions
import Errors
import Foundation
import TestSupport
import Testing
import Theory

/// Eq. 2 against routes that do not know the closed form, and its inverse.
@Suite struct AdaptiveRateVarianceRoutesTests {
    /// The independent path agrees within the error that it states, which holds for every ρ, and is no excuse: it stays below
    /// 1e-11 but next to ρ = 2, where the tail's exponent itself is of that size. The closed form has a few ulp of its own.
    @Test(arguments: [
        2 + 4.5e-16, 2 + 1e-14, 2 + 1e-12, 2 + 1e-10, 2.0000001, 2.00001, 2.001, 2.01, 2.1, 2.5, 3, 4, 5, 7.5, 10, 50, 500, 1999.5, 2000,
        2001, 1e4, 1e5, 1e7, 1e9, 1e12, 1e15, 1e18, 1e20, 1e23, 1e24, 1e25, 3e26, 1e28, 7e29, 1e31, 1e33, 1e40, 1e50, 1e77, 1e100,
        1e150, 1e200, 1e250, 1e300, 1e307,
    ])
    func quadratureAgreesWithClosedForm(rho: Double) throws {
        let closed = try AdaptiveRateVariance.closedForm(rho: rho)
        let quadrature = try ScaledInverseChi(degreesOfFreedom: rho, scale: 0.25).varianceByQuadrature()
        #expect(abs(quadrature.value - closed / 4) <= quadrature.errorBound + 4e-15 * closed)
        #expect(quadrature.errorBound < 1e-11 * closed)
    }

    /// At random ρ, dense where the methods change: none is missed between the tested ones.
    @Test func quadratureBoundHoldsEverywhere() throws {
        var generator = SplitMix(state: 11)
        func uniform() -> Double { generator.uniform() }
        for index in 0..<120 {
            let rho = index % 3 == 0 ? 2 + pow(10, -14 + 16 * uniform()) : index % 3 == 1 ? pow(10, 0.31 + 5 * uniform()) : pow(10, 300 * uniform() + 1)
            let closed = try AdaptiveRateVariance.closedForm(rho: rho)
            let quadrature = try ScaledInverseChi(degreesOfFreedom: rho).varianceByQuadrature()
            #expect(abs(quadrature.value - closed) <= quadrature.errorBound + 4e-15 * closed, "ρ = \(rho)")
            #expect(quadrature.errorBound < 1e-11 * closed, "ρ = \(rho)")
        }
    }

    @Test func quadratureBelowTwoIsInfinite() throws {
        for rho in [0.5, 1, 2] {
            let quadrature = try ScaledInverseChi(degreesOfFreedom: rho).varianceByQuadrature()
            #expect(quadrature.value == .infinity && quadrature.errorBound == 0)
        }
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
