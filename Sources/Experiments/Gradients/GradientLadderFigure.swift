import Foundation
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

    private static let styles: [(rung: GradientLadder.Rung, colour: Palette)] = [
        (.normal, .black), (.mean, .vermillion), (.marginal, .green), (.autocorrelation, .purple), (.commonScales, .sky), (.ownScales, .orange),
    ]

    /// One of the two columns.
    private struct Side {
        let prefix, axis, observed: String
        /// Of a law at a step.
        let value: @Sendable (GradientLadder.Row, GradientLadder.Rung) -> Double?
        /// The ends of the axis, and its tics.
        let low, high: Double
        let tics: String
    }

    private static func drawing(_ shown: [(label: String, ladder: GradientLadder)], width: Double) -> GnuplotFigure.Drawing {
        let size = FigureSize(width: width, height: 0.55 + 1.7 * Double(shown.count))
        // Beside each panel is room for the labels of its lines.
        let grid = PanelGrid(
            rows: shown.count, columns: 2, size: size, left: 42, right: 66, bottom: 28, top: 18, columnGap: 106, rowGap: 20)
        let rows = shown.map(\.ladder.rows)
        let last = max(10, rows.compactMap(\.last?.step).max() ?? 10)
        var body = grid.begin + GnuplotScript.logarithmic("x") + GnuplotScript.logarithmic("y") + "set xrange [0.9:\(last)]\n"
        let file = GnuplotFigure.dataFile(figure: name)
        let sides = sides(rows.flatMap { $0 })
        var start = 0
        for (index, entry) in shown.enumerated() {
            let range = "every ::\(start)::\(start + entry.ladder.rows.count - 1)"
            start += entry.ladder.rows.count
            for (number, side) in sides.enumerated() {
                body += grid.panel(
                    2 * index + number, title: GnuplotScript.escaped(entry.label), xLabel: "step {/:Italic t}",
                    xFormat: GnuplotScript.powersOfTen)
                // The two columns have axes of their own.
                body += """
                    set ylabel \(PanelGrid.quoted(side.axis)) offset 0.3,0
                    set yrange [\(ShortestDigits.text(of: side.low)):\(ShortestDigits.text(of: side.high))]
                    \(side.tics)

                    """
                body += labels(entry.ladder.rows, side)
                let laws = styles.map { rung, colour in
                    "'\(file)' using 't':\(GnuplotScript.value("\(side.prefix)_\(rung.rawValue)")) \(range) with lines linetype \(colour.lineType) linewidth 1.2"
                }
                let points = "'\(file)' using 't':\(GnuplotScript.value(side.observed)) \(range) with points linetype 2 pointtype 7 pointsize 0.5"
                body += "plot " + (laws + [points]).joined(separator: ", \\\n     ") + "\nunset label\nunset arrow\n"
            }
        }
        return .init(size: size, body: body + grid.end)
    }

    private static func sides(_ rows: [GradientLadder.Row]) -> [Side] {
        // Where the normal law's variance is infinite, that of recorded values may be any finite number.
        let rates = rows.flatMap { row -> [Double] in
            [row.variance].compactMap(\.self) + (row.variances[.normal]?.isFinite == false ? [] : Array(row.variances.values))
        }
        let updates = rows.flatMap { row -> [Double] in [row.updateRootMeanSquare].compactMap(\.self) + row.updateSizes.values }
        func side(
            _ prefix: String, _ axis: String, _ observed: String, _ values: [Double], isAtMostOne: Bool = false,
            _ value: @escaping @Sendable (GradientLadder.Row, GradientLadder.Rung) -> Double?
        ) -> Side {
            let (low, high) = Decades(around: values).map { ($0.low, $0.high) } ?? (-1, 0)
            var (start, end) = (pow(10, Double(low)), pow(10, Double(high)))
            var tics = "set format y '\(GnuplotScript.powersOfTen)'\nset ytics 1e\(low),\(high - low > 6 ? 100 : 10)"
            if isAtMostOne, low >= -2 {
                // No empty decade above 1, and none below the half or fifth of it that has all values.
                end = 1.3
                let least = values.filter { $0 > 0 }.min() ?? start
                start *= least >= 5.5 * start ? 5 : least >= 2.2 * start ? 2 : 1
                tics = "set format y '%g'\nset ytics (0.02, 0.05, 0.1, 0.2, 0.5, 1)"
            }
            return Side(prefix: prefix, axis: axis, observed: observed, value: value, low: start, high: end, tics: tics)
        }
        return [
            side("var", "Var[{/:Italic ψ_t}]", "var_psi", rates) { $0.variances[$1] },
            // An update of independent gradients is at most 1: no empty decade above it.
            // An update of independent gradients is at most 1, but for rounding.
            side("update_rms", "update, root mean square", "update_rms", updates, isAtMostOne: updates.allSatisfy { $0 < 1.01 }) { $0.updateSizes[$1] },
        ]
    }

    /// What each line is, at its end; moved apart where two would touch, each with a piece of its line that leads there. The points are said to be
    /// what is observed.
    private static func labels(_ rows: [GradientLadder.Row], _ side: Side) -> String {
        let ends = styles.compactMap { rung, colour -> (rung: GradientLadder.Rung, colour: Palette, place: Double)? in
            let values = rows.compactMap { side.value($0, rung) }.filter { $0.isFinite && $0 > 0 }
            return values.last.map { (rung, colour, log10($0)) }
        }
        let (low, high) = (log10(side.low), log10(side.high))
        let places = LabelPlaces.separated(ends.map(\.place), by: (high - low) * 0.098, within: (low + 0.03 * (high - low))...(high - 0.03 * (high - low)))
        func text(_ logarithm: Double) -> String { ShortestDigits.text(of: (pow(10, logarithm - logarithm.rounded(.down)) * 1e3).rounded() / 1e3) + "e\(Int(logarithm.rounded(.down)))" }
        var script = "set label 'observed' at graph 0.05,0.07 left point linetype 2 pointtype 7 pointsize 0.5 offset 0.7,0 font ',7.5' front\n"
        for (end, place) in zip(ends, places) {
            script += "set arrow from graph 1, first \(text(end.place)) to graph 1.1, first \(text(place)) nohead linetype \(end.colour.lineType) linewidth 0.8 front\n"
            script += "set label \(PanelGrid.quoted(end.rung.label)) at graph 1.12, first \(text(place)) left textcolor linetype \(end.colour.lineType) "
                + "font ',7.5' front\n"
        }
        return script
    }
}
