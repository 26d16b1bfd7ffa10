import GradientStatistics
import Report
import Training

/// The runs that are complete, as tables and figures.
public struct TrainOutcome: Sendable {
    public let experiment: TrainExperiment
    /// The complete runs in their order, with what is kept of them.
    public let runs: [(run: LabelledRun, result: RunResult)]
    /// How many runs were not finished.
    public let unfinished: Int

    init(experiment: TrainExperiment, results: [RunResult?]) {
        self.experiment = experiment
        runs = zip(experiment.runs, results).compactMap { run, result in result.map { (run, $0) } }
        unfinished = results.count { $0 == nil }
    }

    private init(experiment: TrainExperiment, runs: [(run: LabelledRun, result: RunResult)], unfinished: Int) {
        self.experiment = experiment
        self.runs = runs
        self.unfinished = unfinished
    }

    /// The runs of some optimizers alone, in the order of this list.
    func selecting(_ optimizers: [String]) -> TrainOutcome {
        TrainOutcome(
            experiment: experiment, runs: optimizers.flatMap { name in runs.filter { $0.run.optimizer == name } },
            unfinished: unfinished)
    }

    /// `loss.csv`: every iteration of every run; the validation columns where the run was evaluated.
    public func lossTable() -> Table {
        let rows = runs.flatMap { run, result in
            let evaluations = Dictionary(uniqueKeysWithValues: result.evaluations.map { ($0.step, $0.evaluation) })
            return result.steps.map { (run: run, step: $0, evaluation: evaluations[$0.index]) }
        }
        return Table([
            Column("task", repeating: experiment.settings.task.rawValue, count: rows.count),
            Column("optimizer", rows.map(\.run.optimizer)),
            Column("seed", rows.map { String($0.run.plan.seed) }),
            Column("lr", rows.map(\.run.learningRate)),
            Column("step", rows.map(\.step.index)),
            Column("loss", rows.map(\.step.loss)),
            Column("validation_loss", rows.map { $0.evaluation?.loss }),
            Column("perplexity", rows.map { $0.evaluation?.perplexity }),
            Column("gradient_norm", rows.map(\.step.gradientNorm)),
            Column("update_rms", rows.map(\.step.updateRMS)),
            Column("alpha_t", rows.map(\.step.stepSize)),
            Column("r_t", rows.map(\.step.rectification)),
            Column("validation_accuracy", rows.map { $0.evaluation?.accuracy }),
        ])
    }

    /// `histogram.csv`: counts of ln|g| over all parameters; the bin below e^-20 has `-inf` below, exact zeros a row without a
    /// bin, and the last bin holds what is larger too.
    public func histogramTable() -> Table {
        runs.flatMap { run, result in
            result.histograms.map { entry in
                let histogram = entry.histogram
                let bins = histogram.counts.indices
                let count = bins.count + 2
                return Table([
                    Column("optimizer", repeating: run.optimizer, count: count),
                    Column("seed", repeating: String(run.plan.seed), count: count),
                    Column("lr", repeating: run.learningRate, count: count),
                    Column("step", repeating: entry.step, count: count),
                    Column("bin_low", [nil, -.infinity] + bins.map { histogram.edge($0) }),
                    Column("bin_high", [nil, LogMagnitudeHistogram.lowest] + bins.map { histogram.edge($0 + 1) }),
                    Column("count", [histogram.zeros, histogram.underflow] + histogram.counts),
                ])
            }
        }.joined()
    }

    /// One line for each run: how it ended.
    public func summaryTable() -> Table {
        let last = runs.map { $0.result.evaluations.last?.evaluation }
        return Table([
            Column("task", repeating: experiment.settings.task.rawValue, count: runs.count),
            Column("optimizer", runs.map(\.run.optimizer)),
            Column("lr", runs.map(\.run.learningRate)),
            Column("seed", runs.map { String($0.run.plan.seed) }),
            Column("final_loss", runs.map { $0.result.divergedAt == nil ? $0.result.finalLoss : nil }),
            Column("validation_loss", last.map { $0?.loss }),
            Column("perplexity", last.map { $0?.perplexity }),
            Column("validation_accuracy", last.map { $0?.accuracy }),
            Column("diverged_at", runs.map(\.result.divergedAt)),
        ])
    }
}
