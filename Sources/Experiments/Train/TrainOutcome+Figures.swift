import GradientStatistics
import Report

extension TrainOutcome {
    /// The loss curves: figure 1.
    func lossCurvesFigure(name: String = "loss_curves") -> GnuplotFigure? {
        let figure = LossCurvesFigure(outcome: self, name: name).figure()
        return figure.data[0].table.rowCount > 0 ? figure : nil
    }

    /// The histograms of ln|g| of the first seed, a panel for each optimizer: figures 2 and 3.
    func gradientHistogramsFigure(name: String = "gradient_histograms") -> GnuplotFigure? {
        guard let seed = runs.first?.run.plan.seed else { return nil }
        let panels = runs.filter { $0.run.plan.seed == seed && !$0.result.histograms.isEmpty }.map { run, result in
            RidgelineFigure.Panel(
                title: run.optimizer, axis: "step {/:Italic t}",
                ridges: result.histograms.map { .init(label: String($0.step), histogram: $0.histogram) })
        }
        return panels.isEmpty ? nil : RidgelineFigure(name: name, panels: panels).figure()
    }

    /// `distortion.csv`: at each histogram's step the share of gradients that are exactly 0, and of those that are 0 or below e^-16.
    public func distortionTable() -> Table {
        let rows = runs.flatMap { run, result in result.histograms.map { (run: run, step: $0.step, histogram: $0.histogram) } }
        return Table([
            Column("optimizer", rows.map(\.run.optimizer)),
            Column("lr", rows.map(\.run.learningRate)),
            Column("seed", rows.map { String($0.run.plan.seed) }),
            Column("step", rows.map(\.step)),
            Column("share_zero", rows.map { Double($0.histogram.zeros) / Double($0.histogram.total) }),
            Column("share_below_e-16", rows.map { Double($0.histogram.countBelow(-16)) / Double($0.histogram.total) }),
        ])
    }
}

extension LogMagnitudeHistogram {
    /// Zeros, and what lies in bins that end at or below an edge.
    fileprivate func countBelow(_ logarithm: Double) -> Int {
        counts.indices.reduce(zeros + underflow) { edge($1 + 1) <= logarithm ? $0 + counts[$1] : $0 }
    }
}
