import Report

/// Three panels in a row, one for each decay rate, over the steps on a logarithmic axis.
enum DecayRatePanels {
    static let beta2 = [0.9, 0.99, 0.999]
    static let lastStep = 20_000
    /// From the first step with a finite variance on.
    static let steps = logSteps(to: lastStep, perDecade: 60).filter { $0 >= 3 }
    static let size = FigureSize.twoColumns(height: 2.1)

    /// The script of the figure.
    ///
    /// - Parameters:
    ///   - axes: sets what the panels share.
    ///   - plot: the `plot` command of a panel; it is given how to name a column in the rows of its β2.
    static func body(
        yLabel: String, yFormat: String, axes: String, legend: [(title: String, style: String)],
        plot: (_ value: (String) -> String) -> String
    ) -> String {
        let grid = PanelGrid(rows: 1, columns: beta2.count, size: size, left: 44, right: 8, bottom: 28, top: 32, columnGap: 12)
        var body = grid.begin + GnuplotScript.logarithmic("x") + "set xrange [3:\(lastStep)]\n" + axes + "\n"
        for (index, beta2) in beta2.enumerated() {
            body += grid.panel(
                index, title: "{/:Italic β}_2 = \(ShortestDigits.text(of: beta2))", xLabel: "step {/:Italic t}",
                yLabel: yLabel, xFormat: GnuplotScript.powersOfTen, yFormat: yFormat)
            body += plot { GnuplotScript.value($0, where: "beta2", equals: beta2) } + "\n"
        }
        return body + grid.legend(legend) + grid.end
    }
}
