import Errors
import Foundation
import TestSupport
import Testing
import Theory

/// The moments of the update for independent gradients that are not normal.
@Suite struct GradientUpdateLawTests {
    private func law(_ specification: String, mean: Double = 0) throws -> GradientUpdateLaw {
        try GradientUpdateLaw(GradientProcess(GradientLaw(specification: specification), mean: mean))
    }

    /// u_1 is the sign of the first gradient: E[u] = P(g > 0) - P(g < 0) in closed form, and u² = 1.
    @Test(arguments: [0.1, 0.5, 3]) func firstStepIsASign(mean: Double) throws {
        for (name, expected) in [
            ("laplace", 1 - exp(-2.0.squareRoot() * mean)), ("uniform", min(1, mean / 3.0.squareRoot())),
            ("logistic", tanh(mean * .pi / (2 * 3.0.squareRoot()))), ("student-t:1", 2 / .pi * atan(mean)),
            ("mixture:0.2,3", 0.8 * erf(mean / (2 / 2.6).squareRoot()) + 0.2 * erf(mean / (18 / 2.6).squareRoot())),
        ] {
            for sign in [1.0, -1] {
                let moments = try law(name, mean: sign * mean).moments(beta1: 0.9, beta2: 0.99, step: 1)
                #expect(abs(moments.mean! - sign * expected) < 1e-12, "\(name) \(mean)")
                #expect(abs(moments.secondMoment - 1) < 1e-12 && abs(moments.variance - (1 - expected * expected)) < 1e-12, "\(name) \(mean)")
            }
        }
    }

    /// A mixture of two equal normal laws is the normal law, by another route: to the accuracy of both.
    @Test(arguments: [(0.0, 0.0), (0.3, 0), (0, 0.01), (2, 1), (50, 0), (-1, 1e-8), (0.5, 100)])
    func normalByAnotherRoute(mean: Double, epsilon: Double) throws {
        let general = try law("mixture:0.5,1", mean: mean)
        for (beta1, beta2, step) in [(0.9, 0.999, 1), (0.9, 0.999, 2), (0.9, 0.95, 7), (0, 0.99, 30), (0.99, 0.9, 40), (0.9, 0.999, 3000), (0.9, 0.999, 100_000)] {
            let found = try general.moments(beta1: beta1, beta2: beta2, epsilon: epsilon, step: step)
            let expected = try UpdateLaw(beta1: beta1, beta2: beta2, mean: mean, epsilon: epsilon, step: step).moments()
            #expect(abs(found.mean! - expected.mean!) <= 2e-12 * abs(expected.mean!), "\(mean) \(epsilon) \(step)")
            #expect(relativeError(found.secondMoment, expected.secondMoment) < 2e-12, "\(mean) \(epsilon) \(step)")
            #expect(abs(found.variance - expected.variance) <= 1e-11 * expected.variance + 1e-15, "\(mean) \(epsilon) \(step) \(found) \(expected)")
        }
    }

    /// Two steps as a double integral over the densities, each quadrant by another rule, in the C library's functions.
    @Test(arguments: [0.0, 0.2]) func twoSteps(epsilon: Double) throws {
        let root = 2.0.squareRoot(), s = 3.0.squareRoot() / Double.pi
        let densities: [(name: String, mean: Double, density: (Double) -> Double)] = [
            ("laplace", 0, { exp(-root * abs($0)) / root }),
            ("logistic", 0.4, { x in
                let e = exp(-abs(x - 0.4) / s)
                return e / (s * (1 + e) * (1 + e))
            }),
            // Student's t with 3 degrees of freedom, of unit variance.
            ("student-t:3", -0.7, { x in 2 / (Double.pi * pow(1 + (x + 0.7) * (x + 0.7), 2)) }),
        ]
        let (beta1, beta2) = (0.8, 0.9)
        let (a0, a1) = ((1 - beta1) / (1 - beta1 * beta1), (1 - beta1) * beta1 / (1 - beta1 * beta1))
        let (w0, w1) = ((1 - beta2) / (1 - beta2 * beta2), (1 - beta2) * beta2 / (1 - beta2 * beta2))
        for (name, mean, density) in densities {
            var (first, second) = (0.0, 0.0)
            for (p, q) in [(1.0, 1.0), (1, -1), (-1, 1), (-1, -1)] {
                func integral(_ power: Int) -> Double {
                    halfLineIntegral(step: 1.0 / 16) { x in
                        let outer = density(p * x)
                        return outer == 0 ? 0 : outer * halfLineIntegral(step: 1.0 / 16) { y in
                            let u = (a0 * p * x + a1 * q * y) / ((w0 * x * x + w1 * y * y).squareRoot() + epsilon)
                            return density(q * y) * (power == 1 ? u : u * u)
                        }
                    }
                }
                first += integral(1)
                second += integral(2)
            }
            let found = try law(name, mean: mean).moments(beta1: beta1, beta2: beta2, epsilon: epsilon, step: 2)
            // What the rule of this step leaves of an integrand with a corner at zero.
            #expect(abs(found.mean! - first) < 1e-9, "\(name) \(found.mean!) \(first)")
            #expect(abs(found.secondMoment - second) < 1e-9, "\(name) \(found.secondMoment) \(second)")
        }
    }

    /// Recorded values by all sequences of them: skewed, with a zero, shifted, with ε.
    @Test(arguments: [0.0, 0.05]) func recordedValues(epsilon: Double) throws {
        let (beta1, beta2, step) = (0.7, 0.9, 5)
        for (values, mean) in [([0.5, -1, 1, -0.25], 0.0), ([2, 0, -1, -1], 0), ([0.1, 0.2, -0.3], 1), ([1, -1, 3], -0.4)] {
            var (first, second, count) = (0.0, 0.0, 0)
            var places = [Int](repeating: 0, count: step)
            while true {
                var (m, v) = (0.0, 0.0)
                for place in places {
                    let g = values[place] + mean
                    m = beta1 * m + (1 - beta1) * g
                    v = beta2 * v + (1 - beta2) * g * g
                }
                m /= 1 - pow(beta1, Double(step))
                v /= 1 - pow(beta2, Double(step))
                let u = v == 0 ? 0 : m / (v.squareRoot() + epsilon)
                (first, second, count) = (first + u, second + u * u, count + 1)
                guard let next = places.lastIndex(where: { $0 < values.count - 1 }) else { break }
                places[next] += 1
                for index in (next + 1)..<step { places[index] = 0 }
            }
            (first, second) = (first / Double(count), second / Double(count))
            let law = try GradientUpdateLaw(GradientProcess(.recorded, recorded: values, mean: mean))
            let found = try law.moments(beta1: beta1, beta2: beta2, epsilon: epsilon, step: step)
            #expect(abs(found.mean! - first) < 1e-12 && abs(found.secondMoment - second) < 1e-12, "\(values) \(mean) \(found) \(first) \(second)")
            #expect(abs(found.variance - (second - first * first)) < 1e-11, "\(values) \(mean)")
        }
    }

    /// 40,000 trajectories of 60 steps: within five standard errors, which happens by chance once in a million.
    @Test(arguments: ["laplace", "uniform", "student-t:1"]) func simulation(name: String) throws {
        var generator = SplitMix(state: 91)
        func noise() -> Double {
            let uniform = generator.uniform()
            switch name {
            case "laplace": return (uniform < 0.5 ? log(2 * uniform) : -log(2 * (1 - uniform))) / 2.0.squareRoot()
            case "uniform": return 3.0.squareRoot() * (2 * uniform - 1)
            default: return tan(.pi * (uniform - 0.5))
            }
        }
        let (beta1, beta2, step, mean, count) = (0.9, 0.97, 60, 0.3, 40_000)
        var sums = [0.0, 0, 0]
        for _ in 0..<count {
            var (m, v) = (0.0, 0.0)
            for _ in 0..<step {
                let g = noise() + mean
                m = beta1 * m + (1 - beta1) * g
                v = beta2 * v + (1 - beta2) * g * g
            }
            let u = m / (1 - pow(beta1, Double(step))) / (v / (1 - pow(beta2, Double(step)))).squareRoot()
            sums[0] += u
            sums[1] += u * u
            sums[2] += u * u * u * u
        }
        let moments = try law(name, mean: mean).moments(beta1: beta1, beta2: beta2, step: step)
        let (first, second, fourth) = (sums[0] / Double(count), sums[1] / Double(count), sums[2] / Double(count))
        #expect(abs(first - moments.mean!) < 5 * (moments.variance / Double(count)).squareRoot(), "\(name)")
        #expect(abs(second - moments.secondMoment) < 5 * ((fourth - second * second) / Double(count)).squareRoot(), "\(name)")
    }

    @Test func domain() throws {
        #expect { try GradientUpdateLaw(GradientProcess(.normal, autocorrelation: 0.5)) } throws: { ($0 as? ParameterError)?.parameter == .autocorrelation }
        #expect { try GradientUpdateLaw(GradientProcess(.normal, scales: [1, 2])) } throws: { ($0 as? ParameterError)?.parameter == .scales }
        let laplace = try law("laplace")
        #expect { try laplace.moments(beta1: 1, beta2: 0.9, step: 3) } throws: { ($0 as? ParameterError)?.parameter == .beta1 }
        #expect(throws: ParameterError.self) { try laplace.moments(beta1: 0.9, beta2: 0.9, epsilon: -1, step: 3) }
        #expect(throws: ParameterError.self) { try laplace.moments(beta1: 0.9, beta2: 0.9, step: 0) }
        // The newest gradient's size alone divides by a number near zero.
        let single = try laplace.moments(beta1: 0.9, beta2: 0, step: 3)
        #expect(single.secondMoment == .infinity && single.mean == 0)
        #expect { try law("student-t:1").moments(beta1: 0.9, beta2: 1e-20, step: 30) } throws: { ($0 as? ParameterError)?.parameter == .beta2 }
    }
}
