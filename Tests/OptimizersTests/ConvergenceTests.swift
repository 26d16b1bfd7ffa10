import Optimizers
import Testing
import Theory

/// Every method minimises what it should.
struct ConvergenceTests {
    /// ½ Σ λ_i θ_i² with λ = 1, 3, 10 from θ = (1, -2, 3), where it is 51.5.
    @Test func quadratic() throws {
        let curvatures = [1.0, 3, 10]
        for (name, method) in try decayingMethods(steps: 4000, sgd: 0.05, adaptive: 0.02) {
            let minimum = try minimise(method, from: [1, -2, 3], steps: 4000) { theta in
                zip(curvatures, theta).map(*)
            }
            let value = zip(curvatures, minimum).map { 0.5 * $0 * $1 * $1 }.reduce(0, +)
            #expect(value < 1e-4 * 51.5, "\(name): \(value)")
        }
    }

    /// (1-x)² + 100 (y-x²)² from (-1.2, 1), where it is 24.2: a narrow bent valley.
    @Test func rosenbrock() throws {
        for (name, method) in try decayingMethods(steps: 30_000, sgd: 0.0005, adaptive: 0.01) {
            let minimum = try minimise(method, from: [-1.2, 1], steps: 30_000) { theta in
                let valley = theta[1] - theta[0] * theta[0]
                return [-2 * (1 - theta[0]) - 400 * theta[0] * valley, 200 * valley]
            }
            let valley = minimum[1] - minimum[0] * minimum[0]
            let value = (1 - minimum[0]) * (1 - minimum[0]) + 100 * valley * valley
            #expect(value < 0.01 * 24.2, "\(name): \(value)")
        }
    }

    private func decayingMethods(steps: Int, sgd: Double, adaptive: Double) throws -> [(name: String, method: OptimizationMethod)] {
        var settings = MethodSettings()
        settings.stepDecay = .linear(steps: steps)
        // A gradient that shrinks to 0 divided by a long memory of larger ones would stop early.
        settings.beta2 = 0.99
        return try allMethods(settings).map { name, method in
            var method = method
            // RAdam's first steps are steps of SGD, and diverge where those do.
            let takesPlainSteps = method.adaptiveRate == nil || method.rectification?.before == .momentumStep
            var rate = takesPlainSteps ? sgd : adaptive
            // These accumulate up to ten gradients in a step.
            switch method.momentum {
            case .accumulation, .afterAdaptiveRate: rate /= 10
            default: break
            }
            method.stepSize.learningRate = rate
            return (name, method)
        }
    }

    private func minimise(
        _ method: OptimizationMethod, from initial: [Double], steps: Int, gradient: ([Double]) -> [Double]
    ) throws -> [Double] {
        var optimizer = try Optimizer<Double>(method, count: initial.count)
        var parameters = initial
        for _ in 0..<steps { optimizer.update(&parameters, gradients: gradient(parameters)) }
        return parameters
    }
}
