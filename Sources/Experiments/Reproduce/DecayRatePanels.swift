import Report

/// A figure of three panels, one for each decay rate, over the steps on a logarithmic axis.
struct DecayRatePanels: Sendable {
    let name: String
    let caption: String
    /// With the columns `beta2` and `t`.
    let table: Table
    let yLabel: String
    let yFormat: String
    /// Sets what the panels share.
    let axes: String
    let legend: [(title: String, style: String)]
    /// The `plot` command of a panel; it is given how to name a column in the rows of its β2.
    let plot: @Sendable (_ value: (String) -> String) -> String

    static let beta2 = [0.9, 0.99, 0.999]
    static let lastStep = 20_000
    /// From the first step with a finite variance on.
    static let steps = logSteps(to: lastStep, perDecade: 60).filter { $0 >= 3 }

    var figure: GnuplotFigure {
        GnuplotFigure(
            name: name, caption: caption, width: FigureSize.twoColumns(height: 1).width, data: [.init(table: table)]
        ) { drawing(width: $0) }
    }

    private func drawing(width: Double) -> GnuplotFigure.Drawing {
        let columns = PanelGrid.columns(for: Self.beta2.count, width: width, margins: 52, gap: 12)
        let rows = (Self.beta2.count + columns - 1) / columns
        let lines = PanelGrid.legendLines(legend.count, width: width)
        let size = FigureSize(width: width, height: 2.1 + 1.4 * Double(rows - 1) + Double(lines - 1) / 6)
        let grid = PanelGrid(
            rows: rows, columns: columns, count: Self.beta2.count, size: size, left: 44, right: 8, bottom: 28,
            top: 32 + 12 * Double(lines - 1), columnGap: 12)
        var body = grid.begin + GnuplotScript.logarithmic("x") + "set xrange [3:\(Self.lastStep)]\n" + axes + "\n"
        for (index, beta2) in Self.beta2.enumerated() {
            body += grid.panel(
                index, title: "{/:Italic β}_2 = \(ShortestDigits.text(of: beta2))", xLabel: "step {/:Italic t}",
                yLabel: yLabel, xFormat: GnuplotScript.powersOfTen, yFormat: yFormat)
            body += plot { GnuplotScript.value($0, where: "beta2", equals: beta2) } + "\n"
        }
        return .init(size: size, body: body + grid.legend(legend, lines: lines) + grid.end)
    }
}
