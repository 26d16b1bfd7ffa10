import CKernels
import Errors
import TestSupport
import Testing
import Theory
import Training

struct UniformResidualNetworkTests {
    @Test func everyVariantGivesTheSameBits() throws {
        try checkVariants(Float.self)
        try checkVariants(Double.self)
    }

    private func checkVariants<Scalar: TrainingScalar>(_ type: Scalar.Type) throws {
        // Channels that are no multiple of the kernels' eight.
        let configuration = try UniformResidualNetworkConfiguration(channels: 5, blocks: 2)
        let results = availableVariants.map { variant in
            let model = UniformResidualNetwork<Scalar>(configuration, variant: variant)
            let parameters = model.initialParameters(seed: 3)
            return (lossAndGradient(model, parameters, digits(21)), model.runningState, evaluation(model, parameters, digits(21)))
        }
        for result in results {
            #expect(result.0.loss == results[0].0.loss && result.0.gradient == results[0].0.gradient)
            #expect(result.1 == results[0].1 && result.2 == results[0].2)
        }
    }

    /// Gradient descent on a third of the digits, judged by others.
    @Test func learnsToReadDigits() throws {
        let model = UniformResidualNetwork<Float>(try UniformResidualNetworkConfiguration(channels: 16, blocks: 2))
        var parameters = model.initialParameters(seed: 3)
        for step in 0..<400 {
            let gradient = lossAndGradient(model, parameters, digits(30, from: 30 * (step % 20))).gradient
            for i in parameters.indices { parameters[i] -= 0.3 * gradient[i] }
        }
        let result = evaluation(model, parameters, digits(400, from: 600))
        #expect(result.count == 400)
        #expect(result.correct! > 360)
    }

    @Test func noStepAllocatesAfterTheLargestBatch() throws {
        let model = UniformResidualNetwork<Float>(try UniformResidualNetworkConfiguration(channels: 4, blocks: 2))
        let parameters = model.initialParameters(seed: 3)
        for count in [9, 20, 13] { _ = lossAndGradient(model, parameters, digits(count)) }
        _ = evaluation(model, parameters, digits(1))
        let before = model.workspace.allocations
        for count in [9, 20, 13] { _ = lossAndGradient(model, parameters, digits(count)) }
        #expect(model.workspace.allocations == before)
    }

    @Test func refusesImpossibleShapes() {
        #expect(throws: ParameterError.self) { try UniformResidualNetworkConfiguration(channels: 0) }
        #expect(throws: ParameterError.self) { try UniformResidualNetworkConfiguration(blocks: -1) }
        #expect(throws: ParameterError.self) { try UniformResidualNetworkConfiguration(classes: 1) }
        #expect(throws: ParameterError.self) { try UniformResidualNetworkConfiguration(labelSmoothing: .nan) }
    }
}
