import Errors
import Optimizers
import Training

/// What a network learns in the training experiments.
public enum TrainingTask: String, CaseIterable, Hashable, Codable, Sendable {
    /// German to English by a Transformer (section 5.2).
    case deEn = "de-en"
    /// Masked words of one language, by the encoder alone.
    case mlm
    /// Handwritten digits by a small residual network, in place of the paper's CIFAR-10.
    case digits
}

/// How large the network, its batches and the run are.
public enum TrainingPreset: String, CaseIterable, Hashable, Codable, Sendable {
    /// What the figures show: minutes on two cores.
    case main
    /// For tests: seconds.
    case small
}

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

    /// Label smoothing as it is applied.
    var resolvedLabelSmoothing: Double { labelSmoothing ?? (task == .digits ? 0 : 0.1) }

    /// What can be checked without the data: the numbers' domains, and that the task has a use for them.
    func validate() throws(ParameterError) {
        if task == .digits {
            if dropout != 0 { throw ParameterError(parameter: .dropout, value: dropout, rule: "the task digits has none") }
            _ = try residualNetwork
        } else {
            // The vocabulary's size decides nothing here.
            _ = try transformer(.encoderOnly, vocabulary: 1000)
        }
    }

    /// The network with its data.
    ///
    /// - Parameter text: the parallel text of the tasks on text; nil for the sentences that come with the package.
    /// - Throws: `ParameterError` for a setting outside its domain, `InputError` for a text without short sentences.
    func workload(text: ParallelText?) throws -> any Workload {
        switch task {
        case .digits:
            let digits = ImageSet.digits()
            let scale = PixelScale(channels: 1, dividingBy: Float(Digits.largestPixel))
            let configuration = try residualNetwork
            return NetworkWorkload(
                training: try ImageBatches(digits.training, scale: scale, batchSize: 64),
                validation: try ImageBatches(digits.test, scale: scale, batchSize: 64)
            ) { UniformResidualNetwork<Float>(configuration) }
        case .deEn:
            let data = TranslationData(text ?? .germanEnglish())
            let configuration = try transformer(.encoderDecoder, vocabulary: data.vocabulary.count)
            return NetworkWorkload(training: try data.batches(limits), validation: data.validationBatches(limits)) {
                Transformer<Float>(configuration)
            }
        case .mlm:
            let data = TranslationData(text ?? .germanEnglish())
            let training = try data.maskedBatches(side, limits)
            let configuration = try transformer(.encoderOnly, vocabulary: training.vocabularyCount)
            return NetworkWorkload(training: training, validation: data.maskedValidationBatches(side, limits)) {
                Transformer<Float>(configuration)
            }
        }
    }

    private var limits: BatchLimits { preset == .main ? .main : .small }

    private var residualNetwork: UniformResidualNetworkConfiguration {
        get throws(ParameterError) {
            let isMain = preset == .main
            return try UniformResidualNetworkConfiguration(
                channels: isMain ? 16 : 8, blocks: isMain ? 3 : 1, labelSmoothing: resolvedLabelSmoothing)
        }
    }

    private func transformer(
        _ architecture: TransformerConfiguration.Architecture, vocabulary: Int
    ) throws(ParameterError) -> TransformerConfiguration {
        let isMain = preset == .main
        return try TransformerConfiguration(
            architecture: architecture, layers: 6, width: isMain ? 64 : 32, heads: 4, feedForward: isMain ? 128 : 64,
            sourceVocabulary: vocabulary, targetVocabulary: vocabulary, dropout: dropout,
            labelSmoothing: resolvedLabelSmoothing)
    }
}

/// What a task's preset sets, unless asked otherwise.
public struct TrainingDefaults: Sendable {
    /// T, updates of a run.
    public let steps: Int
    public let learningRate: Double
    /// Made for T steps.
    public let decay: @Sendable (_ steps: Int) -> StepDecay
    /// The bound of the gradient's norm.
    public let clippingNorm: Double?
    /// λ, decoupled.
    public let weightDecay = 1e-4

    public init(_ task: TrainingTask, _ preset: TrainingPreset) {
        switch (task, preset) {
        case (.deEn, .main), (.mlm, .main):
            steps = 2000
            learningRate = 0.002
            decay = { .linear(steps: $0) }
            clippingNorm = 25
        case (.deEn, .small), (.mlm, .small):
            steps = 300
            learningRate = 0.005
            decay = { _ in .constant }
            clippingNorm = 25
        case (.digits, .main):
            steps = 460
            learningRate = 0.01
            decay = Self.tenthsAtHalfAndThreeQuarters
            clippingNorm = nil
        case (.digits, .small):
            steps = 60
            learningRate = 0.01
            decay = Self.tenthsAtHalfAndThreeQuarters
            clippingNorm = nil
        }
    }

    /// All numbers of the methods, for runs of the preset's own length.
    public var methodSettings: MethodSettings { methodSettings(steps: steps) }

    /// The same for runs of another length.
    public func methodSettings(steps: Int) -> MethodSettings {
        var settings = MethodSettings()
        settings.weightDecay = weightDecay
        settings.isDecoupled = true
        settings.clippingNorm = clippingNorm
        // A number of steps below 1 is refused with the grid.
        settings.stepDecay = decay(max(1, steps))
        return settings
    }

    /// As the paper's runs on CIFAR-10 divide the rate by ten at two points.
    private static func tenthsAtHalfAndThreeQuarters(_ steps: Int) -> StepDecay {
        .steps(milestones: [max(1, steps / 2), max(1, steps / 4 * 3 + steps % 4 * 3 / 4)], factor: 0.1)
    }
}
