import Report
import Training

/// In the manner of figures 6 and 7: a panel for each optimizer, and in it a curve for each learning rate; on digits the test accuracy,
/// on text the validation loss, mean over the seeds.
struct SweepCurvesFigure {
    let outcome: TrainOutcome
    let name: String

    private struct Curve {
        let optimizer: String
        let rate: Double
        let points: [(step: Int, mean: Double, low: Double, high: Double)]
    }

    func figure() -> GnuplotFigure? {
        let curves = curves()
        let points = curves.flatMap(\.points)
        guard !points.isEmpty else { return nil }
        var optimizers: [String] = [], rates: [Double] = []
        for (run, _) in outcome.runs {
            if !optimizers.contains(run.optimizer) { optimizers.append(run.optimizer) }
            if !rates.contains(run.learningRate) { rates.append(run.learningRate) }
        }
        let file = GnuplotFigure.dataFile(figure: name)
        let columns = min(optimizers.count, 3)
        let rows = (optimizers.count + columns - 1) / columns
        let size = FigureSize.twoColumns(height: 0.75 + 1.55 * Double(rows))
        let grid = PanelGrid(
            rows: rows, columns: columns, count: optimizers.count, size: size, left: 44, right: 10, bottom: 28, top: 34,
            columnGap: 12, rowGap: 20)
        let range = outcome.isScoredByAccuracy
            ? (low: max(0, (points.map(\.mean).sorted()[points.count / 6] * 20).rounded(.down) / 20), high: 1.0)
            : (low: (points.map(\.low).min()! * 4).rounded(.down) / 4, high: (points.map(\.mean).max()! * 4).rounded(.up) / 4)
        let last = points.map(\.step).max()!
        let spacing = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].first { last <= 5 * $0 } ?? 10_000
        var body = grid.begin + """
            set xrange [0:\(last)]
            set xtics \(spacing)
            set yrange [\(ShortestDigits.text(of: range.low)):\(ShortestDigits.text(of: range.high))]

            """
        var row = 0
        for (index, optimizer) in optimizers.enumerated() {
            body += grid.panel(
                index, title: GnuplotScript.escaped(optimizer), xLabel: "step", yLabel: outcome.scoreLabel)
            let parts = curves.filter { $0.optimizer == optimizer && !$0.points.isEmpty }.map { curve in
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
        }, lines: (rates.count + 3) / 4)
        return GnuplotFigure(
            name: name, caption: "\(outcome.scoreLabel) over the steps for each optimizer and learning rate, mean over the seeds",
            size: size,
            table: Table([
                Column("optimizer", curves.flatMap { curve in curve.points.map { _ in curve.optimizer } }),
                Column("lr", curves.flatMap { curve in curve.points.map { _ in curve.rate } }),
                Column("step", points.map(\.step)), Column("score", points.map(\.mean)), Column("low", points.map(\.low)),
                Column("high", points.map(\.high)),
            ]), body: body + grid.end)
    }

    /// Up to the first end of the seeds' runs; nothing where all of them diverged before they were evaluated.
    private func curves() -> [Curve] {
        SweepSummary(outcome).rows.map { row in
            let runs = outcome.runs.filter { $0.run.optimizer == row.optimizer && $0.run.learningRate == row.learningRate }
            let count = runs.map(\.result.evaluations.count).min() ?? 0
            let points = (0..<count).compactMap { index -> (step: Int, mean: Double, low: Double, high: Double)? in
                let values = runs.map { outcome.score($0.result.evaluations[index].evaluation) }
                guard values.allSatisfy(\.isFinite) else { return nil }
                return (
                    runs[0].result.evaluations[index].step, SweepSummary.mean(values)!, values.min()!, values.max()!)
            }
            return Curve(optimizer: row.optimizer, rate: row.learningRate, points: points)
        }
    }
}
