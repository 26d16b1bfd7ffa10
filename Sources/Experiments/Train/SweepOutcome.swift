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
    var isScoredByAccuracy: Bool { experiment.settings.task.isOfImages }

    var scoreLabel: String { isScoredByAccuracy ? "test accuracy" : "validation loss (nats)" }

    /// What is the less the better, for a logarithmic axis: the share of wrong predictions in percent, or the loss.
    var errorLabel: String { isScoredByAccuracy ? "test error (%)" : scoreLabel }

    func error(_ evaluation: Evaluation) -> Double {
        isScoredByAccuracy ? ((1 - evaluation.accuracy) * 1e8).rounded() / 1e6 : evaluation.loss
    }

    func score(_ evaluation: Evaluation) -> Double { isScoredByAccuracy ? evaluation.accuracy : evaluation.loss }

    /// `sweep.csv`: one line for each optimizer and learning rate.
    public func sweepTable() -> Table { SweepSummary(self).table() }

    /// Score over the steps, a panel for each optimizer: figures 6 and 7.
    func sweepCurvesFigure(name: String) -> GnuplotFigure? { SweepCurvesFigure(outcome: self, name: name).figure() }
}
