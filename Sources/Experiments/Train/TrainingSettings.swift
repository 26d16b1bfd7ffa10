import Errors
import Optimizers
import Training

/// What a network learns in the training experiments.
public enum TrainingTask: String, CaseIterable, Hashable, Codable, Sendable {
    /// German to English by a Transformer (section 5.2).
    case deEn = "de-en"
    /// Masked words of one language, by the encoder alone.
    case mlm
    /// Handwritten digits by a small residual network: seconds.
    case digits
    /// Clothing (part of Fashion-MNIST) by a ResNet-20, in place of the paper's CIFAR-10.
    case fashion
    /// Any data set of images in the format of MNIST or of CIFAR-10, by a ResNet-20.
    case images

    /// Whether a network learns to tell what an image shows; else it learns text.
    public var isOfImages: Bool { self == .digits || hasStages }

    /// Whether the network is a residual one with stages, and its images are changed at random.
    var hasStages: Bool { self == .fashion || self == .images }
}

/// How large the network, its batches and the run are.
public enum TrainingPreset: String, CaseIterable, Hashable, Codable, Sendable {
    /// What the figures show: minutes on two cores.
    case main
    /// For tests: seconds.
    case small
    /// The paper's runs on CIFAR-10: ResNet-20 with 16, 32 and 64 channels, 64,124 steps.
    case paper
}

/// The network and the data of a training experiment.
public struct TrainingSettings: Hashable, Codable, Sendable {
    public var task: TrainingTask
    public var preset: TrainingPreset
    /// Dropout of the Transformer, in [0, 1).
    public var dropout = 0.0
    /// Label smoothing; nil for the task's own: 0.1 for text, 0 for images.
    public var labelSmoothing: Double?
    /// The side of a parallel text that a masked language model learns.
    public var side = TranslationData.Side.target
    /// Whether images are mirrored at random; nil for the task's own: all but digits are.
    public var flips: Bool?
    /// By how many pixels images are shifted at most; nil for the task's own: an eighth of the shorter side, and 0 for digits.
    public var largestShift: Int?

    public init(task: TrainingTask, preset: TrainingPreset) {
        self.task = task
        self.preset = preset
    }

    /// Label smoothing as it is applied.
    var resolvedLabelSmoothing: Double { labelSmoothing ?? (task.isOfImages ? 0 : 0.1) }

    /// What can be checked without a network: the numbers' domains, and that the task has a use for them.
    /// - Parameter images: of the task ``TrainingTask/images``.
    func validate(images: ImageSet?) throws(ParameterError) {
        if preset == .paper, !task.hasStages {
            throw ParameterError(parameter: .preset, value: preset.rawValue, rule: "is for the tasks fashion and images")
        }
        if task.isOfImages, dropout != 0 {
            throw ParameterError(parameter: .dropout, value: dropout, rule: "the task \(task.rawValue) has none")
        }
        if !task.isOfImages, let flips {
            throw ParameterError(parameter: .flip, value: flips ? "yes" : "no", rule: "the task \(task.rawValue) has no images")
        }
        if !task.isOfImages, let largestShift {
            throw ParameterError(parameter: .shift, value: largestShift, rule: "the task \(task.rawValue) has no images")
        }
        switch task {
        case .digits:
            _ = try uniformNetwork
            _ = try augmentation(of: Digits.shape)
        case .fashion, .images:
            let shape = images?.training.shape ?? ImageSet.fashionShape
            _ = try residualNetwork(for: shape, classes: images?.classes ?? 10)
            _ = try augmentation(of: shape)
        case .deEn, .mlm:
            // The vocabulary's size decides nothing here.
            _ = try transformer(.encoderOnly, vocabulary: 1000)
        }
    }

    /// The network with its data.
    ///
    /// - Parameters:
    ///   - text: the parallel text of the tasks on text; nil for the sentences that come with the package.
    ///   - images: of the task ``TrainingTask/images``.
    /// - Throws: `ParameterError` for a setting outside its domain, `InputError` for a text without short sentences.
    func workload(text: ParallelText?, images: ImageSet?) throws -> any Workload {
        switch task {
        case .digits, .fashion, .images: return try imageWorkload(images)
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
