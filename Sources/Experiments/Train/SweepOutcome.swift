import Files
import Report
import Training

/// The same runs, seen over their learning rates.
public struct SweepOutcome: Outcome {
    public let runs: TrainOutcome

    public init(_ runs: TrainOutcome) { self.runs = runs }

    /// Tables that the folder of complete runs has.
    public static let results = TrainOutcome.results + ["sweep.csv", "sweep.md"]

    public func write(to folder: OutputFolder, provenance: Provenance) throws -> [GnuplotFigure] {
        try folder.write(runs.lossTable(), as: "loss.csv")
        try folder.write(runs.summaryTable(), as: "summary.csv")
        try folder.write(runs.sweepTable(), as: "sweep.csv")
        try folder.write(runs.sweepTable(), as: "sweep.md")
        let figures = [
            runs.sweepCurvesFigure(name: "sweep_curves"), SweepRatesFigure(outcome: runs, name: "sweep_rates").figure(),
        ].compactMap { $0 }
        for figure in figures { try figure.write(to: folder) }
        try folder.write(runs.runRecord(provenance), as: "run.json")
        return figures
    }

    public var summaryLines: [String] { runs.summaryLines }
}

extension TrainOutcome {
    /// Whether a run's score is the share of right predictions on held-out images, or the loss on held-out text.
    var isScoredByAccuracy: Bool { experiment.settings.task == .digits }

    var scoreLabel: String { isScoredByAccuracy ? "test accuracy" : "validation loss (nats)" }

    func score(_ evaluation: Evaluation) -> Double { isScoredByAccuracy ? evaluation.accuracy : evaluation.loss }

    /// `sweep.csv`: one line for each optimizer and learning rate.
    public func sweepTable() -> Table { SweepSummary(self).table() }

    /// Score over the steps, a panel for each optimizer: figures 6 and 7.
    func sweepCurvesFigure(name: String) -> GnuplotFigure? { SweepCurvesFigure(outcome: self, name: name).figure() }
}

/// How the runs of a sweep ended, over the seeds of each optimizer and learning rate.
struct SweepSummary: Sendable {
    struct Row: Sendable {
        let optimizer: String
        let learningRate: Double
        /// The complete runs that did not diverge.
        var finalLoss: [Double] = [], validationLoss: [Double] = [], accuracy: [Double] = []
        var runs = 0, diverged = 0
    }

    /// Optimizer by optimizer, rate by rate, as they were asked for.
    let rows: [Row]

    init(_ outcome: TrainOutcome) {
        var rows: [Row] = []
        for (run, result) in outcome.runs {
            let index = rows.firstIndex { $0.optimizer == run.optimizer && $0.learningRate == run.learningRate } ?? {
                rows.append(Row(optimizer: run.optimizer, learningRate: run.learningRate))
                return rows.count - 1
            }()
            rows[index].runs += 1
            guard result.divergedAt == nil else {
                rows[index].diverged += 1
                continue
            }
            rows[index].finalLoss.append(result.finalLoss)
            if let evaluation = result.evaluations.last?.evaluation {
                rows[index].validationLoss.append(evaluation.loss)
                rows[index].accuracy.append(evaluation.accuracy)
            }
        }
        self.rows = rows
    }

    /// `sweep.csv`: means and standard deviations over the seeds (n-1, empty for one); runs that diverged count apart.
    func table() -> Table {
        Table([
            Column("optimizer", rows.map(\.optimizer)), Column("lr", rows.map(\.learningRate)),
            Column("runs", rows.map(\.runs)), Column("diverged", rows.map(\.diverged)),
            Column("final_loss_mean", rows.map { Self.mean($0.finalLoss) }),
            Column("final_loss_sd", rows.map { Self.deviation($0.finalLoss) }),
            Column("validation_loss_mean", rows.map { Self.mean($0.validationLoss) }),
            Column("validation_loss_sd", rows.map { Self.deviation($0.validationLoss) }),
            Column("accuracy_mean", rows.map { Self.mean($0.accuracy) }),
            Column("accuracy_sd", rows.map { Self.deviation($0.accuracy) }),
        ])
    }

    static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    static func deviation(_ values: [Double]) -> Double? {
        guard values.count > 1, let mean = mean(values) else { return nil }
        return (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count - 1)).squareRoot()
    }
}
