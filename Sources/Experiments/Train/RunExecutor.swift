import Concurrency
import Foundation
import GradientStatistics
import Training

/// Where a run is, for whoever watches it.
public struct TrainingProgress: Sendable {
    /// Its place among the runs.
    public let run: Int
    public let name: String
    public let iterationsDone: Int
    public let iterations: Int
    /// Of the last iteration; nil for a run that was complete before.
    public let loss: Double?
    public let isFinished: Bool
}

/// Carries out runs on one workload, several at a time, each on one thread.
struct RunExecutor<Work: Workload>: Sendable {
    /// Iterations between two saves.
    private static var saveInterval: Int { 200 }

    let workload: Work
    let observation: RunObservation
    /// nil for runs that cannot be resumed.
    let checkpoints: Checkpoints?
    /// Asked after every iteration; once it says so, runs save where they are and end.
    let isInterrupted: @Sendable () -> Bool
    let progress: @Sendable (TrainingProgress) -> Void

    /// The results in the order of the runs; nil for a run that was interrupted.
    func results(of runs: [LabelledRun], threads: Int) throws -> [RunResult?] {
        try concurrentMap(Array(runs.indices), threads: threads) { try result(of: runs[$0], number: $0) }
    }

    private func result(of item: LabelledRun, number: Int) throws -> RunResult? {
        let saved = try checkpoints?.load(item)
        var result = saved?.run.result ?? RunResult()
        if let saved, saved.run.checkpoint == nil {
            report(item, number, done: item.plan.iterations, loss: nil, isFinished: true)
            return result
        }
        if isInterrupted() { return nil }
        let run = try makeRun(item, resuming: saved)
        while !run.isFinished && result.divergedAt == nil {
            let step = run.step()
            try observe(run, step, into: &result)
            let isDone = run.isFinished || result.divergedAt != nil
            report(item, number, done: run.iterationsDone, loss: step.loss, isFinished: isDone)
            if isDone { break }
            let isEnd = isInterrupted()
            if isEnd || run.iterationsDone % Self.saveInterval == 0 {
                try checkpoints?.save(item, result, checkpoint: PropertyListEncoder.binary.encode(run.checkpoint))
            }
            if isEnd { return nil }
        }
        try checkpoints?.save(item, result, checkpoint: nil)
        return result
    }

    private func makeRun(_ item: LabelledRun, resuming saved: (run: SavedRun, path: String)?) throws -> TrainingRun<Work> {
        guard let saved, let data = saved.run.checkpoint else { return try TrainingRun(workload, plan: item.plan) }
        do {
            let checkpoint = try PropertyListDecoder().decode(TrainingRun<Work>.Checkpoint.self, from: data)
            return try TrainingRun(workload, plan: item.plan, resuming: checkpoint)
        } catch {
            throw ResumeError.unreadable(path: saved.path)
        }
    }

    private func report(_ item: LabelledRun, _ number: Int, done: Int, loss: Double?, isFinished: Bool) {
        progress(
            TrainingProgress(
                run: number, name: item.fileName, iterationsDone: done, iterations: item.plan.iterations, loss: loss,
                isFinished: isFinished))
    }

    private func observe(_ run: TrainingRun<Work>, _ step: TrainingStep, into result: inout RunResult) throws {
        result.steps.append(step)
        if observation.histogramSteps.contains(step.index) {
            // Up to |g| = 1; the few beyond count in the last bin.
            var histogram = try LogMagnitudeHistogram(largest: 1)
            run.withGradients { $0.map(Double.init) }.withUnsafeBufferPointer { histogram.add($0) }
            result.histograms.append(.init(step: step.index, histogram: histogram))
        }
        if !observation.recordedCoordinates.isEmpty {
            run.withGradients { gradients in
                let chosen = observation.recordedCoordinates.map { gradients[$0] }
                chosen.withUnsafeBytes { result.recorded.append(contentsOf: $0) }
            }
        }
        if !step.isFinite {
            result.divergedAt = step.index
        } else if observation.evaluates(after: step.index, of: run.plan), let evaluation = run.evaluate() {
            result.evaluations.append(.init(step: step.index, evaluation: evaluation))
        }
    }
}

extension PropertyListEncoder {
    /// In the binary form, which keeps every bit of a number, infinities and NaN too.
    static var binary: PropertyListEncoder {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        return encoder
    }
}

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
