import Report
import Training

/// In the manner of figures 6 and 7: a panel for each method, and in it a curve for each learning rate; of images the test accuracy, of
/// text the validation loss, mean over the seeds.
struct SweepCurvesFigure {
    let outcome: TrainOutcome
    let name: String

    private struct Curve {
        let series: SweepSeries
        let betas: DecayRates
        let rate: Double
        let points: [(step: Int, mean: Double, low: Double, high: Double)]
    }

    func figure() -> GnuplotFigure? {
        let curves = curves()
        let points = curves.flatMap(\.points)
        guard !points.isEmpty else { return nil }
        let series = SweepSummary(outcome).series
        var rates: [Double] = []
        for (run, _) in outcome.runs where !rates.contains(run.learningRate) { rates.append(run.learningRate) }
        let file = GnuplotFigure.dataFile(figure: name)
        let legendLines = PanelGrid.legendLines(rates.count, width: 6.9)
        let grid = PanelGrid(
            balanced: series.count, width: 6.9, edges: 0.75, rowHeight: 1.55, legendLines: legendLines, left: 44, right: 10)
        let range = range(of: points.map(\.mean))
        let last = points.map(\.step).max()!
        let spacing = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].first { last <= 5 * $0 } ?? 10_000
        var body = grid.begin + """
            set xrange [0:\(last)]
            set xtics \(spacing)
            set yrange [\(ShortestDigits.text(of: range.low)):\(ShortestDigits.text(of: range.high))]

            """
        var row = 0
        for (index, one) in series.enumerated() {
            body += grid.panel(
                index, title: one.label(among: series), xLabel: "step", yLabel: outcome.scoreLabel)
            let parts = curves.filter { $0.series == one && !$0.points.isEmpty }.map { curve in
                let every = "every ::\(row)::\(row + curve.points.count - 1)"
                row += curve.points.count
                let type = (rates.firstIndex(of: curve.rate)! % Palette.allCases.count) + 1
                return "'\(file)' using 'step':'score' \(every) with lines linetype \(type) linewidth 1.1"
            }
            // A panel whose runs all diverged stays empty.
            body += "plot " + (parts.isEmpty ? "NaN" : parts.joined(separator: ", \\\n     ")) + "\n"
        }
        body += grid.legend(rates.enumerated().map { index, rate in
            ("learning rate \(ShortestDigits.text(of: rate))", "with lines linetype \(index % Palette.allCases.count + 1) linewidth 1.1")
        }, lines: legendLines)
        return GnuplotFigure(
            name: name, caption: "\(outcome.scoreLabel) over the steps for each method and learning rate, mean over the seeds",
            size: grid.size,
            table: Table([
                Column("optimizer", curves.flatMap { curve in curve.points.map { _ in curve.series.optimizer } }),
                Column("lr", curves.flatMap { curve in curve.points.map { _ in curve.rate } }),
                Column("step", points.map(\.step)), Column("score", points.map(\.mean)), Column("low", points.map(\.low)),
                Column("high", points.map(\.high)),
                Column("beta1", curves.flatMap { curve in curve.points.map { _ in curve.betas.beta1 } }),
                Column("beta2", curves.flatMap { curve in curve.points.map { _ in curve.betas.beta2 } }),
            ]), body: body + grid.end)
    }

    /// What the axis shows: of accuracies not the beginnings, which would leave no room for the ends.
    private func range(of means: [Double]) -> (low: Double, high: Double) {
        guard outcome.isScoredByAccuracy else {
            return ((means.min()! * 4).rounded(.down) / 4, (means.max()! * 4).rounded(.up) / 4)
        }
        let low = (means.sorted()[means.count / 6] * 20).rounded(.down) / 20
        return (max(0, low), min(1, (means.max()! * 50 + 0.25).rounded(.up) / 50))
    }

    /// Up to the first end of the seeds' runs; nothing where all of them diverged before they were evaluated.
    private func curves() -> [Curve] {
        SweepSummary(outcome).rows.map { row in
            let runs = outcome.runs.filter { SweepSeries($0.run) == row.series && $0.run.learningRate == row.learningRate }
            let count = runs.map(\.result.evaluations.count).min() ?? 0
            let points = (0..<count).compactMap { index -> (step: Int, mean: Double, low: Double, high: Double)? in
                let values = runs.map { outcome.score($0.result.evaluations[index].evaluation) }
                guard values.allSatisfy(\.isFinite) else { return nil }
                return (
                    runs[0].result.evaluations[index].step, SweepSummary.mean(values)!, values.min()!, values.max()!)
            }
            return Curve(series: row.series, betas: row.betas, rate: row.learningRate, points: points)
        }
    }
}
