import Report
import SpecialFunctions
import Training

/// How sensitive each method is to the learning rate: what it does wrong in the end, over the rate, with the range over the seeds.
///
/// The axis is logarithmic, and of the error rather than of the accuracy: a method that fails then leaves room for the differences between those
/// that do not.
struct SweepRatesFigure {
    let outcome: TrainOutcome
    let name: String

    private struct Point {
        let row: SweepSummary.Row
        let values: [Double]
        var mean: Double { SweepSummary.mean(values)! }
    }

    func figure() -> GnuplotFigure? {
        let lines = lines()
        let points = lines.flatMap { $0 }
        let rates = points.map(\.row.learningRate)
        guard let smallest = rates.min(), let largest = rates.max(), smallest < largest, smallest > 0 else { return nil }
        let series = lines.map { $0[0].row.series }
        let axis = ErrorAxis(points.flatMap(\.values))
        let layout = Layout(labels: series.map { $0.plainLabel(among: series) })
        let file = GnuplotFigure.dataFile(figure: name)
        func text(_ value: Double) -> String { SignificantDigits.text(of: value) }
        var body = GnuplotScript.logarithmic("x") + GnuplotScript.logarithmic("y") + """
            set margins screen \(text(layout.left)), screen \(text(layout.right)), screen 0.15, screen 0.97
            set errorbars small
            set xrange [\(text(smallest / 1.3)):\(text(largest * 1.3))]
            set yrange [\(text(axis.low)):\(text(axis.high))]
            unset mxtics
            unset mytics
            set xtics (\(Self.tics(Set(rates).sorted())))
            set ytics (\(Self.tics(axis.tics)))
            set xlabel 'learning rate' offset 0,0.5
            set ylabel '\(outcome.errorLabel)' offset 0.3,0

            """
        // At the end of each line, moved apart where two would touch.
        for (index, place) in axis.labelPlaces(lines.map { $0.last!.mean }).enumerated() {
            body += "set label \(PanelGrid.quoted(series[index].label(among: series))) at graph 1.02, first \(text(place)) "
                + "left textcolor linetype \(Self.lineType(index)) font ',7.5' front\n"
        }
        var parts: [String] = []
        var row = 0
        for (index, line) in lines.enumerated() {
            let every = "every ::\(row)::\(row + line.count - 1)"
            row += line.count
            let style = "linetype \(Self.lineType(index))"
            parts.append("'\(file)' using 'place':'error' \(every) with lines \(style) linewidth 1.1")
            // One seed has no spread; the bars have a point of their own.
            parts.append(
                line.contains { $0.values.count > 1 }
                    ? "'' using 'place':'error':'low':'high' \(every) with yerrorbars \(style) dashtype solid linewidth 0.7 pointsize 0.5"
                    : "'' using 'place':'error' \(every) with points \(style) pointsize 0.5")
        }
        body += "plot " + parts.joined(separator: ", \\\n     ") + "\n"
        return GnuplotFigure(
            name: name, caption: "\(outcome.errorLabel) at the end over the learning rate, mean and range over the seeds; lines side by side",
            size: layout.size, table: table(lines, axis), body: body)
    }

    /// Room for the labels beside the lines: half of a column at most, or of a page.
    private struct Layout {
        let size: FigureSize
        /// Edges of the panel, as fractions of the width.
        let left: Double, right: Double

        init(labels: [String]) {
            // A letter of 7.5 points is 3.9 points wide on average.
            let needed = 12 + 3.9 * Double(labels.map(\.count).max() ?? 0)
            let column = FigureSize.oneColumn(height: 2.6)
            size = needed < 72 * column.width / 2 ? column : .twoColumns(height: 2.6)
            left = 36 / (72 * size.width)
            right = max(0.4, 1 - needed / (72 * size.width))
        }
    }

    private static func lineType(_ index: Int) -> Int { index % Palette.allCases.count + 1 }

    private static func tics(_ values: [Double]) -> String {
        values.map { "'\(ShortestDigits.text(of: $0))' \(ShortestDigits.text(of: $0))" }.joined(separator: ", ")
    }

    /// Method by method, each from the smallest rate up; without those all of whose runs diverged.
    private func lines() -> [[Point]] {
        let summary = SweepSummary(outcome)
        return summary.series.map { series in
            summary.rows.filter { $0.series == series }
                .map { row in Point(row: row, values: row.evaluations.map(outcome.error).filter(\.isFinite)) }
                .filter { !$0.values.isEmpty }.sorted { $0.row.learningRate < $1.row.learningRate }
        }.filter { !$0.isEmpty }
    }

    /// What is drawn; `place` is the learning rate, moved so that the bars of the methods stand side by side.
    private func table(_ lines: [[Point]], _ axis: ErrorAxis) -> Table {
        let step = min(1.05, 1 + 0.25 / Double(lines.count))
        let places = lines.enumerated().flatMap { index, line in
            line.map { point in
                var place = point.row.learningRate
                for _ in 0..<abs(2 * index - lines.count + 1) { place = 2 * index < lines.count - 1 ? place / step.squareRoot() : place * step.squareRoot() }
                return place.roundedToTenDigits
            }
        }
        let points = lines.flatMap { $0 }
        return Table([
            Column("optimizer", points.map(\.row.optimizer)), Column("lr", points.map(\.row.learningRate)), Column("place", places),
            Column("error", points.map { axis.shown($0.mean) }), Column("low", points.map { axis.shown($0.values.min()!) }),
            Column("high", points.map { axis.shown($0.values.max()!) }), Column("runs", points.map(\.row.runs)),
            Column("diverged", points.map(\.row.diverged)), Column("beta1", points.map(\.row.betas.beta1)),
            Column("beta2", points.map(\.row.betas.beta2)),
        ])
    }
}
