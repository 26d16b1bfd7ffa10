import Errors
import Theory
import Training

/// The network and the data of a training experiment.
public struct TrainingSettings: Hashable, Codable, Sendable {
    public var task: TrainingTask
    public var preset: TrainingPreset
    /// Dropout of the Transformer, in [0, 1).
    public var dropout = 0.0
    /// Label smoothing; nil for the task's own: 0.1 for text, 0 for digits.
    public var labelSmoothing: Double?
    /// The side of a parallel text that a masked language model learns.
    public var side = TranslationData.Side.target

    public init(task: TrainingTask, preset: TrainingPreset) {
        self.task = task
        self.preset = preset
    }

    /// The network with its data.
    ///
    /// - Parameter text: the parallel text of the tasks on text.
    /// - Throws: `ParameterError` for a setting outside its domain, `ParallelTextError` for a text without short sentences.
    func workload(text: ParallelText) throws -> any Workload {
        switch task {
        case .digits:
            let digits = Digits()
            let split = DigitSplit(digits)
            let isMain = preset == .main
            return DigitsWorkload(
                configuration: try ResidualNetworkConfiguration(
                    channels: isMain ? 16 : 8, blocks: isMain ? 3 : 1, labelSmoothing: labelSmoothing ?? 0),
                training: try DigitBatches(digits, images: split.training, batchSize: 64),
                validation: try DigitBatches(digits, images: split.test, batchSize: 64))
        case .deEn:
            let data = TranslationData(text)
            return TranslationWorkload(
                configuration: try transformer(.encoderDecoder, vocabulary: data.vocabulary.count),
                training: try data.batches(limits), validation: data.validationBatches(limits))
        case .mlm:
            let data = TranslationData(text)
            let training = try data.maskedBatches(side, limits)
            return MaskedWorkload(
                configuration: try transformer(.encoderOnly, vocabulary: training.vocabularyCount), training: training,
                validation: data.maskedValidationBatches(side, limits))
        }
    }

    private var limits: BatchLimits { preset == .main ? .main : .small }

    private func transformer(
        _ architecture: TransformerConfiguration.Architecture, vocabulary: Int
    ) throws(ParameterError) -> TransformerConfiguration {
        let isMain = preset == .main
        return try TransformerConfiguration(
            architecture: architecture, layers: 6, width: isMain ? 64 : 32, heads: 4, feedForward: isMain ? 128 : 64,
            sourceVocabulary: vocabulary, targetVocabulary: vocabulary, dropout: dropout,
            labelSmoothing: labelSmoothing ?? 0.1)
    }
}
