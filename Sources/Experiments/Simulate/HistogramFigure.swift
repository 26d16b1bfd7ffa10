import Report

/// Histograms at several steps, a panel each, with curves through them and marks on their axes.
///
/// The first data file holds the bins, the second the curves' points.
struct HistogramFigure: Sendable {
    /// Lines through each panel, or marks: vertical lines across it.
    struct Line: Sendable {
        /// The column, of the curves for a curve, of the bins for a mark.
        let column: String
        /// In the legend.
        let title: String
        /// At the line itself.
        let label: String
        let style: Palette
        let width: Double

        /// How gnuplot draws it.
        var drawing: String { "linetype \(style.lineType) linewidth \(ShortestDigits.text(of: width))" }
    }

    /// A file that holds the bins among other rows, and the first of each step's rows in it.
    struct SharedBins: Sendable {
        let file: String
        let firstRows: [Int: Int]
    }

    let name: String
    let caption: String
    let steps: [Int]
    /// With the columns `t`, `bin_low` and `bin_high`.
    let bins: Table
    /// nil where the figure has its bins in a file of its own.
    var sharedBins: SharedBins?
    /// The column of the bins' heights, and its title in the legend.
    let bars: (column: String, title: String)
    let xLabel: String
    let yLabel: String
    /// With the columns `t` and ``place``; nil without curves.
    var curves: Table?
    /// The column of the curves' points on the axis.
    var place = "psi"
    /// Drawn in this order, each over the one before.
    var curveLines: [Line] = []
    var marks: [Line] = []

    private static let bar = "with boxes fillcolor rgb '#cccccc' fillstyle solid 1 noborder"
    private static let curvePart = "curves"

    var figure: GnuplotFigure {
        var data = [GnuplotFigure.Data(table: bins, sharedFile: sharedBins?.file)]
        if let curves { data.append(.init(name: Self.curvePart, table: curves)) }
        return GnuplotFigure(name: name, caption: caption, width: FigureSize.twoColumns(height: 1).width, data: data) { drawing(width: $0) }
    }

    private func drawing(width: Double) -> GnuplotFigure.Drawing {
        let legend = [(bars.title, Self.bar)] + (curveLines + marks).map { ($0.title, "with lines \($0.drawing)") }
        let lines = PanelGrid.legendLines(legend.count, width: width)
        let layout = HistogramPanels(
            width: width, legendLines: lines, bins: bins, bars: bars.column, curves: curves, place: place, lines: curveLines.map(\.column),
            steps: steps)
        var body = layout.grid.begin
        for (index, step) in steps.enumerated() {
            body += layout.grid.panel(index, title: "{/:Italic t} = \(step)", xLabel: xLabel, yLabel: yLabel)
            body += panel(step, layout)
        }
        body += layout.grid.legend(legend, lines: lines)
        return .init(size: layout.grid.size, body: body + layout.grid.end)
    }

    private func panel(_ step: Int, _ layout: HistogramPanels) -> String {
        let file = sharedBins?.file ?? GnuplotFigure.dataFile(figure: name)
        let curveFile = GnuplotFigure.dataFile(figure: name, part: Self.curvePart)
        let text = ShortestDigits.text(of:)
        func value(_ column: String) -> String { GnuplotScript.value(column, where: "t", equals: Double(step)) }
        var height = value(bars.column)
        var rows = ""
        if let first = sharedBins?.firstRows[step] {
            height = GnuplotScript.value(bars.column)
            rows = " every ::\(first)::\(first + layout.rowCount(step) - 1)"
        }
        var parts = [
            "'\(file)' using (0.5*(column('bin_low')+column('bin_high'))):\(height)"
                + ":(column('bin_high')-column('bin_low'))\(rows) \\\n        \(Self.bar)"
        ]
        parts += curveLines.map { "'\(curveFile)' using (column('\(place)')):\(value($0.column)) with lines \($0.drawing)" }
        var before = ""
        for mark in marks where layout.hasValue(mark.column, step) {
            // The value stands in every row of the step.
            before += "stats '\(file)' using \(value(mark.column)) name '\(mark.column)' nooutput\n"
            parts.append(
                "'+' using (\(mark.column)_max):(0):(0):(\(text(layout.height(step)))) every ::0::0 "
                    + "with vectors nohead \(mark.drawing)")
        }
        if !before.isEmpty { before = "set xrange [*:*]\nset yrange [*:*]\n" + before }
        return """
            \(before)\(layout.axes(step))
            unset label
            \(labels(step, layout))plot \(parts.joined(separator: ", \\\n     "))

            """
    }

    /// Each curve's label right of its falling side, one below the other where the curves are one; side by side above a low curve.
    private func labels(_ step: Int, _ layout: HistogramPanels) -> String {
        let text = ShortestDigits.text(of:)
        return curveLines.enumerated().compactMap { index, line in
            guard var point = layout.fall(of: line.column, at: step, toShare: 0.91 - 0.23 * Double(index)) else { return nil }
            if point.isLow { point = layout.fall(of: line.column, at: step, toShare: 0.95) ?? point }
            let offset = point.isLow ? "\(2 * index - 1),0.8" : "1.1,0"
            return "set label \(PanelGrid.quoted(line.label)) at \(text(point.x)),\(text(point.y)) left front offset character \(offset) "
                + "font ',7' textcolor rgb '\(line.style.colour)'\n"
        }.joined()
    }
}
