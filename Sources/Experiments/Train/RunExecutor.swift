import Concurrency
import Foundation
import GradientStatistics
import Theory
import Training

/// Carries out runs on one workload, several at a time, each on one thread.
struct RunExecutor<Work: Workload>: Sendable {
    let workload: Work
    let observation: RunObservation
    /// nil for runs that cannot be resumed.
    let checkpoints: CheckpointFolder?
    /// Asked after every iteration; once it says so, runs save where they are and end.
    let isInterrupted: @Sendable () -> Bool
    let progress: @Sendable (TrainingProgress) -> Void

    /// The results in the order of the runs; nil for a run that was interrupted.
    func results(of runs: [LabelledRun], threads: Int) throws -> [RunResult?] {
        try concurrentMap(Array(runs.indices), threads: threads) { try result(of: runs[$0], number: $0) }
    }

    private func result(of item: LabelledRun, number: Int) throws -> RunResult? {
        let saved: SavedRun<TrainingRun<Work>.Checkpoint>? = try checkpoints?.load(item, observation)
        var result = saved?.result ?? RunResult()
        if let saved, saved.checkpoint == nil { return result }
        if isInterrupted() { return nil }
        let run = if let checkpoint = saved?.checkpoint {
            try TrainingRun(workload, plan: item.plan, resuming: checkpoint)
        } else {
            try TrainingRun(workload, plan: item.plan)
        }
        while !run.isFinished && result.divergedAt == nil {
            let step = run.step()
            try observe(run, step, into: &result)
            let isDone = run.isFinished || result.divergedAt != nil
            progress(
                TrainingProgress(
                    run: number, name: item.fileName, iterationsDone: run.iterationsDone, iterations: item.plan.iterations,
                    loss: step.loss, isFinished: isDone))
            if isDone { break }
            let isEnd = isInterrupted()
            if isEnd || run.iterationsDone % CheckpointFolder.interval == 0 {
                try checkpoints?.save(SavedRun(run: item, observation: observation, result: result, checkpoint: run.checkpoint))
            }
            if isEnd { return nil }
        }
        try checkpoints?.save(
            SavedRun<TrainingRun<Work>.Checkpoint>(run: item, observation: observation, result: result, checkpoint: nil))
        return result
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
