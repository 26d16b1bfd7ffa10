import Foundation
import Report
import Simulation
import Theory

/// Var[ψ_t] over the iterations for each mean: simulated with its 95 % intervals, the exact law of what is drawn through it, and that of
/// independent normal gradients where that is another.
struct VarianceFigure: Sendable {
    private let outcome: SimulateOutcome
    private let steps: [Int]
    private let curves: [Curve]

    /// More means than there are colours are in the table alone.
    private static let mostMeans = Palette.allCases.count
    private static let name = "psi_variance"
    private static let size = FigureSize.oneColumn(height: 2.6)

    private struct Curve: Sendable {
        let mean: Double
        let variance, error, exact, normal: [Double?]
    }

    /// nil where Var[ψ_t] is infinite at every iteration but the last, or unknown.
    init?(_ outcome: SimulateOutcome) {
        let result = outcome.result, last = outcome.experiment.parameters.iterations
        let first = result.curves.compactMap { $0.hasFiniteVariance.firstIndex(of: true) }.min().map { $0 + 1 } ?? last
        guard first < last, result.curves.contains(where: { $0.variance.contains { $0.map { $0 > 0 && $0.isFinite } == true } }) else { return nil }
        let steps = logSteps(to: last, perDecade: 40).filter { $0 >= first }
        self.outcome = outcome
        self.steps = steps
        let isStandard = outcome.experiment.parameters.isStandard
        curves = result.curves.prefix(Self.mostMeans).enumerated().map { index, curve in
            let normal = steps.map { outcome.hasOneMean ? Optional(outcome.normal[index][$0 - 1].variance) : nil }
            return Curve(
                mean: curve.mean, variance: steps.map { curve.variance[$0 - 1] }, error: steps.map { curve.varianceStandardError[$0 - 1] },
                exact: isStandard ? normal : steps.map { outcome.drawn?[index][$0 - 1]?.variance }, normal: normal)
        }
    }

    func figure() -> GnuplotFigure {
        GnuplotFigure(
            name: Self.name, caption: "Simulated and exact variance of psi_t, \(outcome.gradientsCaption(ofMean: curves.count == 1))",
            width: Self.size.width, data: [.init(table: table())]
        ) { drawing(Self.size.widened(to: $0)) }
    }

    /// The band is the simulated variance ± 1.96 of its standard errors, kept above 0 for the logarithmic axis.
    private func table() -> Table {
        curves.map { curve in
            func band(_ sign: Double) -> [Double?] {
                zip(curve.variance, curve.error).map { variance, error in
                    guard let variance, let error else { return nil }
                    return max(variance + sign * 1.96 * error, variance / 100)
                }
            }
            let columns = Array(outcome.parameterColumns(mean: curve.mean, count: steps.count).prefix(1)) + [
                Column("t", steps), Column("var_psi", curve.variance), Column("var_psi_stderr", curve.error),
                Column("band_low", band(-1)), Column("band_high", band(1)), Column("var_exact", curve.exact),
            ]
            return Table(outcome.experiment.parameters.isStandard ? columns : columns + [Column("var_normal", curve.normal)])
        }.joined()
    }

    private func drawing(_ size: FigureSize) -> GnuplotFigure.Drawing {
        let file = GnuplotFigure.dataFile(figure: Self.name)
        let parameters = outcome.experiment.parameters
        let range = Decades(around: curves.flatMap { $0.variance + $0.exact + $0.normal }.compactMap(\.self)) ?? Decades(around: [1])!
        let (low, high) = (Double(range.low), Double(range.high))
        let title = parameters.isStandard ? "" : outcome.gradientsTitle
        let hasReference = !parameters.isStandard && outcome.hasOneMean
        let labels = curves.count > 1 ? labels(low...high, size) : []
        let grey = curves.count > 1 ? "linecolor rgb '#555555'" : "linetype 1"
        var legend = [("simulated, 95 %", "with points \(grey) pointtype 7 pointsize 0.4")]
        if curves.contains(where: { $0.exact.contains { $0?.isFinite == true } }) {
            legend.append(("exact", "with lines \(grey) dashtype solid linewidth 1"))
        }
        if hasReference {
            legend.append((parameters.sequence == .independent ? "normal" : "i.i.d. normal", "with lines \(Self.normalStyle)"))
        }
        let lines = PanelGrid.legendLines(legend.count, width: size.width)
        let grid = PanelGrid(
            rows: 1, columns: 1, size: size, left: 40, right: labels.isEmpty ? 8 : 52, bottom: 28,
            top: 8 + 12 * Double(lines) + (title.isEmpty ? 0 : 12))
        var body = grid.begin + GnuplotScript.logarithmic("x") + GnuplotScript.logarithmic("y") + """
            set xrange [\(steps[0]):\(steps[steps.count - 1])]
            set yrange [1e\(range.low):1e\(range.high)]
            set ytics 1e\(range.low),\(high - low > 6 ? 100 : 10)

            """
        body += grid.panel(
            0, title: title, xLabel: "iteration {/:Italic t}", yLabel: "Var[{/:Italic ψ_t}]", xFormat: GnuplotScript.powersOfTen,
            yFormat: GnuplotScript.powersOfTen)
        for label in labels {
            body += "set label \(PanelGrid.quoted(label.text)) at graph 1,\(ShortestDigits.text(of: label.height)) left offset 0.6,0 "
                + "textcolor rgb '\(label.colour.colour)'\n"
        }
        var parts: [String] = []
        for (index, colour) in zip(curves.indices, Palette.allCases) {
            func column(_ name: String) -> String { GnuplotScript.value(name) }
            let start = index * steps.count, end = start + steps.count - 1
            let rows = "every ::\(start)::\(end)"
            // The points beside each other where curves lie on each other.
            let points = "every 4::\(min(start + index % 4, end))::\(end)"
            if hasReference {
                parts.append("'\(file)' using 't':\(column("var_normal")) \(rows) with lines \(Self.normalStyle)")
            }
            parts.append("'\(file)' using 't':\(column("var_exact")) \(rows) with lines linetype \(colour.lineType) linewidth 0.8 dashtype solid")
            parts.append(
                "'\(file)' using 't':\(column("band_low")):(0):(cell('band_high')-cell('band_low')) \(points) "
                    + "with vectors nohead linetype \(colour.lineType) dashtype solid linewidth 0.8")
            parts.append("'\(file)' using 't':\(column("var_psi")) \(points) with points linetype \(colour.lineType) pointsize 0.35")
        }
        return .init(size: size, body: body + "plot \(parts.joined(separator: ", \\\n     "))\n" + grid.legend(legend, lines: lines) + grid.end)
    }

    private static let normalStyle = "linecolor rgb '#888888' dashtype (5,2.5) linewidth 1"

    /// The means at the right end of their curves, as shares of the axis; one label for those that end at the same place.
    private func labels(_ range: ClosedRange<Double>, _ size: FigureSize) -> [(text: String, height: Double, colour: Palette)] {
        var groups: [(means: [Double], height: Double, colour: Palette)] = []
        for (curve, colour) in zip(curves, Palette.allCases) {
            guard let end = curve.exact.last.flatMap(\.self) ?? curve.variance.last.flatMap(\.self), end > 0, end.isFinite else { continue }
            // To four digits: the last ones of a logarithm depend on the processor.
            let height = ((log10(end) - range.lowerBound) / (range.upperBound - range.lowerBound) * 1e4).rounded() / 1e4
            if let index = groups.firstIndex(where: { abs($0.height - height) < 0.012 }) {
                groups[index].means.append(curve.mean)
            } else {
                groups.append(([curve.mean], height, colour))
            }
        }
        // 9 points of type on the height of the axes.
        let places = LabelPlaces.separated(groups.map(\.height), by: 9 / (72 * size.height - 40), within: 0.02...0.98)
        return zip(groups, places.map { ($0 * 1e4).rounded() / 1e4 }).map { group, place in
            let numbers = group.means.map(ShortestDigits.text)
            let text = numbers.count > 2 ? "\(numbers[0]) … \(numbers[numbers.count - 1])" : numbers.joined(separator: ", ")
            return ("{/:Italic μ} = \(text)", place, group.means.count > 1 ? .black : group.colour)
        }
    }
}
