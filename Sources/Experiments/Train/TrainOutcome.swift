import Files
import GradientStatistics
import Optimizers
import Report
import Training

/// The runs that are complete, as tables and figures.
public struct TrainOutcome: Outcome {
    let training: PreparedTraining
    /// The complete runs in their order, with what is kept of them.
    public let runs: [(run: LabelledRun, result: RunResult)]
    /// How many runs were not finished.
    public let unfinished: Int

    init(training: PreparedTraining, results: [RunResult?]) {
        self.training = training
        runs = zip(training.experiment.runs, results).compactMap { run, result in result.map { (run, $0) } }
        unfinished = results.count { $0 == nil }
    }

    private init(training: PreparedTraining, runs: [(run: LabelledRun, result: RunResult)], unfinished: Int) {
        self.training = training
        self.runs = runs
        self.unfinished = unfinished
    }

    /// The runs of some optimizers alone, in the order of this list.
    func selecting(_ optimizers: [String]) -> TrainOutcome {
        TrainOutcome(
            training: training, runs: optimizers.flatMap { name in runs.filter { $0.run.optimizer == name } },
            unfinished: unfinished)
    }

    public var experiment: TrainExperiment { training.experiment }

    /// Tables that the folder of complete runs has.
    public static let results = ["loss.csv", "summary.csv"]

    public func write(to folder: OutputFolder, provenance: Provenance) throws -> [GnuplotFigure] {
        try folder.write(lossTable(), as: "loss.csv")
        try folder.write(summaryTable(), as: "summary.csv")
        var figures: [GnuplotFigure] = []
        if let figure = lossCurvesFigure() { figures.append(figure) }
        if let figure = gradientHistogramsFigure() {
            try folder.write(histogramTable(), as: "histogram.csv")
            try folder.write(distortionTable(), as: "distortion.csv")
            figures.append(figure)
        }
        if let figure = try writeRecordedGradients(to: folder) { figures.append(figure) }
        for figure in figures { try figure.write(to: folder) }
        try folder.write(runRecord(provenance), as: "run.json")
        return figures
    }

    /// What came out, a line for each optimizer and learning rate.
    public var summaryLines: [String] {
        SweepSummary(self).rows.map { row in
            func text(_ value: Double?) -> String { value.map { SignificantDigits.text(of: $0) } ?? "none" }
            var parts: [String] = []
            if !row.finalLoss.isEmpty {
                parts.append("final loss \(text(SweepSummary.mean(row.finalLoss)))")
                if !row.validationLoss.isEmpty { parts.append("validation loss \(text(SweepSummary.mean(row.validationLoss)))") }
                if !row.accuracy.isEmpty { parts.append("validation accuracy \(text(SweepSummary.mean(row.accuracy)))") }
            }
            if row.diverged > 0 { parts.append("\(row.diverged) diverged") }
            let seeds = row.runs == 1 ? "1 seed" : "\(row.runs) seeds"
            let betas = row.series.betas.map { ", betas \($0)" } ?? ""
            return "\(row.optimizer)\(betas), learning rate \(ShortestDigits.text(of: row.learningRate)), \(seeds): \(parts.joined(separator: ", "))"
        }
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
            Column("beta1", rows.map { betas(of: $0.run).beta1 }),
            Column("beta2", rows.map { betas(of: $0.run).beta2 }),
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
            Column("beta1", runs.map { betas(of: $0.run).beta1 }),
            Column("beta2", runs.map { betas(of: $0.run).beta2 }),
        ])
    }

    /// The decay rates that the run was asked for.
    func betas(of run: LabelledRun) -> DecayRates { run.betas ?? experiment.grid.betas[0] }

    /// `run.json`: all options, every run with all numbers of its methods, and which runs diverged or were not finished.
    func runRecord(_ provenance: Provenance) throws -> [UInt8] {
        try RunRecord(provenance, parameters: record, libraries: training.libraries).bytes()
    }

    /// What is in it beside the program, to be part of a larger record.
    var record: Record {
        Record(
            options: experiment.options, observation: training.observation,
            runs: runs.map { run, result in
                Record.Run(
                    optimizer: run.optimizer, learningRate: run.learningRate, seed: run.plan.seed, steps: run.plan.steps,
                    frozenIterations: run.plan.frozenIterations, stretches: run.plan.stretches, divergedAt: result.divergedAt)
            },
            unfinishedRuns: unfinished)
    }

    struct Record: Encodable, Sendable {
        let options: [String: String]
        let observation: RunObservation
        let runs: [Run]
        let unfinishedRuns: Int

        struct Run: Encodable, Sendable {
            let optimizer: String
            let learningRate: Double
            let seed: UInt64
            let steps: Int
            let frozenIterations: Int
            let stretches: [Stretch]
            let divergedAt: Int?
        }
    }
}
