import Foundation
import Optimizers
import TestSupport
import Testing
import Theory

/// What holds for every method, or for every one of a kind.
struct PropertyTests {
    private let initial = [0.5, -2, 3, 0, 1e3, -1e-3, 7]

    @Test(arguments: [0, 1e-8]) func zeroGradientLeavesParametersAlone(epsilon: Double) throws {
        var settings = MethodSettings()
        settings.epsilon = epsilon
        settings.weightDecay = 0
        for (name, method) in try allMethods(settings) {
            var optimizer = try Optimizer<Double>(method, count: initial.count)
            let path = trajectory(&optimizer, from: initial, [[Double]](repeating: initial.map { _ in 0 }, count: 40))
            #expect(path.allSatisfy { $0 == initial }, "\(name)")
        }
    }

    /// Exact, since scaling by a power of two rounds nothing.
    @Test func adaptiveStepIsInvariantUnderScalingOfTheGradients() throws {
        var settings = MethodSettings()
        settings.epsilon = 0
        settings.weightDecay = 0
        let gradients = sampleGradients(steps: 40, count: initial.count)
        var checked = 0
        for (name, method) in try allMethods(settings) {
            guard method.adaptiveRate?.epsilon == .constant(0) else { continue }
            var sequence = try StepSequence(method)
            guard (1...40).allSatisfy({ [.adaptive, .skip, .freeze].contains(sequence.step(at: $0).rule) }) else { continue }
            var optimizer = try Optimizer<Double>(method, count: initial.count)
            var scaled = optimizer
            let path = trajectory(&optimizer, from: initial, gradients)
            let scaledPath = trajectory(&scaled, from: initial, gradients.map { $0.map { $0 * 0x1p20 } })
            #expect(path == scaledPath, "\(name)")
            checked += 1
        }
        #expect(checked >= 30)
    }

    @Test(arguments: [0, 0.3, 0.6]) func radamOfShortMemoryIsMomentumDescent(beta2: Double) throws {
        var settings = MethodSettings()
        settings.beta2 = beta2
        let gradients = sampleGradients(steps: 60, count: initial.count)
        var radam = try Optimizer<Double>(
            MethodSpecification.radam().method(settings, like: .paper), count: initial.count)
        var momentum = try Optimizer<Double>(
            MethodSpecification.sgd(momentum: settings.beta1).method(settings, like: .paper), count: initial.count)
        #expect(trajectory(&radam, from: initial, gradients) == trajectory(&momentum, from: initial, gradients))
    }

    /// From θ = 0, so that the difference of parameters is the step itself; the two products round differently.
    @Test(arguments: [RectificationRule.Variance.firstOrder, .closedForm, .exactLaw, .exact(try! RectificationLaw(.laplace))])
    func radamIsAdamTimesTheFactorAfterTheThreshold(variance: RectificationRule.Variance) throws {
        let settings = MethodSettings()
        let gradients = sampleGradients(steps: 300, count: initial.count)
        let radam = try MethodSpecification.radam(variance).method(settings, like: .paper)
        let adam = try MethodSpecification.adam.method(settings, like: .paper)
        var optimizer = try Optimizer<Double>(radam, count: initial.count)
        var parameters = initial
        var rectified = 0
        for gradient in gradients {
            let state = optimizer.state
            var rectifiedStep = initial.map { _ in 0.0 }
            var plainStep = rectifiedStep
            var twin = try Optimizer([Stretch(firstStep: 1, method: radam)], count: initial.count, state: state)
            var plain = try Optimizer([Stretch(firstStep: 1, method: adam)], count: initial.count, state: state)
            let step = twin.update(&rectifiedStep, gradients: gradient)
            plain.update(&plainStep, gradients: gradient)
            if let factor = step.rectification {
                rectified += 1
                for (rectified, plain) in zip(rectifiedStep, plainStep) {
                    #expect(abs(rectified - factor * plain) <= 4 * plain.ulp)
                }
            } else {
                #expect(step.index < 5)
            }
            optimizer.update(&parameters, gradients: gradient)
        }
        #expect(rectified >= 296)
    }

    @Test func resumingGivesTheSameBits() throws {
        let gradients = sampleGradients(steps: 60, count: initial.count)
        for (name, method) in try allMethods() {
            var whole = try Optimizer<Double>(method, count: initial.count)
            var first = whole
            let path = trajectory(&whole, from: initial, gradients)
            _ = trajectory(&first, from: initial, Array(gradients[..<33]))
            let saved = try JSONEncoder().encode(first.state)
            let state = try JSONDecoder().decode(OptimizerState<Double>.self, from: saved)
            #expect(state == first.state)
            let stretches = try JSONDecoder().decode([Stretch].self, from: JSONEncoder().encode(first.stretches))
            var rest = try Optimizer(stretches, count: initial.count, state: state)
            #expect(trajectory(&rest, from: path[32], Array(gradients[33...])) == Array(path[33...]), "\(name)")
        }
    }

    /// Every instruction set and any number of threads give the same bits, in both precisions; the counts leave a rest.
    @Test func bitsDependOnNeitherProcessorNorThreads() throws {
        try check(Float.self)
        try check(Double.self)

        func check<Scalar: OptimizerScalar>(_: Scalar.Type) throws {
            let count = 70_001
            let gradients = sampleGradients(steps: 7, count: count).map { $0.map { Scalar($0) } }
            for (name, method) in try allMethods() {
                var parameters = [[Scalar]](repeating: [Scalar](repeating: 1, count: count), count: availableVariants.count)
                for (index, variant) in availableVariants.enumerated() {
                    var optimizer = try Optimizer<Scalar>(method, count: count)
                    optimizer.variant = variant
                    for gradient in gradients {
                        optimizer.update(&parameters[index], gradients: gradient, threads: index + 1)
                    }
                }
                #expect(parameters.allSatisfy { $0 == parameters[0] }, "\(name)")
            }
        }
    }

    /// Single precision follows double: each of 40 steps rounds θ, m and v, and ψ's relative error is a few units.
    @Test func singlePrecisionFollowsDouble() throws {
        let gradients = sampleGradients(steps: 40, count: initial.count)
        for (name, method) in try allMethods() where method.adaptiveRate?.isCentred != true {
            var precise = try Optimizer<Double>(method, count: initial.count)
            var single = try Optimizer<Float>(method, count: initial.count)
            var expected = initial
            var parameters = initial.map { Float($0) }
            var travelled = 0.0
            for gradient in gradients {
                let before = expected
                precise.update(&expected, gradients: gradient)
                single.update(&parameters, gradients: gradient.map { Float($0) })
                travelled += zip(before, expected).map { abs($0 - $1) }.max()!
            }
            for (value, reference) in zip(parameters, expected) {
                let bound = 40 * Double(Float(reference).ulp) + 1e-5 * travelled
                #expect(abs(Double(value) - reference) <= bound, "\(name)")
            }
        }
    }

    @Test func clippingBoundsTheNorm() throws {
        let count = 1003
        var settings = MethodSettings()
        settings.learningRate = 1
        settings.clippingNorm = 2
        for implementation in Implementation.allCases {
            let method = try MethodSpecification.sgd().method(settings, like: implementation)
            for scale in [1e-6, 1.0] {
                let gradients = sampleGradients(steps: 1, count: count)[0].map { $0 * scale }
                let norm = gradients.map { $0 * $0 }.reduce(0, +).squareRoot()
                var parameters = [Double](repeating: 0, count: count)
                var optimizer = try Optimizer<Double>(method, count: count)
                optimizer.update(&parameters, gradients: gradients)
                let length = parameters.map { $0 * $0 }.reduce(0, +).squareRoot()
                let guarded = norm + method.clipping!.normGuard
                // The sum of 1003 squares rounds at most by as many halves of a unit, in either order.
                #expect(abs(length - min(norm, 2 * norm / guarded)) <= 1003 * 0x1p-52 * length)
            }
        }
    }
}
