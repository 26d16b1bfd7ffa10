import Training

/// Forward and backward passes of the `main` Transformer on one batch, on one thread; its buffers are made by the first one.
final class TrainingStep {
    private let sentences = 11
    private let length = 23
    private var model: Transformer<Float>?
    private var parameters: [Float] = []
    private var gradients: [Float] = []
    private var batch: SequenceBatch?

    /// - Returns: the loss.
    func run() throws -> Double {
        if model == nil { try prepare() }
        return parameters.withUnsafeBufferPointer { parameters in
            gradients.withUnsafeMutableBufferPointer { gradients in
                model!.train(
                    parameters: parameters, gradients: gradients, batch: batch!, key: StepKey(seed: 1, step: 0)
                ).objective
            }
        }
    }

    private func prepare() throws {
        let model = Transformer<Float>(try TransformerConfiguration(sourceVocabulary: 612, targetVocabulary: 612))
        // The peer's symbols.
        let symbols = (0..<sentences * length).map { Int32(3 + ($0 * 7919 + 13) % 609) }
        batch = SequenceBatch(
            sentences: sentences, sourceLength: length, targetLength: length, source: symbols, targetInput: symbols,
            targetOutput: symbols)
        parameters = model.initialParameters(seed: 1)
        gradients = [Float](repeating: 0, count: model.layout.count)
        self.model = model
        // The workspace has its size after the second one.
        for _ in 0..<2 { _ = try run() }
    }
}
