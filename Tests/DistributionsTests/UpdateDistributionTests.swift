import Distributions
import Errors
import Foundation
import TestSupport
import Testing
import Theory

@Suite struct UpdateDistributionTests {
    private static func law(
        _ beta1: Double, _ beta2: Double, mean: Double = 0, epsilon: Double = 0, step: Int
    ) throws -> UpdateDistribution {
        UpdateDistribution(try UpdateLaw(beta1: beta1, beta2: beta2, mean: mean, epsilon: epsilon, step: step))
    }

    /// The reference has 15 digits.
    @Test func agreesWithReference() throws {
        for row in try ReferenceTable("update_law").rows where row["t"]! > 1 && row["mu"]! == 0 {
            let law = try Self.law(row["beta1"]!, row["beta2"]!, step: Int(row["t"]!))
            for x in [0.1, 0.5, 0.9] {
                let expected = try #require(row["tail_\(x)"])
                #expect(relativeError(law.valuesOfSize(at: x).upper, expected) < 2e-14, "x = \(x), \(row)")
            }
        }
    }

    /// Gil-Pelaez's integral of the indefinite quadratic form m̂² - x² v̂, term by term: another integral of another variable, along another path.
    @Test(arguments: [(0.9, 0.999, 400), (0.9, 0.95, 200), (0.5, 0.9, 3), (0.99, 0.9, 40), (0, 0.999, 100), (0.95, 0.95, 300)])
    func agreesWithGilPelaez(beta1: Double, beta2: Double, step: Int) throws {
        let law = try Self.law(beta1, beta2, step: step)
        let average = (0..<step).map { (1 - beta1) * pow(beta1, Double($0)) / (1 - pow(beta1, Double(step))) }
        let square = (0..<step).map { (1 - beta2) * pow(beta2, Double($0)) / (1 - pow(beta2, Double(step))) }
        for x in [0.02, 0.2, 0.5, 0.8] {
            var sum = 0.0
            // A slow average turns fast at large y: the rule needs a smaller spacing than the 0.2 of a few steps.
            let spacing = 0.025
            for index in -1500...1200 {
                let y = exp(Double(index) * spacing)
                var (modulus, angle, real, imaginary) = (0.0, 0.0, 0.0, 0.0)
                for k in 0..<step {
                    let argument = 2 * y * x * x * square[k]
                    modulus -= 0.25 * log1p(argument * argument)
                    angle -= 0.5 * atan(argument)
                    // a²/(1 + i argument).
                    let part = average[k] * average[k] / (1 + argument * argument)
                    real += part
                    imaginary -= part * argument
                }
                // (1 - 2iyS)^{-1/2}.
                let (factorReal, factorImaginary) = (1 + 2 * y * imaginary, -2 * y * real)
                modulus -= 0.5 * log(hypot(factorReal, factorImaginary))
                angle -= 0.5 * atan2(factorImaginary, factorReal)
                sum += exp(modulus) * sin(angle)
            }
            let expected = 0.5 + sum * spacing / .pi
            #expect(abs(law.valuesOfSize(at: x).upper - expected) < 1e-11, "β = (\(beta1), \(beta2)), t = \(step), x = \(x): \(expected)")
        }
    }

    /// Two gradients in polar coordinates: in each direction u rises with the radius from 0 (or stays), and the radial integral of the
    /// shifted normal density beyond r is known. Whatever μ and ε are.
    @Test(arguments: [
        (0.9, 0.999, 0.3, 0.0), (0.9, 0.95, -1, 0), (0.5, 0.9, 3, 0), (0, 0.999, 0.3, 0.01), (0.9, 0.5, -3, 1), (0.99, 0.999, 3, 1),
        (0.7, 0.001, 0, 0.01), (0.9, 0.999, 0, 1), (0.9, 0.9, 1, 10), (0.3, 0.95, 10, 1), (0.2, 0.3, -0.1, 1e-4),
    ])
    func twoStepsByTheAngle(beta1: Double, beta2: Double, mean: Double, epsilon: Double) throws {
        let law = try Self.law(beta1, beta2, mean: mean, epsilon: epsilon, step: 2)
        let (a, b) = (1 / (1 + beta1), beta1 / (1 + beta1)), (v, w) = (1 / (1 + beta2), beta2 / (1 + beta2))
        // Towards this angle u is largest.
        let center = atan2(b / w, a / v)
        for fraction in [1e-3, 0.1, 0.5, 0.9, 0.99] {
            let x = fraction * law.law.largest / (1 + epsilon)
            // m̂ - x√v̂ per unit of radius.
            func excess(_ angle: Double) -> Double {
                let (c, s) = (cos(angle), sin(angle))
                return a * c + b * s - x * (v * c * c + w * s * s).squareRoot()
            }
            func edge(_ direction: Double) -> Double {
                var (low, high) = (0.0, Double.pi)
                for _ in 0..<80 {
                    let middle = (low + high) / 2
                    if excess(center + direction * middle) > 0 { low = middle } else { high = middle }
                }
                return center + direction * low
            }
            let range = (edge(-1), edge(1))
            // At the ends a small ε makes layers as thin.
            var breakpoints = [center]
            for index in -12...12 { breakpoints.append(.pi / 4 + Double(index) * 0.25) }
            for index in 2...12 {
                let distance = pow(10, -Double(index))
                breakpoints += [range.0 + distance, range.1 - distance]
            }
            let integral = try integrate(
                from: range.0, to: range.1, breakpoints: breakpoints, relativeTolerance: 1e-12) { angle in
                let room = excess(angle)
                if room <= 0 { return 0 }
                let radius = x * epsilon / room, shift = mean * (cos(angle) + sin(angle))
                return exp(-mean * mean + radius * shift - radius * radius / 2)
                    + shift * (Double.pi / 2).squareRoot() * exp(shift * shift / 2 - mean * mean) * erfc((radius - shift) / 2.0.squareRoot())
            }
            let values = law.values(at: x)
            #expect(abs(values.upper - integral.value / (2 * .pi)) < 1e-11, "x = \(x): \(values), \(integral.value / (2 * .pi))")
            #expect(abs(values.lower + values.upper - 1) < 1e-14)
        }
    }

    static let laws: [(Double, Double, Double, Double, Int)] = [
        (0.9, 0.999, 0, 0, 3), (0.9, 0.999, 0.1, 1e-8, 1000), (0.9, 0.95, 1, 0.1, 30), (0.95, 0.99999, -0.3, 1e-3, 1_000_000),
        (0, 0.9, 2, 0, 10), (0.5, 0.3, 0.5, 3, 4), (0.9, 0.999, 30, 0, 200), (0.9, 0.999, 0.2, 1, 1), (0.99, 0.9, 0.02, 0, 500),
    ]

    /// E[u²] = ∫ 2x P(|u| > x) dx and E[u] = ∫ [P(u > x) - P(u < -x)] dx are the moments that the law's integrals give without a distribution.
    /// Simpson's rule in sup |u| sin θ, which takes the root-like ends away.
    @Test(arguments: laws)
    func tailsGiveTheMoments(beta1: Double, beta2: Double, mean: Double, epsilon: Double, step: Int) throws {
        let law = try Self.law(beta1, beta2, mean: mean, epsilon: epsilon, step: step)
        let moments = law.law.moments()
        // Beyond twelve deviations from the mean nothing is left.
        let end = min(law.law.largest, abs(moments.mean!) + 12 * moments.variance.squareRoot())
        let start = max(0, abs(moments.mean!) - 12 * moments.variance.squareRoot())
        let count = 120
        var (first, second) = (0.0, 0.0)
        for index in 0...count {
            let angle = Double(index) / Double(count) * .pi
            let x = start + (end - start) * (1 - cos(angle)) / 2
            let weight = (index == 0 || index == count ? 1.0 : index % 2 == 1 ? 4 : 2) * .pi / Double(count) / 3 * (end - start) * sin(angle) / 2
            first += weight * (law.values(at: x).upper - law.values(at: -x).lower)
            second += weight * 2 * x * law.valuesOfSize(at: x).upper
        }
        let sign = (moments.mean! < 0 ? -1.0 : 1)
        #expect(abs(first + sign * start - moments.mean!) < 1e-6 * moments.rootMeanSquare)
        #expect(relativeError(second + start * start, moments.secondMoment) < 1e-6)
    }

    /// The density is the slope of the tails (central differences over 1e-4 of x leave 1e-8 of the law's curvature, and rounding 1e-11), and the
    /// quantiles invert them.
    @Test(arguments: laws)
    func densityAndQuantiles(beta1: Double, beta2: Double, mean: Double, epsilon: Double, step: Int) throws {
        let law = try Self.law(beta1, beta2, mean: mean, epsilon: epsilon, step: step)
        var previous = 0.0
        for probability in [1e-9, 0.01, 0.3, 0.5, 0.9, 0.99, 1 - 1e-6] {
            let x = try law.quantileOfSize(probability)
            #expect(x > previous && x < law.law.largest)
            previous = x
            let values = law.valuesOfSize(at: x)
            // The rounding of x moves the tail, too.
            let tolerance = 1e-11 * min(probability, 1 - probability) + 2e-16 * x * values.density! + 1e-16
            #expect(abs(values.lower - probability) < tolerance, "p = \(probability), \(values)")
            let both = (law.values(at: x), law.values(at: -x))
            #expect(abs(values.upper - both.0.upper - both.1.lower) < 1e-12 * values.upper + 1e-15)
            #expect(abs(values.density! - both.0.density! - both.1.density!) < 1e-11 * values.density!)
            let width = 1e-4 * min(x, law.law.moments().variance.squareRoot(), law.law.largest - x)
            let slope = (law.valuesOfSize(at: x + width).lower - law.valuesOfSize(at: x - width).lower) / (2 * width)
            #expect(relativeError(slope, values.density!) < 1e-4 + 1e-15 / (width * slope), "p = \(probability): \(slope), \(values)")
        }
    }

    /// Simulated updates stay within the band of Dvoretzky, Kiefer, Wolfowitz and Massart about the distribution function, which they leave with
    /// probability 1e-6 at most.
    @Test(arguments: [(0.9, 0.999, 0.0, 0.0, 10), (0.9, 0.95, 0.3, 0.1, 25), (0.8, 0.9, -1, 0, 3), (0, 0.99, 0.5, 1, 12), (0.9, 0.999, 0.1, 1e-8, 60)])
    func simulation(beta1: Double, beta2: Double, mean: Double, epsilon: Double, step: Int) throws {
        let law = try Self.law(beta1, beta2, mean: mean, epsilon: epsilon, step: step)
        var generator = SplitMix(state: 11)
        let count = 40_000
        let updates = (0..<count).map { _ in
            var (m, v) = (0.0, 0.0)
            for _ in 0..<step {
                let g = mean + (-2 * log(1 - generator.uniform())).squareRoot() * cos(2 * .pi * generator.uniform())
                m = beta1 * m + (1 - beta1) * g
                v = beta2 * v + (1 - beta2) * g * g
            }
            return m / (1 - pow(beta1, Double(step))) / ((v / (1 - pow(beta2, Double(step)))).squareRoot() + epsilon)
        }.sorted()
        let band = (log(2 / 1e-6) / (2 * Double(count))).squareRoot()
        for index in stride(from: 50, to: count, by: 997) {
            #expect(abs(law.values(at: updates[index]).lower - (Double(index) + 0.5) / Double(count)) < band)
        }
        #expect(max(abs(updates[0]), abs(updates[count - 1])) <= law.law.largest * (1 + 1e-12))
    }
}
