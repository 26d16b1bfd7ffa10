import Optimizers
import Training

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
    public var methodSettings: MethodSettings {
        var settings = MethodSettings()
        settings.weightDecay = weightDecay
        settings.isDecoupled = true
        settings.clippingNorm = clippingNorm
        settings.stepDecay = decay(steps)
        return settings
    }

    /// As the paper's runs on CIFAR-10 divide the rate by ten at two points.
    private static func tenthsAtHalfAndThreeQuarters(_ steps: Int) -> StepDecay {
        .steps(milestones: [max(1, steps / 2), max(1, steps * 3 / 4)], factor: 0.1)
    }
}
