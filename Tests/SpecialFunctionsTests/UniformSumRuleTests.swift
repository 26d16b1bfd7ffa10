import Foundation
import SpecialFunctions
import Testing

@Suite struct UniformSumRuleTests {
    /// Exact for polynomials up to degree 2n - 1 = 15, so for Legendre polynomials on the points (each at most 1).
    @Test(arguments: [9, 10, 17, 100, 4096])
    func exactForPolynomials(count: Int) {
        let rule = UniformSumRule(count: count)
        func legendre(_ degree: Int, _ k: Double) -> Double {
            let x = 2 * k / Double(count - 1) - 1
            var (previous, current) = (1.0, x)
            if degree == 0 { return 1 }
            for n in stride(from: 1, to: degree, by: 1) {
                (previous, current) = (current, (Double(2 * n + 1) * x * current - Double(n) * previous) / Double(n + 1))
            }
            return current
        }
        for degree in 0...15 {
            let direct = (0..<count).reduce(0.0) { $0 + legendre(degree, Double($1)) }
            let sum = zip(rule.offsets, rule.weights).reduce(0.0) { $0 + $1.1 * legendre(degree, $1.0) }
            // Both sums have rounding of a few ulp of the number of points.
            #expect(abs(sum - direct) < 4e-15 * Double(count), "degree \(degree)")
        }
    }

    @Test func sumsAnExponential() {
        let count = 1_000_000
        let rate = 0.5 / Double(count)
        let rule = UniformSumRule(count: count)
        let sum = zip(rule.offsets, rule.weights).reduce(0.0) { $0 + $1.1 * exp(-rate * $1.0) }
        let expected = expm1(-0.5) / expm1(-rate)
        #expect(abs(sum / expected - 1) < 4e-15)
    }
}
