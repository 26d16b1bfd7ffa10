import Errors
import TestSupport
import Testing
import Theory

@Suite struct GradientProcessTests {
    /// What has no exact law says so, by the parameter that is in the way.
    @Test func refusesWithTheParameter() {
        func parameter(_ make: () throws -> Void) -> Parameter? {
            do { try make() } catch { return (error as? ParameterError)?.parameter }
            return nil
        }
        #expect(parameter { _ = try GradientProcess(.laplace, autocorrelation: 0.1) } == .autocorrelation)
        #expect(parameter { _ = try GradientProcess(.laplace, means: [1]) } == .means)
        #expect(parameter { _ = try GradientProcess(.laplace, mean: 1, scales: [1]) } == .scales)
        #expect(parameter { _ = try GradientProcess(.studentT(degreesOfFreedom: 0.3)) } == .gradients)
        #expect(parameter { _ = try GradientProcess(.mixture(share: 2, standardDeviation: 1)) } == .gradients)
        #expect(parameter { _ = try GradientProcess(.recorded) } == .gradients)
        #expect(parameter { _ = try GradientProcess(.recorded, recorded: [1, .nan]) } == .gradients)
        for r in [1, -1, Double.nan, 2] {
            #expect(parameter { _ = try GradientProcess(.normal, autocorrelation: r) } == .autocorrelation)
        }
        for scale in [0, -1, Double.nan, .infinity] {
            #expect(parameter { _ = try GradientProcess(.normal, scales: [1, scale]) } == .scales)
        }
        #expect(parameter { _ = try GradientProcess(.normal, mean: .nan) } == .mu)
        #expect(parameter { _ = try GradientProcess(.normal, means: [0, 1e7]) } == .means)
        #expect(parameter { _ = try GradientProcess(.normal, mean: 1, scales: [1e-9]) } == .mu)
    }

    @Test func refusesCombinationsWithWeights() throws {
        let scaled = try GradientProcess(.normal, scales: [1, 2, 3]), plain = try GradientProcess(.laplace)
        #expect(throws: ParameterError.self) { try ExactProcessLaw(beta2: 0.9, process: scaled, weights: .initialSquare) }
        #expect(throws: ParameterError.self) { try ExactProcessLaw(beta2: 0.9, process: scaled, weights: .list([1])) }
        #expect(throws: ParameterError.self) { try ExactProcessLaw(beta2: 0, process: scaled) }
        for beta2 in [1, -0.1, Double.nan, 1e-200] {
            #expect(throws: ParameterError.self) { try ExactProcessLaw(beta2: beta2, process: plain) }
        }
        for epsilon in [-1, Double.nan, .infinity, 1e-200] {
            #expect(throws: ParameterError.self) { try ExactProcessLaw(beta2: 0.9, process: plain, epsilon: epsilon) }
        }
        // Beyond the list, and beyond what can be walked step by step.
        #expect(throws: ParameterError.self) { try ExactProcessLaw(beta2: 0.9, process: scaled).moments(at: [4]) }
        let correlated = try GradientProcess(.normal, autocorrelation: 0.5)
        #expect(throws: ParameterError.self) { try ExactProcessLaw(beta2: 0.9999999, process: correlated).moments(at: [1_000_000_000]) }
        #expect(throws: ParameterError.self) {
            try ExactProcessLaw(beta2: 0.9, process: plain, weights: .growingDecay(exponent: 0.8)).moments(at: [1_000_000_000])
        }
        // Where β2^t has gone, no step is walked.
        #expect(try ExactProcessLaw(beta2: 0.9, process: correlated).moments(at: [1_000_000_000])[0]!.variance.isFinite)
    }

    /// Gradients of another size: v̂ by its square, ψ by its inverse; also where it changes over many orders.
    @Test func scales() throws {
        for (law, epsilon) in [(GradientLaw.laplace, 0.0), (.laplace, 1e-4), (.normal, 0)] {
            let plain = try ExactProcessLaw(beta2: 0.95, process: GradientProcess(law), epsilon: epsilon).moments(at: [3, 50, 400])
            for scale in [1e-3, 7e4] {
                let process = try GradientProcess(law, scales: Array(repeating: scale, count: 400))
                let scaled = try ExactProcessLaw(beta2: 0.95, process: process, epsilon: epsilon * scale).moments(at: [3, 50, 400])
                for (value, expected) in zip(scaled, plain) {
                    #expect(relativeError(value!.mean * scale, expected!.mean) < 1e-13)
                    #expect(relativeError(value!.variance * scale * scale, expected!.variance) < 1e-12)
                }
            }
            // All but the last eight gradients vanish beside those.
            let late = try GradientProcess(law, scales: Array(repeating: 1e-20, count: 392) + Array(repeating: 1, count: 8))
            let value = try ExactProcessLaw(beta2: 0.95, process: late, weights: .uncorrected, epsilon: epsilon).moments(at: [400])[0]!
            let expected = try ExactProcessLaw(beta2: 0.95, process: GradientProcess(law), weights: .uncorrected, epsilon: epsilon)
                .moments(at: [8])[0]!
            #expect(relativeError(value.variance, expected.variance) < 1e-12)
        }
    }

    /// An exponent that grows by all of e^{±700} over the steps.
    @Test func longWalksStayInRange() throws {
        let process = try GradientProcess(.normal, mean: 0.2, scales: Array(repeating: 1, count: 9000))
        let expected = try ExactLaw(beta2: 0.8, means: [0.2]).moments(at: [9000])[0][0]
        let value = try ExactProcessLaw(beta2: 0.8, process: process).moments(at: [9000])[0]!
        #expect(relativeError(value.variance, expected.variance) < 1e-12)
    }

    @Test func limits() throws {
        let correlated = try GradientProcess(.normal, autocorrelation: 0.5)
        let law = try ExactProcessLaw(beta2: 0.9, process: correlated)
        #expect(relativeError(try law.limit()!.variance, try law.moments(at: [2000])[0]!.variance) < 1e-13)
        #expect(try ExactProcessLaw(beta2: 0.9, process: correlated, weights: .growingDecay(exponent: 0.5)).limit() == nil)
    }
}
