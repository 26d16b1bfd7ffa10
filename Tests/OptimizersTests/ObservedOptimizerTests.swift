import Optimizers
import Testing

/// What is measured of a step against what the step did.
struct ObservedOptimizerTests {
    /// θ_0 = 0 and small steps: θ_{t-1} - θ_t is off by the rounding of θ, at most 40 steps of it.
    @Test(arguments: MethodSpecification.all, [0.0, 0.1])
    func updateIsWhatParametersMoveBy(specification: MethodSpecification, weightDecay: Double) throws {
        let gradients = try Trajectories.gradients()
        for implementation in Implementation.allCases {
            for isDecoupled in [false, true] {
                var settings = MethodSettings()
                settings.weightDecay = weightDecay
                settings.isDecoupled = isDecoupled
                settings.clippingNorm = 5
                let method = try specification.method(settings, like: implementation)
                var observed = ObservedOptimizer(try Optimizer<Double>(method, count: 5))
                var parameters = [0.5, -0.25, 0.125, 1, -1]
                for (index, gradient) in gradients.enumerated() {
                    let before = parameters
                    let statistics = parameters.withUnsafeMutableBufferPointer { parameters in
                        gradient.withUnsafeBufferPointer { observed.update(parameters, gradients: $0).statistics }
                    }
                    let moved = zip(before, parameters).map { $0 - $1 }
                    // Half a unit in the last place for each of the three operations on θ.
                    let rounding = 4 * zip(before, parameters).map { max($0.magnitude.ulp, $1.magnitude.ulp) }.max()!
                    let largest = moved.map(\.magnitude).max()!
                    let root = (moved.map { $0 * $0 }.reduce(0, +) / 5).squareRoot()
                    let place = "\(specification), \(implementation), t = \(index + 1)"
                    #expect(abs(statistics.largestUpdate - largest) <= rounding + 1e-14 * largest, "\(place)")
                    #expect(abs(statistics.updateRootMeanSquare - root) <= rounding + 1e-14 * root, "\(place)")
                }
            }
        }
    }

    /// The same steps whether they are watched or not.
    @Test(arguments: MethodSpecification.all)
    func watchingChangesNothing(specification: MethodSpecification) throws {
        var settings = MethodSettings()
        settings.weightDecay = 0.01
        let method = try specification.method(settings, like: .torch)
        var plain = try Optimizer<Double>(method, count: 5)
        var observed = ObservedOptimizer(plain)
        var one = [Double](repeating: 1, count: 5), two = one
        for gradient in try Trajectories.gradients() {
            plain.update(&one, gradients: gradient)
            two.withUnsafeMutableBufferPointer { two in
                gradient.withUnsafeBufferPointer { _ = observed.update(two, gradients: $0) }
            }
            #expect(one == two)
        }
        #expect(observed.optimizer.state == plain.state)
    }

    /// At t = 1 the paper's ψ is 1/|g| without ε: 1 and 1/2 for the gradients 1 and -2.
    @Test func adaptiveRatesByHand() throws {
        var settings = MethodSettings()
        settings.epsilon = 0
        var observed = ObservedOptimizer(try Optimizer<Double>(try MethodSpecification.adam.method(settings, like: .paper), count: 2))
        var parameters = [0.0, 0.0]
        let statistics = parameters.withUnsafeMutableBufferPointer { parameters in
            [1.0, -2.0].withUnsafeBufferPointer { observed.update(parameters, gradients: $0).statistics }
        }
        #expect(abs(statistics.meanAdaptiveRate! - 0.75) < 1e-15 && abs(statistics.varianceOfAdaptiveRate! - 0.125) < 1e-15)
        #expect(abs(statistics.largestUpdate - 0.001) < 1e-18 && abs(statistics.updateRootMeanSquare - 0.001) < 1e-18)
    }

    /// What has no value, and what leaves the range of doubles when it is squared.
    @Test func edges() throws {
        func first(_ specification: MethodSpecification, _ gradients: [Double]) throws -> StepStatistics {
            var settings = MethodSettings()
            settings.learningRate = 1
            settings.epsilon = 0
            var observed = ObservedOptimizer(
                try Optimizer<Double>(try specification.method(settings, like: .torch), count: gradients.count))
            var parameters = gradients.map { _ in 0.0 }
            return parameters.withUnsafeMutableBufferPointer { parameters in
                gradients.withUnsafeBufferPointer { observed.update(parameters, gradients: $0).statistics }
            }
        }
        let tiny = try first(.sgd(), [3e-200, -4e-200])
        #expect(abs(tiny.updateRootMeanSquare / (5e-200 / 2.0.squareRoot()) - 1) < 1e-15 && tiny.largestUpdate == 4e-200)
        let huge = try first(.sgd(), [3e200, -4e200])
        #expect(abs(huge.updateRootMeanSquare / (5e200 / 2.0.squareRoot()) - 1) < 1e-15 && huge.meanAdaptiveRate == nil)
        let least = try first(.sgd(), [.leastNonzeroMagnitude])
        #expect(least.updateRootMeanSquare == .leastNonzeroMagnitude)
        let dead = try first(.adam, [0, 1])
        #expect(dead.meanAdaptiveRate == .infinity && dead.varianceOfAdaptiveRate == nil && dead.largestUpdate == 1)
        let single = try first(.adam, [2])
        #expect(single.meanAdaptiveRate != nil && single.varianceOfAdaptiveRate == nil)
        let lost = try first(.sgd(), [1, .nan, 2])
        #expect(lost.largestUpdate.isNaN && lost.updateRootMeanSquare.isNaN)
        #expect(try first(.sgd(), [1, .infinity]).updateRootMeanSquare == .infinity)
        #expect(try first(.sgd(), [0, 0]).updateRootMeanSquare == 0)
    }
}
