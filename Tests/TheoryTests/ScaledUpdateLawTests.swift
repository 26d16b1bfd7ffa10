import Errors
import Foundation
import TestSupport
import Testing
import Theory

/// The size of the update for normal gradients whose σ changes over the steps.
@Suite struct ScaledUpdateLawTests {
    /// Of one scale it is the law of gradients that are alike at all steps; ε is in units of the scales.
    @Test(arguments: [(0.9, 0.999, 1), (0.9, 0.99, 2), (0.9, 0.95, 37), (0, 0.9, 10), (0.9, 0.999, 400)])
    func oneScale(beta1: Double, beta2: Double, step: Int) throws {
        for (scale, epsilon) in [(1.0, 0.0), (1e-3, 0), (1e6, 0), (2, 0.5), (1e-3, 1e-8)] {
            let found = try ScaledUpdateLaw(beta1: beta1, beta2: beta2, epsilon: epsilon, scales: Array(repeating: scale, count: step)).secondMoment
            let expected = try UpdateLaw(beta1: beta1, beta2: beta2, epsilon: epsilon / scale, step: step).moments().secondMoment
            #expect(relativeError(found, expected) < 2e-12, "\(scale) \(epsilon)")
        }
    }

    /// Two steps in polar coordinates: u depends on the angle alone, and the trapezoid rule over a period is exact to rounding.
    @Test func twoSteps() throws {
        let (beta1, beta2) = (0.8, 0.9)
        for (older, newer) in [(1.0, 3.0), (5, 0.2), (1, 1)] {
            let count = 4000
            var sum = 0.0
            for index in 0..<count {
                let angle = 2 * Double.pi * (Double(index) + 0.5) / Double(count)
                let (x, y) = (newer * cos(angle), older * sin(angle))
                let m = (1 - beta1) * (x + beta1 * y) / (1 - beta1 * beta1)
                sum += m * m * (1 - beta2 * beta2) / ((1 - beta2) * (x * x + beta2 * y * y))
            }
            let found = try ScaledUpdateLaw(beta1: beta1, beta2: beta2, scales: [older, newer]).secondMoment
            #expect(relativeError(found, sum / Double(count)) < 1e-12, "\(older) \(newer)")
        }
    }

    /// 40,000 trajectories with scales that grow and jump: within five standard errors.
    @Test func simulation() throws {
        var generator = SplitMix(state: 92)
        let scales = (0..<30).map { $0 < 20 ? 1 + Double($0) / 10 : 0.2 }
        let (beta1, beta2, count) = (0.9, 0.95, 40_000)
        var (second, fourth) = (0.0, 0.0)
        for _ in 0..<count {
            var (m, v) = (0.0, 0.0)
            for scale in scales {
                let g = scale * (-2 * log(1 - generator.uniform())).squareRoot() * cos(2 * .pi * generator.uniform())
                m = beta1 * m + (1 - beta1) * g
                v = beta2 * v + (1 - beta2) * g * g
            }
            let u = m / (1 - pow(beta1, 30)) / (v / (1 - pow(beta2, 30))).squareRoot()
            second += u * u / Double(count)
            fourth += u * u * u * u / Double(count)
        }
        let exact = try ScaledUpdateLaw(beta1: beta1, beta2: beta2, scales: scales).secondMoment
        #expect(abs(second - exact) < 5 * ((fourth - second * second) / Double(count)).squareRoot())
    }

    @Test func domain() {
        #expect { try ScaledUpdateLaw(beta1: 0.9, beta2: 0, scales: [1, 2]) } throws: { ($0 as? ParameterError)?.parameter == .beta2 }
        for scale in [0, -1, .nan, .infinity, 1e60] {
            #expect { try ScaledUpdateLaw(beta1: 0.9, beta2: 0.9, scales: [1, scale]) } throws: { ($0 as? ParameterError)?.parameter == .scales }
        }
        #expect(throws: ParameterError.self) { try ScaledUpdateLaw(beta1: 0.9, beta2: 0.9, scales: []) }
    }
}
