import Optimizers

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
        case (.deEn, .main), (.mlm, .main), (.deEn, .paper), (.mlm, .paper):
            steps = 2000
            learningRate = 0.002
            decay = { .linear(steps: $0) }
            clippingNorm = 25
        case (.deEn, .small), (.mlm, .small):
            steps = 300
            learningRate = 0.005
            decay = { _ in .constant }
            clippingNorm = 25
        case (.digits, _):
            steps = preset == .small ? 60 : 460
            learningRate = 0.01
            decay = Self.tenthsAtHalfAndThreeQuarters
            clippingNorm = nil
        case (.fashion, .main), (.images, .main), (.fashion, .small), (.images, .small):
            steps = preset == .small ? 60 : 840
            learningRate = 0.03
            decay = Self.tenthsAtHalfAndThreeQuarters
            clippingNorm = nil
        case (.fashion, .paper), (.images, .paper):
            steps = Self.paperSteps
            learningRate = 0.1
            decay = Self.tenthsOfThePaper
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

    /// The authors' runs on CIFAR-10 (`cifar_imagenet/recipes.md` of their code): 164 epochs of 391 batches.
    static let paperSteps = 164 * 391

    /// The rate divided by ten behind epochs 81 and 122 of 164, as the authors have it.
    private static func tenthsOfThePaper(_ steps: Int) -> StepDecay {
        func share(_ epochs: Int) -> Int { max(1, steps / 164 * epochs + steps % 164 * epochs / 164) }
        return .steps(milestones: [share(81), share(122)], factor: 0.1)
    }

    /// As the paper's runs on CIFAR-10 divide the rate by ten at two points, nearly.
    private static func tenthsAtHalfAndThreeQuarters(_ steps: Int) -> StepDecay {
        .steps(milestones: [max(1, steps / 2), max(1, steps / 4 * 3 + steps % 4 * 3 / 4)], factor: 0.1)
    }
}
