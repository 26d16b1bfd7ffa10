import Errors
import Foundation
import Testing
import Training

/// The loss, its gradient and the running moments against PyTorch's own modules in double; see `Reference/make_residual_networks.py`.
struct ResidualNetworkReferenceTests {
    private struct Description: Decodable {
        struct Parameter: Decodable {
            let name: String
            let shape: [Int]
        }
        let inputs, height, width, classes, blocks: Int
        let widths: [Int]
        let shortcut: ResidualShortcut
        let label_smoothing: Double
        let parameters: [Parameter]
    }

    @Test(arguments: ["residual_projection", "residual_padded", "residual_odd", "residual_same_width"])
    func agreesWithPyTorch(name: String) throws {
        let url = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Reference")!
        let description = try JSONDecoder().decode(Description.self, from: Data(contentsOf: url))
        let model = ResidualNetwork<Double>(
            try ResidualNetworkConfiguration(
                inputChannels: description.inputs, height: description.height, width: description.width,
                classes: description.classes, widths: description.widths, blocksPerStage: description.blocks,
                shortcut: description.shortcut, labelSmoothing: description.label_smoothing))
        #expect(model.layout.tensors.map(\.name) == description.parameters.map(\.name))
        #expect(model.layout.tensors.map(\.shape) == description.parameters.map(\.shape))

        let arrays = try ReferenceArrays(name)
        let batch = ImageBatch(
            images: try arrays.doubles("images").map(Float.init), labels: try arrays.integers("labels"))
        let parameters = try arrays.doubles("parameters")
        let expected = try arrays.doubles("gradient")
        let (loss, gradient) = lossAndGradient(model, parameters, batch)
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
        #expect(model.runningState.means.flatMap { $0 }.count == means.count)
        #expect(zip(model.runningState.variances.flatMap { $0 }, variances).allSatisfy(close))

        let evaluated = evaluation(model, parameters, batch)
        #expect(close(evaluated.objective, try arrays.doubles("evaluated_loss")[0]))
        #expect(evaluated.correct == Int(try arrays.integers("correct")[0]) && loss.correct == nil)

        // A resumed run goes on with the moments that were saved.
        let saved = try JSONDecoder().decode(BatchNormMoments.self, from: JSONEncoder().encode(model.runningState))
        let resumed = ResidualNetwork<Double>(model.configuration)
        resumed.runningState = saved
        #expect(evaluation(resumed, parameters, batch) == evaluated)
    }

    private func close(_ value: Double, _ expected: Double) -> Bool {
        abs(value - expected) <= TransformerReferenceTests.tolerance * abs(expected)
    }
}
