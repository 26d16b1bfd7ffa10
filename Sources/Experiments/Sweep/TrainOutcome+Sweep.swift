import Files
import Report
import Training

extension TrainOutcome {
    /// Whether a run's score is the share of right predictions on held-out images, or the loss on held-out text.
    var isScoredByAccuracy: Bool { experiment.settings.task == .digits }

    var scoreLabel: String { isScoredByAccuracy ? "test accuracy" : "validation loss (nats)" }

    func score(_ evaluation: Evaluation) -> Double { isScoredByAccuracy ? evaluation.accuracy : evaluation.loss }

    /// `sweep.csv`: one line for each optimizer and learning rate.
    public func sweepTable() -> Table { SweepSummary(self).table() }

    /// Score over the steps, a panel for each optimizer: figures 6 and 7.
    func sweepCurvesFigure(name: String) -> GnuplotFigure? { SweepCurvesFigure(outcome: self, name: name).figure() }

    /// Writes the tables, and data and scripts of the figures, which are returned to be rendered.
    public func writeSweep(to folder: OutputFolder) throws -> [GnuplotFigure] {
        try folder.write(lossTable(), as: "loss.csv")
        try folder.write(summaryTable(), as: "summary.csv")
        try folder.write(sweepTable(), as: "sweep.csv")
        try folder.write(sweepTable(), as: "sweep.md")
        let figures = [
            sweepCurvesFigure(name: "sweep_curves"), SweepRatesFigure(outcome: self, name: "sweep_rates").figure(),
        ].compactMap { $0 }
        for figure in figures { try figure.write(to: folder) }
        return figures
    }
}
