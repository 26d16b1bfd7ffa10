import CKernels
import Errors
import Foundation
import Testing
import Training

/// The loss and its gradient against PyTorch's autograd in double; see the folder Reference.
struct TransformerReferenceTests {
    /// Sums of at most a few hundred products of order 1, through a dozen layers, in two orders.
    static let tolerance = 1e-10

    private struct Description: Decodable {
        struct Parameter: Decodable {
            let name: String
            let shape: [Int]
            let offset: Int
        }
        let vocabulary, layers, width, heads, feed_forward: Int
        let label_smoothing: Double
        let pad: Int32
        let parameters: [Parameter]
    }

    private func description(_ name: String) throws -> Description {
        let url = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Reference")!
        return try JSONDecoder().decode(Description.self, from: Data(contentsOf: url))
    }

    @Test func encoderAndDecoderWithNormsBehindTheBranches() throws {
        try check("transformer", architecture: .encoderDecoder, placement: .post)
    }

    @Test func encoderAndDecoderWithNormsBeforeTheBranches() throws {
        try check("transformer_pre", architecture: .encoderDecoder, placement: .pre)
    }

    @Test func encoderAlone() throws {
        try check("encoder_only", architecture: .encoderOnly, placement: .post)
    }

    private func check(
        _ name: String, architecture: TransformerConfiguration.Architecture, placement: NormPlacement
    ) throws {
        let description = try description(name)
        #expect(description.pad == SequenceBatch.padding)
        let configuration = try TransformerConfiguration(
            architecture: architecture, layers: description.layers, width: description.width, heads: description.heads,
            feedForward: description.feed_forward, sourceVocabulary: description.vocabulary,
            targetVocabulary: description.vocabulary, normPlacement: placement, labelSmoothing: description.label_smoothing)
        let model = Transformer<Double>(configuration)
        #expect(model.layout.tensors.map(\.name) == description.parameters.map(\.name))
        #expect(model.layout.tensors.map(\.shape) == description.parameters.map(\.shape))
        #expect(model.layout.tensors.map(\.offset) == description.parameters.map(\.offset))

        let arrays = try ReferenceArrays(name)
        let source = try arrays.shape("source")
        let target = try arrays.shape("target_out")
        let batch = SequenceBatch(
            sentences: source[0], sourceLength: source[1], targetLength: target[1], source: try arrays.integers("source"),
            targetInput: architecture == .encoderOnly ? [] : try arrays.integers("target_in"),
            targetOutput: try arrays.integers("target_out"))
        let parameters = try arrays.doubles("parameters")
        let expected = try arrays.doubles("gradient")
        // Overwritten, not added to.
        var gradient = [Double](repeating: .nan, count: model.layout.count)
        let loss = parameters.withUnsafeBufferPointer { parameters in
            gradient.withUnsafeMutableBufferPointer { gradient in
                model.train(parameters: parameters, gradients: gradient, batch: batch, key: StepKey(seed: 1, step: 0))
            }
        }
        let expectedLoss = try arrays.doubles("loss")[0]
        let expectedLikelihood = try arrays.doubles("nll")[0]
        #expect(abs(loss.objective - expectedLoss) <= Self.tolerance * expectedLoss)
        #expect(abs(loss.negativeLogLikelihood - expectedLikelihood) <= Self.tolerance * expectedLikelihood)
        for tensor in model.layout.tensors {
            let scale = expected[tensor.range].map(abs).max()!
            let error = zip(gradient[tensor.range], expected[tensor.range]).map { abs($0 - $1) }.max()!
            #expect(error <= Self.tolerance * max(scale, 1e-3), "\(tensor.name) \(error) of \(scale)")
        }
        let evaluated = parameters.withUnsafeBufferPointer { model.evaluate(parameters: $0, batch: batch) }
        #expect(evaluated.objective == loss.objective)
        #expect(evaluated.count == batch.targetOutput.count { $0 != SequenceBatch.padding })
    }
}
