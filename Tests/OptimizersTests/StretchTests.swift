import Errors
import Optimizers
import Testing
import Theory

/// Appendix C: the method of each stretch of steps.
struct StretchTests {
    private let initial = [0.5, -2, 3]
    private let gradients = sampleGradients(steps: 30, count: 3)

    private func method(_ text: String) throws -> OptimizationMethod {
        try MethodSpecification(parsing: text).method(MethodSettings(), like: .paper)
    }

    @Test func dividingAMethodChangesNothing() throws {
        for (name, method) in try allMethods() {
            if case .afterAdaptiveRate = method.momentum { continue }
            var whole = try Optimizer<Double>(method, count: 3)
            var divided = try Optimizer<Double>(
                [1, 5, 9].map { Stretch(firstStep: $0, method: method) }, count: 3)
            #expect(
                trajectory(&whole, from: initial, gradients) == trajectory(&divided, from: initial, gradients), "\(name)")
        }
    }

    /// SGD by momentum, then Adam, then RAdam, against the three step rules applied to one pair of averages.
    @Test func averagesRunThroughAllStretches() throws {
        let stretches = [
            Stretch(firstStep: 1, method: try method("sgd:0.9")), Stretch(firstStep: 5, method: try method("adam")),
            Stretch(firstStep: 9, method: try method("radam")),
        ]
        var optimizer = try Optimizer<Double>(stretches, count: 3)
        let path = trajectory(&optimizer, from: initial, gradients)
        var theta = initial
        for coordinate in 0..<3 {
            var momentum = 0.0, square = 0.0, beta1Power = 1.0, beta2Power = 1.0
            for (index, gradient) in gradients.enumerated() {
                let t = index + 1, g = gradient[coordinate]
                momentum = 0.9 * momentum + 0.1 * g
                square = 0.999 * square + 0.001 * g * g
                beta1Power *= 0.9
                beta2Power *= 0.999
                var step = 0.001 * momentum / (1 - beta1Power)
                if t >= 5 { step *= (1 - beta2Power).squareRoot() / (square.squareRoot() + 1e-8) }
                if t >= 9 {
                    let limit = 1999.0
                    let rho = limit - 2 * Double(t) * beta2Power / (1 - beta2Power)
                    step *= ((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho)).squareRoot()
                }
                theta[coordinate] -= step
                // The textbook's ρ_t and bias corrections lose up to 1e-10 here.
                #expect(abs(path[index][coordinate] - theta[coordinate]) <= 1e-9 * 0.1, "t = \(t)")
            }
        }
    }

    @Test func refusesStretchesThatDoNotFollowOneAnother() throws {
        let adam = try method("adam")
        for firstSteps in [[], [2], [1, 1], [1, 5, 4]] {
            #expect(throws: ParameterError.self) {
                try Optimizer<Float>(firstSteps.map { Stretch(firstStep: $0, method: adam) }, count: 1)
            }
        }
        for other in ["rmsprop:0.9", "rmsprop-centred"] {
            #expect(throws: ParameterError.self) {
                try Optimizer<Float>(
                    [Stretch(firstStep: 1, method: adam), Stretch(firstStep: 2, method: try method(other))], count: 1)
            }
        }
    }
}
