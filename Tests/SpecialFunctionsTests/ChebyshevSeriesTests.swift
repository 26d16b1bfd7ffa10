import Foundation
import SpecialFunctions
import TestSupport
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

    /// Random polynomials on random ranges: the interpolant has their degree, value and integral.
    @Test func polynomialsAreExact() throws {
        var generator = SplitMix(state: 5)
        for _ in 0..<40 {
            let degree = Int.random(in: 0...12, using: &generator)
            let low = Double.random(in: -20...20, using: &generator)
            let range = low...(low + Double.random(in: 0.01...10, using: &generator))
            let coefficients = (0...degree).map { _ in Double.random(in: -1...1, using: &generator) }
            let exact = ChebyshevSeries(on: range, coefficients: coefficients)
            let found = try #require(ChebyshevSeries(on: range, tolerance: 1e-13, of: exact.value))
            #expect(found.coefficients.count == 17)
            for (k, coefficient) in found.coefficients.enumerated() {
                // The argument is rounded at 20/0.01 of the range's half.
                #expect(abs(coefficient - (k <= degree ? coefficients[k] : 0)) < 1e-9, "degree \(degree), k \(k)")
            }
            let whole = exact.integral.value(at: range.upperBound)
            // ∫T_k over [-1, 1] is 2/(1 - k²) for even k.
            let expected = coefficients.enumerated().reduce(0.0) { sum, term in
                term.offset % 2 == 0 ? sum + term.element * 2 / Double(1 - term.offset * term.offset) : sum
            } * (range.upperBound - range.lowerBound) / 2
            #expect(abs(whole - expected) < 1e-13 * Double(degree + 1) * (range.upperBound - range.lowerBound))
        }
    }

    /// The derivative of the integral is the series, by a central difference; the integral starts at 0.
    @Test func integralInvertsDerivative() throws {
        let series = try #require(ChebyshevSeries(on: 1...5, tolerance: 1e-14, of: { cos(3 * $0) / $0 }))
        let integral = series.integral
        #expect(abs(integral.value(at: 1)) < 1e-15)
        for x in stride(from: 1.2, through: 4.8, by: 0.3) {
            let h = 1e-4
            let slope = (integral.value(at: x + h) - integral.value(at: x - h)) / (2 * h)
            // The difference leaves h²/6 of the third derivative, about 10, and an ulp over h.
            #expect(abs(slope - series.value(at: x)) < 1e-7)
        }
    }

    /// Doubling the degree stops as soon as the tail is small, and a tighter tolerance never gives a shorter series.
    @Test func degreeFollowsTolerance() throws {
        let narrow = { (x: Double) in 1 / (1 + 100 * x * x) }
        var last = 0
        for tolerance in [1e-1, 1e-3, 1e-6, 1e-9, 1e-12] {
            let series = try #require(ChebyshevSeries(on: -1...1, tolerance: tolerance, of: narrow))
            #expect(series.coefficients.count >= last && (series.coefficients.count - 1).nonzeroBitCount == 1)
            for x in stride(from: -1.0, through: 1, by: 0.0137) {
                // The coefficients fall by a factor of e^{-0.1}: those left out are ten of the last.
                #expect(abs(series.value(at: x) - narrow(x)) < 20 * tolerance)
            }
            last = series.coefficients.count
        }
        #expect(last > 128)
    }

    /// Every point is asked for once: a doubled degree keeps the values it has.
    @Test func pointsAreNotAskedForTwice() throws {
        var asked: [Double] = []
        let series = try #require(ChebyshevSeries(on: -1...1, tolerance: 1e-12) { x in
            asked.append(x)
            return 1 / (1.2 + x)
        })
        #expect(asked.count == series.coefficients.count && Set(asked).count == asked.count)
        #expect(asked.allSatisfy { (-1...1).contains($0) })
    }

    /// T_k(cos θ) = cos kθ.
    @Test func valuesOfOnePolynomial() {
        for k in [0, 1, 2, 5, 20, 100] {
            let series = ChebyshevSeries(on: -1...1, coefficients: (0...k).map { $0 == k ? 1 : 0 })
            for angle in stride(from: 0.0, through: Double.pi, by: 0.11) {
                #expect(abs(series.value(at: cos(angle)) - cos(Double(k) * angle)) < 1e-15 * Double(4 + k * k))
            }
        }
    }
}
