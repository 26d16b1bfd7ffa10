import Foundation
import SpecialFunctions
import TestSupport
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

    /// Zeros and Christoffel numbers from 60-digit arithmetic. An offset is right to a few ulp of the count.
    @Test func agreesWithReference() throws {
        let rows = try ReferenceTable("uniform_sum_rule", in: "SpecialFunctionsTests/Reference").rows
        for (key, points) in Dictionary(grouping: rows, by: { [Int($0["count"]!), Int($0["order"]!)] }) {
            let rule = UniformSumRule(count: key[0], order: key[1])
            #expect(points.count == key[1] && rule.offsets.count == key[1] && rule.weights.count == key[1])
            for point in points {
                let index = Int(point["index"]!)
                #expect(abs(rule.offsets[index] - point["offset"]!) < 4e-16 * Double(key[0]), "\(key), \(index)")
                // A weight takes the error of its zero times the polynomials' slope.
                #expect(relativeError(rule.weights[index], point["weight"]!) < 2e-14, "\(key), \(index)")
            }
        }
    }

    /// Inside the range, ascending, symmetric, with positive weights that add up to the count.
    @Test func shapeOfTheRule() {
        var generator = SplitMix(state: 12)
        for _ in 0..<200 {
            let order = 2 * Int.random(in: 1...6, using: &generator)
            let count = order + 1 + Int(Double.random(in: 0...1, using: &generator) * Double(1 << Int.random(in: 1...50, using: &generator)))
            let rule = UniformSumRule(count: count, order: order)
            let last = Double(count - 1)
            #expect(rule.offsets.allSatisfy { $0 > -1e-15 * last && $0 < last * (1 + 1e-15) }, "\(count), \(order)")
            #expect(zip(rule.offsets, rule.offsets.dropFirst()).allSatisfy { $0 < $1 })
            #expect(rule.weights.allSatisfy { $0 > 0 })
            #expect(abs(rule.weights.reduce(0, +) / Double(count) - 1) < 2e-14, "\(count), \(order)")
            for index in 0..<(order / 2) {
                let mirrored = rule.offsets[order - 1 - index]
                #expect(abs(rule.offsets[index] + mirrored - last) < 4e-16 * Double(count) + 1e-15)
                #expect(relativeError(rule.weights[index], rule.weights[order - 1 - index]) < 1e-13)
            }
        }
    }

    /// A long run of 1/(1 + e^{-y}) and of the logarithm that the exact law adds up, on the ½ that it takes.
    @Test(arguments: [17, 50, 333, 10_000])
    func sumsWhatTheExactLawAddsUp(count: Int) {
        let rule = UniformSumRule(count: count)
        let rate = 0.5 / Double(count)
        for scale in [1e-8, 0.3, 1, 20, 1e9] {
            func term(_ k: Double) -> Double { log1p(scale * exp(-rate * k)) }
            let direct = (0..<count).reduce(0.0) { $0 + term(Double($1)) }
            let sum = zip(rule.offsets, rule.weights).reduce(0.0) { $0 + $1.1 * term($1.0) }
            #expect(relativeError(sum, direct) < 1e-13, "\(scale)")
        }
    }

    /// A rule of order n is not exact for degree 2n: what it misses is the norm of its polynomial, small and of one sign.
    @Test func degreeOfExactnessIsSharp() {
        let rule = UniformSumRule(count: 40, order: 4)
        func gap(_ degree: Int) -> Double {
            func term(_ k: Double) -> Double { pow((k - 19.5) / 40, Double(degree)) }
            let direct = (0..<40).reduce(0.0) { $0 + term(Double($1)) }
            return direct - zip(rule.offsets, rule.weights).reduce(0.0) { $0 + $1.1 * term($1.0) }
        }
        for degree in 0...7 { #expect(abs(gap(degree)) < 1e-14) }
        #expect(gap(8) > 1e-5)
    }
}
