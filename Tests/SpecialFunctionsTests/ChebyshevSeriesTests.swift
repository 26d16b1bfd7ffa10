import Foundation
import SpecialFunctions
import Testing

@Suite struct ChebyshevSeriesTests {
    /// Coefficients of e^{ax} on [-1, 1] are 2 I_k(a), the first I_0(a): the interpolant's are aliased by those beyond its degree.
    @Test func coefficientsOfTheExponential() throws {
        let series = try #require(ChebyshevSeries(on: -1...1, tolerance: 1e-15, of: { exp(2 * $0) }))
        // I_k(2) from its power series.
        func bessel(_ k: Int) -> Double {
            var term = 1 / (1...max(k, 1)).reduce(1.0) { $0 * Double($1) }
            var sum = 0.0
            for m in 1...30 {
                sum += term
                term /= Double(m) * Double(m + k)
            }
            return sum
        }
        for k in 0...12 { #expect(abs(series.coefficients[k] - (k == 0 ? 1 : 2) * bessel(k)) < 4e-15) }
    }

    /// A peak of width 1/30 of the range, and its integral by the error function.
    @Test func valueAndIntegralOfAPeak() throws {
        let peak = { (x: Double) in exp(-(x - 2) * (x - 2) / 2) }
        let series = try #require(ChebyshevSeries(on: -10...20, tolerance: 1e-14, of: peak))
        let integral = series.integral
        #expect(abs(integral.value(at: -10)) < 1e-14)
        for x in [-10, -3.3, 1, 2, 2.7, 8, 20] {
            #expect(abs(series.value(at: x) - peak(x)) < 1e-13)
            let expected = (Double.pi / 2).squareRoot() * (erf((x - 2) * 0.5.squareRoot()) - erf(-12 * 0.5.squareRoot()))
            // The range has length 30.
            #expect(abs(integral.value(at: x) - expected) < 3e-13)
        }
    }

    @Test func whatDoesNotConvergeIsNil() {
        #expect(ChebyshevSeries(on: -1...1, tolerance: 1e-6, largestDegree: 64, of: { abs($0) }) == nil)
        #expect(ChebyshevSeries(on: -1...1, tolerance: 1e-6, largestDegree: 64, of: { _ in .nan }) == nil)
    }

    /// ∫ (2 + 3x) over [1, x]; and of a constant.
    @Test func lowDegrees() {
        let line = ChebyshevSeries(on: 1...3, coefficients: [8, 3])
        #expect(line.value(at: 1) == 5 && line.value(at: 3) == 11)
        #expect(abs(line.integral.value(at: 2) - 6.5) < 1e-15 && abs(line.integral.value(at: 3) - 16) < 4e-15)
        #expect(abs(ChebyshevSeries(on: 0...4, coefficients: [2]).integral.value(at: 3) - 6) < 1e-15)
    }
}
