import Foundation
import GradientStatistics
import Training

/// What is looked at along a run.
public struct RunObservation: Hashable, Codable, Sendable {
    /// The steps whose gradients are counted by ln|g|, ascending.
    public var histogramSteps: [Int] = []
    /// An evaluation after every so many steps and after the last.
    public var evaluationInterval: Int
    /// The parameters whose gradients are recorded at every iteration, as places in the flat buffer, ascending.
    public var recordedCoordinates: [Int] = []

    func evaluates(after step: Int, of plan: RunPlan) -> Bool {
        step > 0 && (step % evaluationInterval == 0 || step == plan.steps)
    }
}

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

    /// How many steps ``finalLoss`` is a mean of.
    public static let finalSteps = 50

    /// The mean loss of the last ``finalSteps`` steps, or of as many as there are; infinite for a run that diverged.
    ///
    /// Iterations of a freeze, which come before step 1, are no steps: the parameters are not trained there.
    public var finalLoss: Double {
        if divergedAt != nil { return .infinity }
        let last = steps.lazy.filter { $0.index > 0 }.suffix(Self.finalSteps)
        return last.map(\.loss).reduce(0, +) / Double(last.count)
    }
}
