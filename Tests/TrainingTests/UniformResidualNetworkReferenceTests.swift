import Errors
import Foundation
import Testing
import Training

/// The loss, its gradient and the running moments against PyTorch in double; see `Reference/make_networks.py`.
struct UniformResidualNetworkReferenceTests {
    private struct Description: Decodable {
        struct Parameter: Decodable {
            let name: String
            let shape: [Int]
        }
        let channels, blocks, classes, side: Int
        let label_smoothing: Double
        let parameters: [Parameter]
    }

    @Test func agreesWithPyTorch() throws {
        let url = Bundle.module.url(forResource: "uniform_residual_network", withExtension: "json", subdirectory: "Reference")!
        let description = try JSONDecoder().decode(Description.self, from: Data(contentsOf: url))
        let model = UniformResidualNetwork<Double>(
            try UniformResidualNetworkConfiguration(
                channels: description.channels, blocks: description.blocks, classes: description.classes,
                side: description.side, labelSmoothing: description.label_smoothing))
        #expect(model.layout.tensors.map(\.name) == description.parameters.map(\.name))
        #expect(model.layout.tensors.map(\.shape) == description.parameters.map(\.shape))

        let arrays = try ReferenceArrays("uniform_residual_network")
        let batch = ImageBatch(
            images: try arrays.doubles("images").map(Float.init), labels: try arrays.integers("labels"))
        let parameters = try arrays.doubles("parameters")
        let expected = try arrays.doubles("gradient")
        var gradient = [Double](repeating: .nan, count: model.layout.count)
        let loss = parameters.withUnsafeBufferPointer { parameters in
            gradient.withUnsafeMutableBufferPointer { gradient in
                model.train(parameters: parameters, gradients: gradient, batch: batch, key: StepKey(seed: 1, step: 0))
            }
        }
        let tolerance = TransformerReferenceTests.tolerance
        #expect(close(loss.objective, try arrays.doubles("loss")[0]))
        #expect(close(loss.negativeLogLikelihood, try arrays.doubles("nll")[0]))
        for tensor in model.layout.tensors {
            let scale = expected[tensor.range].map(abs).max()!
            let error = zip(gradient[tensor.range], expected[tensor.range]).map { abs($0 - $1) }.max()!
            #expect(error <= tolerance * max(scale, 1e-3), "\(tensor.name) \(error) of \(scale)")
        }
        let means = try arrays.doubles("running_mean")
        let variances = try arrays.doubles("running_variance")
        #expect(zip(model.runningState.means.flatMap { $0 }, means).allSatisfy { abs($0 - $1) <= tolerance })
        #expect(zip(model.runningState.variances.flatMap { $0 }, variances).allSatisfy(close))

        let evaluated = parameters.withUnsafeBufferPointer { model.evaluate(parameters: $0, batch: batch) }
        #expect(close(evaluated.objective, try arrays.doubles("evaluated_loss")[0]))
        #expect(evaluated.correct != nil && loss.correct == nil)

        // A resumed run goes on with the moments that were saved.
        let saved = try JSONDecoder().decode(BatchNormMoments.self, from: JSONEncoder().encode(model.runningState))
        let resumed = UniformResidualNetwork<Double>(model.configuration)
        resumed.runningState = saved
        #expect(parameters.withUnsafeBufferPointer { resumed.evaluate(parameters: $0, batch: batch) } == evaluated)
    }

    private func close(_ value: Double, _ expected: Double) -> Bool {
        abs(value - expected) <= TransformerReferenceTests.tolerance * abs(expected)
    }
}
