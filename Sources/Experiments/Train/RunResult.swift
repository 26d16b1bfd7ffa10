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
    /// [iterations][coordinates], gradients before clipping of the chosen coordinates.
    public var recorded: [Float] = []
    /// The step at which loss or gradient stopped being a number, where the run ended.
    public var divergedAt: Int?
}
