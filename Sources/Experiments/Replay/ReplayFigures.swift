import Report

/// The size of the updates over the steps, one panel for each optimizer, with that of the exact law through it.
struct UpdateSizeFigure {
    let outcome: ReplayOutcome

    static let name = "replay_update"
    /// More optimizers than this are in the table alone.
    private static let mostPanels = 12
    /// Decades of a logarithmic axis; what is smaller yet is not drawn.
    private static let mostDecades = 10
    /// From the lowest layer to the uppermost.
    private static let series: [(column: String, style: String, legendStyle: String, title: String)] = [
        ("update_max", "points linetype 7 pointtype 7 pointsize 0.2", "points linetype 7 pointtype 7 pointsize 0.5", "largest coordinate"),
        ("update_rms", "points linetype 2 pointtype 7 pointsize 0.3", "points linetype 2 pointtype 7 pointsize 0.5", "root mean square"),
        ("update_rms_exact", "lines linetype 1 linewidth 1.2", "lines linetype 1 linewidth 1.2", "its exact law for normal {/:Italic g}"),
    ]

    /// - Parameter updates: `update.csv`.
    func figure(_ updates: Table) -> GnuplotFigure {
        let count = min(outcome.records.count, Self.mostPanels)
        let shownSteps = logSteps(to: outcome.steps, perDecade: 60)
        let chosen = (0..<count).flatMap { entry in shownSteps.map { entry * outcome.steps + $0 - 1 } }
        let table = Table((["optimizer", "t"] + Self.series.map(\.column)).map { updates[$0]!.selecting(rows: chosen) })
        let values = Self.series.map { table.reals($0.column) }

        let decades = Decades(around: values.flatMap { $0.compactMap(\.self) })
        let high = decades?.high ?? 0
        let low = max(decades?.low ?? -1, high - Self.mostDecades)
        let titles = outcome.experiment.entries[..<count].map(\.name)
        let steps = outcome.steps
        return GnuplotFigure(
            name: Self.name, caption: "The size of the updates along recorded gradients, with the exact law for normal ones",
            width: (titles.count == 1 ? FigureSize.oneColumn(height: 1) : .twoColumns(height: 1)).width, data: [.init(table: table)]
        ) { width in
            Self.drawing(titles: titles, steps: steps, shownSteps: shownSteps.count, values: values, low: low, high: high, width: width)
        }
    }

    private static func drawing(
        titles: [String], steps: Int, shownSteps: Int, values: [[Double?]], low: Int, high: Int, width: Double
    ) -> GnuplotFigure.Drawing {
        let lines = PanelGrid.legendLines(series.count, width: width)
        let grid = PanelGrid(
            balanced: titles.count, width: width, edges: 0.75, rowHeight: 1.4, legendLines: lines, left: 42, right: 8)
        var body = grid.begin + GnuplotScript.logarithmic("x") + GnuplotScript.logarithmic("y") + """
            set xrange [0.9:\(max(10, steps))]
            set yrange [1e\(low):1e\(high)]
            set ytics 1e\(low),\(high - low > 5 ? 100 : 10)
            \(high - low > 5 ? "unset mytics" : "")

            """
        let file = GnuplotFigure.dataFile(figure: name)
        for (index, title) in titles.enumerated() {
            let first = index * shownSteps, last = first + shownSteps - 1
            let parts = zip(series, values).filter { $1[first...last].contains { ($0 ?? 0) > 0 } }.map { series, _ in
                "'\(file)' using 't':\(GnuplotScript.value(series.column)) every ::\(first)::\(last) with \(series.style)"
            }
            body += grid.panel(
                index, title: methodLabel(title), xLabel: "step {/:Italic t}",
                yLabel: "update", xFormat: GnuplotScript.powersOfTen, yFormat: GnuplotScript.powersOfTen)
            body += "plot \(parts.isEmpty ? "NaN" : parts.joined(separator: ", \\\n     "))\n"
        }
        let legend = [1, 2, 0].map { (series[$0].title, "with \(series[$0].legendStyle)") }
        return .init(size: grid.size, body: body + grid.legend(legend, lines: lines) + grid.end)
    }
}
