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
                index, title: methodLabel(optimizer), xLabel: "step", yLabel: outcome.scoreLabel)
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

/// How sensitive each optimizer is to the learning rate: its last score over the rate, with the range over the seeds.
struct SweepRatesFigure {
    let outcome: TrainOutcome
    let name: String

    func figure() -> GnuplotFigure? {
        let rows = SweepSummary(outcome).rows.map { row in
            (row: row, values: (outcome.isScoredByAccuracy ? row.accuracy : row.validationLoss).filter(\.isFinite))
        }.filter { !$0.values.isEmpty }
        var optimizers: [String] = []
        for (row, _) in rows where !optimizers.contains(row.optimizer) { optimizers.append(row.optimizer) }
        let rates = rows.map(\.row.learningRate)
        guard let smallest = rates.min(), let largest = rates.max(), smallest < largest, smallest > 0 else { return nil }
        // Line by line, each from the smallest rate up.
        let sorted = optimizers.map { name in
            rows.filter { $0.row.optimizer == name }.sorted { $0.row.learningRate < $1.row.learningRate }
        }
        let file = GnuplotFigure.dataFile(figure: name)
        let values = rows.flatMap(\.values)
        let margin = max(0.002, 0.06 * (values.max()! - values.min()!))
        let low = values.min()! - margin, high = values.max()! + margin
        func text(_ value: Double) -> String { ShortestDigits.text(of: (value * 1e4).rounded() / 1e4) }
        var body = GnuplotScript.logarithmic("x") + """
            set margins screen 0.165, screen 0.7, screen 0.15, screen 0.97
            set xrange [\(ShortestDigits.text(of: smallest / 1.3)):\(ShortestDigits.text(of: largest * 1.3))]
            set yrange [\(text(low)):\(text(high))]
            unset mxtics
            set xtics (\(Set(rates).sorted().map { "'\(ShortestDigits.text(of: $0))' \(ShortestDigits.text(of: $0))" }.joined(separator: ", ")))
            set xlabel 'learning rate' offset 0,0.5
            set ylabel '\(outcome.scoreLabel)' offset 0.3,0

            """
        let ends = sorted.map { SweepSummary.mean($0.last!.values)! }
        let places = LabelPlaces.separated(ends, by: (high - low) * 0.065, within: (low + 0.02 * (high - low))...(high - 0.03 * (high - low)))
        for (index, optimizer) in optimizers.enumerated() {
            body += "set label \(PanelGrid.quoted(methodLabel(optimizer))) at graph 1.02, first \(text(places[index])) "
                + "left textcolor linetype \(index % Palette.allCases.count + 1) font ',7.5' front\n"
        }
        var parts: [String] = []
        var row = 0
        for (index, line) in sorted.enumerated() {
            let every = "every ::\(row)::\(row + line.count - 1)"
            row += line.count
            let type = index % Palette.allCases.count + 1
            parts.append("'\(file)' using 'lr':'score' \(every) with lines linetype \(type) linewidth 1.1")
            parts.append("'' using 'lr':'score' \(every) with points linetype \(type) pointsize 0.5")
            if line.contains(where: { $0.values.count > 1 }) {
                parts.append(
                    "'' using 'lr':'low':(0):(column('high')-column('low')) \(every) with vectors nohead linetype \(type) dashtype solid linewidth 0.7")
            }
        }
        body += "plot " + parts.joined(separator: ", \\\n     ") + "\n"
        let flat = sorted.flatMap { $0 }
        return GnuplotFigure(
            name: name, caption: "\(outcome.scoreLabel) at the end over the learning rate, mean and range over the seeds",
            size: .oneColumn(height: 2.6),
            table: Table([
                Column("optimizer", flat.map(\.row.optimizer)), Column("lr", flat.map(\.row.learningRate)),
                Column("score", flat.map { SweepSummary.mean($0.values)! }), Column("low", flat.map { $0.values.min()! }),
                Column("high", flat.map { $0.values.max()! }), Column("diverged", flat.map(\.row.diverged)),
            ]), body: body)
    }
}
