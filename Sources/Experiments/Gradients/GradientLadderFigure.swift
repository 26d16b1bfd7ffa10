import Report

/// The ladder as a picture: a row of panels for each array, Var[ψ_t] on the left and the update's root mean square on the right.
struct GradientLadderFigure {
    let ladders: [(label: String, ladder: GradientLadder)]

    /// More arrays than this are in the table alone.
    private static let mostRows = 5
    private static let name = "gradient_ladder"

    func figure(table: Table) -> GnuplotFigure {
        let shown = Array(ladders.prefix(Self.mostRows))
        return GnuplotFigure(
            name: Self.name, caption: "Var[psi_t] and the size of the update along recorded gradients, with the laws that know ever more of them",
            width: FigureSize.twoColumns(height: 1).width, data: [.init(table: table)]
        ) { Self.drawing(shown, width: $0) }
    }

    private static func drawing(_ shown: [(label: String, ladder: GradientLadder)], width: Double) -> GnuplotFigure.Drawing {
        let styles: [(GradientLadder.Rung, Palette)] = [
            (.normal, .black), (.mean, .vermillion), (.marginal, .green), (.autocorrelation, .purple), (.commonScales, .sky), (.ownScales, .orange),
        ]
        let lines = PanelGrid.legendLines(1 + styles.count, width: width)
        let size = FigureSize(width: width, height: 0.75 + 1.6 * Double(shown.count) + Double(lines - 1) / 6)
        let grid = PanelGrid(
            rows: shown.count, columns: 2, size: size, left: 42, right: 8, bottom: 28, top: 32 + 12 * Double(lines - 1), columnGap: 48,
            rowGap: 20)
        let rows = shown.map(\.ladder.rows)
        let last = max(10, rows.compactMap(\.last?.step).max() ?? 10)
        var body = grid.begin + GnuplotScript.logarithmic("x") + GnuplotScript.logarithmic("y") + "set xrange [0.9:\(last)]\n"
        let file = GnuplotFigure.dataFile(figure: name)
        // Where the normal law's variance is infinite, that of recorded values may be any finite number.
        let rates = rows.joined().flatMap { row -> [Double] in
            [row.variance].compactMap(\.self) + (row.variances[.normal]?.isFinite == false ? [] : Array(row.variances.values))
        }
        let updates = rows.joined().flatMap { row -> [Double] in [row.updateRootMeanSquare].compactMap(\.self) + row.updateSizes.values }
        var start = 0
        for (index, entry) in shown.enumerated() {
            let range = "every ::\(start)::\(start + entry.ladder.rows.count - 1)"
            start += entry.ladder.rows.count
            let sides = [
                ("var", "Var[{/:Italic ψ_t}]", "var_psi", rates),
                ("update_rms", "update, root mean square", "update_rms", updates),
            ]
            for (side, (prefix, axis, observed, values)) in sides.enumerated() {
                let (low, high) = Decades(around: values).map { ($0.low, $0.high) } ?? (-1, 0)
                // An update of independent gradients is at most 1: no empty decade above it.
                let end = side == 1 && values.allSatisfy { $0 <= 1 } ? "1.3" : "1e\(high)"
                body += grid.panel(
                    2 * index + side, title: GnuplotScript.escaped(entry.label), xLabel: "step {/:Italic t}",
                    xFormat: GnuplotScript.powersOfTen)
                // The two columns have axes of their own.
                body += """
                    set ylabel \(PanelGrid.quoted(axis)) offset 0.3,0
                    set format y '\(GnuplotScript.powersOfTen)'
                    set yrange [1e\(low):\(end)]
                    set ytics 1e\(low),\(high - low > 6 ? 100 : 10)

                    """
                let laws = styles.filter { side == 0 || GradientLadder.Rung.withUpdate.contains($0.0) }.map { rung, colour in
                    "'\(file)' using 't':\(GnuplotScript.value("\(prefix)_\(rung.rawValue)")) \(range) with lines linetype \(colour.lineType) linewidth 1.2"
                }
                let points = "'\(file)' using 't':\(GnuplotScript.value(observed)) \(range) with points linetype 2 pointtype 7 pointsize 0.5"
                body += "plot " + (laws + [points]).joined(separator: ", \\\n     ") + "\n"
            }
        }
        let legend = [("observed", "with points linetype 2 pointtype 7 pointsize 0.5")]
            + styles.map { ($0.title, "with lines linetype \($1.lineType) linewidth 1.2") }
        return .init(size: size, body: body + grid.legend(legend, lines: lines) + grid.end)
    }
}
