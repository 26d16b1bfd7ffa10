import Errors
import Foundation
import SpecialFunctions
import TestSupport
import Testing

@testable import Theory

/// Relative variance and kurtosis under the exact law, against closed forms, plain quadrature and ``ExactLaw``.
@Suite struct ExactShapeTests {
    private func shape(_ step: Int, beta2: Double, mean: Double = 0, epsilon: Double = 0) throws -> ExactShape.Moments {
        var shape = try ExactShape(beta2: beta2, mean: mean, epsilon: epsilon)
        for _ in 0..<step { shape.advance() }
        return shape.moments()
    }

    /// 1e-6, as the documentation says; near β2 = 1 v̂_t is χ²_t/t but for 1 - β2.
    @Test(arguments: [5, 6, 8, 12, 40])
    func nearOneItIsChiSquare(step: Int) throws {
        let moments = try shape(step, beta2: 1 - 1e-10)
        // E[ψ^k] = t^{k/2} 2^{-k/2} Γ((t-k)/2)/Γ(t/2).
        let t = Double(step)
        func moment(_ k: Double) -> Double { exp(k / 2 * log(t / 2) + lgamma((t - k) / 2) - lgamma(t / 2)) }
        let (m1, m2) = (moment(1), moment(2))
        let variance = m2 - m1 * m1
        #expect(relativeError(moments.relativeVariance, variance / (m1 * m1)) < 1e-6)
        if step > 4 {
            let central = moment(4) - 4 * m1 * moment(3) + 6 * m1 * m1 * m2 - 3 * m1 * m1 * m1 * m1
            #expect(relativeError(moments.kurtosis, central / (variance * variance)) < 1e-6)
        }
    }

    /// t = 1: integrals over |g| by Simpson's rule in ln(|g| + ε), which no part of the other route shares.
    @Test(arguments: [(0.0, 1.0), (0.0, 0.1), (0.0, 1e-4), (0.0, 1e-8), (1.5, 0.01), (-3, 0.3), (10, 0.5)])
    func theFirstStepByQuadrature(mean: Double, epsilon: Double) throws {
        let moments = try shape(1, beta2: 0.999, mean: mean, epsilon: epsilon)
        func density(_ x: Double) -> Double {
            (exp(-(x - mean) * (x - mean) / 2) + exp(-(x + mean) * (x + mean) / 2)) / (2 * Double.pi).squareRoot()
        }
        let (low, high, n) = (log(epsilon), log(epsilon + abs(mean) + 12), 20_000)
        let h = (high - low) / Double(n)
        func expectation(_ f: (Double) -> Double) -> Double {
            (0...n).reduce(0) { sum, i in
                let size = exp(low + h * Double(i))
                let weight = i == 0 || i == n ? 1.0 : i % 2 == 1 ? 4 : 2
                return sum + weight * f(1 / size) * density(size - epsilon) * size
            } * h / 3
        }
        let m1 = expectation { $0 }
        let variance = expectation { ($0 - m1) * ($0 - m1) }
        let fourth = expectation { pow($0 - m1, 4) }
        #expect(relativeError(moments.relativeVariance, variance / (m1 * m1)) < 1e-6)
        #expect(relativeError(moments.kurtosis, fourth / (variance * variance)) < 1e-6)
    }

    /// The variance of ``ExactLaw``, by the same steps on other nodes and with other kernels.
    @Test(arguments: [(0.9, 0.0, 0.0), (0.999, 1.0, 0.0), (0.99, 0.0, 1e-4), (0.5, -2.0, 0.1), (0.999, 100, 1)])
    func varianceAgreesWithTheExactLaw(beta2: Double, mean: Double, epsilon: Double) throws {
        let steps = [3, 4, 5, 10, 50]
        let exact = try ExactLaw(beta2: beta2, means: [mean], epsilon: epsilon).moments(at: steps)[0]
        for (step, moments) in zip(steps, exact) {
            let other = try shape(step, beta2: beta2, mean: mean, epsilon: epsilon)
            #expect(relativeError(other.relativeVariance, moments.variance / (moments.mean * moments.mean)) < 1e-6, "t = \(step)")
        }
    }

    @Test func whatDoesNotExistIsInfinite() throws {
        for step in 1...2 { #expect(try shape(step, beta2: 0.9).relativeVariance == .infinity) }
        for step in 1...4 { #expect(try shape(step, beta2: 0.9).kurtosis == .infinity) }
        #expect(try shape(5, beta2: 0.9).kurtosis.isFinite)
        #expect(try shape(50, beta2: 0).kurtosis == .infinity)
        #expect(try shape(50, beta2: 0, epsilon: 0.1).kurtosis.isFinite)
    }

    /// Towards many steps the law becomes normal: kurtosis 3, and 2/ν·¼ of relative variance.
    @Test func manyStepsAreNormal() throws {
        let moments = try shape(20_000, beta2: 0.999)
        #expect(abs(moments.kurtosis - 3) < 0.05)
        #expect(relativeError(moments.relativeVariance, 0.25 * 2 / 1999) < 0.01)
    }

    @Test(arguments: [Double.nan, .infinity, -1])
    func badParametersAreRefused(value: Double) {
        #expect(throws: ParameterError.self) { try ExactShape(beta2: value, mean: 0, epsilon: 0) }
        #expect(throws: ParameterError.self) { try ExactShape(beta2: 0.9, mean: 0, epsilon: value) }
        #expect((try? ExactShape(beta2: 0.9, mean: value, epsilon: 0)) == nil || value == -1)
    }
}

/// ê_n against their integral e^{x²} iⁿerfc(x) = 2/(√π n!) ∫ uⁿ e^{-u²-2xu} du, by the trapezoid rule in ln u.
@Suite struct FourErrorIntegralsTests {
    @Test(arguments: [0, 1e-10, 0.01, 0.5, 0.7499, 0.75, 0.7501, 1, 2, 7, 30, 1e3, 1e6])
    func agreesWithTheIntegral(x: Double) {
        let values = fourScaledErrorIntegrals(x)
        for (n, value) in [values.0, values.1, values.2, values.3].enumerated().map({ ($0 + 1, $1) }) {
            let factorial = (1...n).reduce(1.0) { $0 * Double($1) }
            let h = 0.02
            let sum = stride(from: -60.0, through: 4, by: h).reduce(0.0) { sum, y in
                let u = exp(y)
                return sum + pow(u, Double(n + 1)) * exp(-u * u - 2 * x * u)
            }
            #expect(relativeError(value, 2 / Double.pi.squareRoot() / factorial * sum * h) < 1e-11, "n = \(n)")
        }
    }

    @Test func theFirstTwoAreTheOldOnes() {
        for x in [0, 0.3, 0.8, 5, 100] {
            let (four, two) = (fourScaledErrorIntegrals(x), scaledRepeatedErrorIntegrals(x))
            #expect(relativeError(four.0, two.first) < 1e-14 && relativeError(4 * four.1, two.second) < 1e-14)
        }
    }
}
