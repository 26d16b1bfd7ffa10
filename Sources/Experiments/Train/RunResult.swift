import Foundation
import GradientStatistics
import Training

/// What is kept of one run.
public struct RunResult: Codable, Sendable {
    /// One histogram of ln|g| over all parameters, at a step counted as in ``TrainingStep/index``.
    public struct StepHistogram: Codable, Sendable {
        public var step: Int
        public var histogram: LogMagnitudeHistogram
    }

    /// An evaluation after the update of a step.
    public struct StepEvaluation: Codable, Sendable {
        public var step: Int
        public var evaluation: Evaluation
    }

    public var steps: [TrainingStep] = []
    public var evaluations: [StepEvaluation] = []
    public var histograms: [StepHistogram] = []
    /// The bytes of [iterations][coordinates] in single precision: gradients before clipping.
    public var recorded = Data()
    /// The step at which loss or gradient stopped being a number, where the run ended.
    public var divergedAt: Int?

    /// The mean loss of the last 50 steps, or of as many as there are; infinite for a run that diverged.
    public var finalLoss: Double {
        if divergedAt != nil { return .infinity }
        let last = steps.suffix(50)
        return last.map(\.loss).reduce(0, +) / Double(last.count)
    }
}
