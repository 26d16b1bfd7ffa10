import Errors
import Foundation
import TestSupport
import Testing
import Theory

@Suite struct CorrelatedUpdateLawTests {
    /// The law under e^{-s v̂} by a dense inverse of its precision, and the integrals over s by another rule: no recursion along the steps.
    @Test(arguments: [0.0, 0.6], [-0.7, 0.2, 0.95])
    func agreesWithDenseAlgebra(mean: Double, autocorrelation: Double) throws {
        let t = 5, beta1 = 0.8, beta2 = 0.9
        func weights(_ beta: Double) -> [Double] {
            (0..<t).map { (1 - beta) / (1 - pow(beta, Double(t))) * pow(beta, Double($0)) }
        }
        let (a, w) = (weights(beta1), weights(beta2))
        let correlation = (0..<t).map { i in (0..<t).map { j in pow(autocorrelation, Double(abs(i - j))) } }
        /// M, E[m̂] and Var[m̂] at s: g has the covariance C = (Σ^{-1} + 2sW)^{-1} and the mean C Σ^{-1} μ.
        func law(_ s: Double) -> (transform: Double, mean: Double, variance: Double) {
            var precision = Self.inverse(correlation).inverse
            let pulled = precision.map { $0.reduce(0) { $0 + $1 * mean } }
            let free = pulled.reduce(0) { $0 + $1 * mean }
            for k in 0..<t { precision[k][k] += 2 * s * w[k] }
            let (covariance, determinant) = Self.inverse(precision)
            let means = covariance.map { zip($0, pulled).reduce(0) { $0 + $1.0 * $1.1 } }
            let exponent = -0.5 * (free - zip(pulled, means).reduce(0) { $0 + $1.0 * $1.1 })
            let total = 1 / (determinant * Self.inverse(correlation).determinant).squareRoot() * exp(exponent)
            let variance = (0..<t).reduce(0.0) { sum, i in sum + (0..<t).reduce(0) { $0 + a[i] * a[$1] * covariance[i][$1] } }
            return (total, zip(a, means).reduce(0) { $0 + $1.0 * $1.1 }, variance)
        }
        // Where s is so large that the inverse loses its digits M is below 1e-17 of what counts.
        let first = halfLineIntegral { $0 > 1e18 ? 0 : law($0).transform * law($0).mean / $0.squareRoot() } / Double.pi.squareRoot()
        let second = halfLineIntegral { s in
            if s > 1e18 { return 0 }
            let law = law(s)
            return law.transform * (law.variance + law.mean * law.mean)
        }
        let moments = try CorrelatedUpdateLaw(
            beta1: beta1, beta2: beta2, autocorrelation: autocorrelation, mean: mean, step: t).moments()
        #expect(abs(moments.mean! - first) < 1e-10 && relativeError(moments.secondMoment, second) < 1e-10)
        #expect(relativeError(moments.variance, second - first * first) < 1e-9)
    }

    /// The inverse by Gauss and Jordan, and the determinant.
    private static func inverse(_ matrix: [[Double]]) -> (inverse: [[Double]], determinant: Double) {
        let n = matrix.count
        var a = matrix, inverse = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0 } }
        var determinant = 1.0
        for p in 0..<n {
            let pivot = a[p][p]
            determinant *= pivot
            for k in 0..<n { (a[p][k], inverse[p][k]) = (a[p][k] / pivot, inverse[p][k] / pivot) }
            for i in 0..<n where i != p {
                let factor = a[i][p]
                for k in 0..<n { (a[i][k], inverse[i][k]) = (a[i][k] - factor * a[p][k], inverse[i][k] - factor * inverse[p][k]) }
            }
        }
        return (inverse, determinant)
    }

    /// A correlation that is next to nothing, by the recursion; none, by the law of independent gradients.
    @Test func independentGradients() throws {
        for (epsilon, mean, step) in [(0.0, 0.0, 6), (0.01, 0.3, 40), (50, 0.1, 300), (1e-8, 30, 2000)] {
            let expected = try UpdateLaw(beta1: 0.9, beta2: 0.99, mean: mean, epsilon: epsilon, step: step).moments()
            let value = try CorrelatedUpdateLaw(
                beta1: 0.9, beta2: 0.99, autocorrelation: 1e-14, mean: mean, epsilon: epsilon, step: step).moments()
            #expect(relativeError(value.secondMoment, expected.secondMoment) < 1e-11)
            #expect(relativeError(value.variance, expected.variance) < 1e-11)
            #expect(try CorrelatedUpdateLaw(
                beta1: 0.9, beta2: 0.99, autocorrelation: 0, mean: mean, epsilon: epsilon, step: step).moments() == expected)
        }
    }

    /// u_1 = ±1; gradients that are all the same make every step ±1, but where |g| < √(1-r²); those that alternate cancel, in the limit to
    /// (1-β1)/(1+β1).
    @Test func ends() throws {
        let first = try CorrelatedUpdateLaw(beta1: 0.9, beta2: 0.99, autocorrelation: 0.5, mean: 0.2, step: 1).moments()
        #expect(first.secondMoment == 1)
        let equal = try CorrelatedUpdateLaw(beta1: 0.9, beta2: 0.99, autocorrelation: 1 - 1e-12, step: 50).moments()
        #expect(abs(equal.secondMoment - 1) < 1e-5)
        let alternating = try CorrelatedUpdateLaw(beta1: 0.9, beta2: 0.999, autocorrelation: -1 + 1e-12, step: 2000)
        #expect(abs(alternating.moments().rootMeanSquare - 0.1 / 1.9) < 1e-4)
        #expect(alternating.largest >= 1 && alternating.wrongSignProbability == nil)
    }

    /// Φ(-μ/√Var[m̂]) with Var[m̂] as a double sum.
    @Test func wrongSign() throws {
        let t = 30, r = 0.6, mean = 0.3
        let a = (0..<t).map { 0.1 / (1 - pow(0.9, Double(t))) * pow(0.9, Double($0)) }
        var variance = 0.0
        for i in 0..<t { for j in 0..<t { variance += a[i] * a[j] * pow(r, Double(abs(i - j))) } }
        let law = try CorrelatedUpdateLaw(beta1: 0.9, beta2: 0.99, autocorrelation: r, mean: mean, step: t)
        #expect(relativeError(law.wrongSignProbability!, 0.5 * erfc(mean / (2 * variance).squareRoot())) < 1e-12)
    }

    @Test func refuses() {
        for r in [1, -1, Double.nan] {
            #expect(throws: ParameterError.self) { try CorrelatedUpdateLaw(beta1: 0.9, beta2: 0.99, autocorrelation: r, step: 3) }
        }
        #expect(throws: ParameterError.self) {
            try CorrelatedUpdateLaw(beta1: 0.9, beta2: 0.9999999, autocorrelation: 0.1, step: 1_000_000_000)
        }
    }
}
