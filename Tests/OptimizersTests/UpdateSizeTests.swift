import Optimizers
import TestSupport
import Testing

/// The size of an update in single precision, taken from the update itself.
@Suite struct UpdateSizeTests {
    private static let count = 37

    private func gradients(_ step: Int) -> [Float] {
        (0..<Self.count).map { Float(($0 * 31 + step * 17) % 23) / 16 - 0.7 }
    }

    /// Runs a method and gives for each step the size by itself and by the difference of θ in a second run with θ near 0, where
    /// single precision loses nothing of the update that matters: relative 1e-5.
    private func sizes(_ specification: MethodSpecification, like implementation: Implementation, settings: MethodSettings) throws {
        let method = try specification.method(settings, like: implementation)
        var optimizer = try Optimizer<Float>(method, count: Self.count)
        var reference = try ObservedOptimizer(Optimizer<Double>(method, count: Self.count))
        var parameters = [Float](repeating: 0.25, count: Self.count)
        var doubles = parameters.map(Double.init)
        for step in 1...8 {
            let gradients = gradients(step)
            let previous = parameters
            let taken = optimizer.update(&parameters, gradients: gradients)
            let size = gradients.withUnsafeBufferPointer { gradients in
                previous.withUnsafeBufferPointer { optimizer.updateRootMeanSquare(of: taken, gradients: gradients, previous: $0) }
            }
            let expected = doubles.withUnsafeMutableBufferPointer { doubles in
                gradients.map(Double.init).withUnsafeBufferPointer { reference.update(doubles, gradients: $0).statistics.updateRootMeanSquare }
            }
            // m, v and θ are rounded to 2^-24 at each of eight steps; ψ near ε = 0 doubles what v has lost.
            #expect(abs(size - expected) <= 1e-5 * expected, "\(specification) \(implementation) step \(step): \(size) \(expected)")
        }
    }

    @Test func itIsThatOfTheSameMethodInDoublePrecision() throws {
        var settings = MethodSettings()
        settings.learningRate = 1e-3
        for implementation in Implementation.allCases {
            for specification in MethodSpecification.all {
                try sizes(specification, like: implementation, settings: settings)
            }
        }
    }

    @Test func weightDecayAndClippingAreInIt() throws {
        for isDecoupled in [false, true] {
            var settings = MethodSettings()
            settings.learningRate = 1e-2
            settings.weightDecay = 0.1
            settings.isDecoupled = isDecoupled
            settings.clippingNorm = 0.5
            for specification in [MethodSpecification.sgd(momentum: 0.9), .adam, .radam(), .rmsprop(momentum: 0.9), .nadam] {
                try sizes(specification, like: .torch, settings: settings)
            }
        }
    }

    /// The same bits by every instruction set, at lengths with and without a rest.
    @Test func noProcessorChangesIt() throws {
        var settings = MethodSettings()
        settings.weightDecay = 0.1
        for (count, specification) in [1, 8, 37].flatMap({ count in MethodSpecification.all.map { (count, $0) } }) {
            let method = try specification.method(settings, like: .torch)
            let sizes = try availableVariants.map { variant in
                var optimizer = try Optimizer<Float>(method, count: count)
                optimizer.variant = variant
                var parameters = [Float](repeating: 0.25, count: count)
                return (1...7).map { step in
                    let gradients = Array(gradients(step)[..<count]), previous = parameters
                    let taken = optimizer.update(&parameters, gradients: gradients)
                    return gradients.withUnsafeBufferPointer { gradients in
                        previous.withUnsafeBufferPointer { optimizer.updateRootMeanSquare(of: taken, gradients: gradients, previous: $0) }
                    }
                }
            }
            for other in sizes.dropFirst() { #expect(other == sizes[0], "\(specification), \(count) parameters") }
        }
    }

    /// Far below half a unit in the last place of θ: θ stays, its update has a size.
    @Test(arguments: [1e-9, 1e-12, 1e-30])
    func anUpdateThatRoundingSwallowsHasItsSize(rate: Double) throws {
        var settings = MethodSettings()
        settings.learningRate = rate
        var optimizer = try Optimizer<Float>(MethodSpecification.adam.method(settings, like: .torch), count: Self.count)
        var parameters = [Float](repeating: 1, count: Self.count)
        let gradients = [Float](repeating: 0.5, count: Self.count), previous = parameters
        let step = optimizer.update(&parameters, gradients: gradients)
        #expect(parameters == previous)
        let size = gradients.withUnsafeBufferPointer { gradients in
            previous.withUnsafeBufferPointer { optimizer.updateRootMeanSquare(of: step, gradients: gradients, previous: $0) }
        }
        #expect(abs(size / rate - 1) < 1e-6)
    }

    @Test func aFreezeHasNone() throws {
        var optimizer = try Optimizer<Float>(MethodSpecification.adamFreeze(steps: 2).method(MethodSettings(), like: .paper), count: 3)
        var parameters: [Float] = [1, 2, 3]
        let gradients: [Float] = [1, 1, 1]
        let sizes = (0..<3).map { _ in
            let previous = parameters
            let step = optimizer.update(&parameters, gradients: gradients)
            return gradients.withUnsafeBufferPointer { gradients in
                previous.withUnsafeBufferPointer { optimizer.updateRootMeanSquare(of: step, gradients: gradients, previous: $0) }
            }
        }
        #expect(sizes[0] == 0 && sizes[1] == 0 && sizes[2] > 0)
    }
}
