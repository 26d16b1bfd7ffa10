import Report
import Theory

/// Not in the paper: the exact Var[r ψ_t] that each rectification leaves, in units of the limit it aims at.
enum RectifiedVarianceFigure {
    static func figure() throws -> GnuplotFigure {
        let name = "rectified_variance"
        let beta2 = [0.9, 0.99, 0.999]
        let last = 20_000
        let steps = logSteps(to: last, perDecade: 60).filter { $0 >= 3 }
        let table = try beta2.map { beta2 in
            let average = try ExponentialAverage(beta2: beta2)
            let law = try ExactLaw(beta2: beta2, means: [0])
            let exact = law.moments(at: steps)[0].map(\.variance)
            let limit = law.limit()[0].variance
            func rectified(_ factor: (Int, Double) -> Double?) -> [Double?] {
                zip(steps, exact).map { step, variance in factor(step, variance).map { $0 * $0 * variance / limit } }
            }
            return Table([
                Column("beta2", repeating: beta2, count: steps.count),
                Column("t", steps),
                Column("var_exact", exact),
                Column("unrectified", exact.map { $0 / limit }),
                Column("rectified_first_order", rectified { step, _ in
                    Rectification.firstOrder(rho: average.rho(at: step), rhoInfinity: average.rhoInfinity)
                }),
                Column("rectified_closed_form", rectified { step, _ in
                    Rectification.closedForm(rho: average.rho(at: step), rhoInfinity: average.rhoInfinity)
                }),
                Column("rectified_exact", rectified { _, variance in Rectification.exact(variance: variance, limit: limit) }),
            ])
        }.joined()

        let size = FigureSize.twoColumns(height: 2.1)
        let file = GnuplotFigure.dataFile(figure: name)
        let grid = PanelGrid(rows: 1, columns: 3, size: size, left: 44, right: 8, bottom: 28, top: 32, columnGap: 12)
        var body = grid.begin + GnuplotScript.logarithmic("x") + """
            set xrange [3:\(last)]
            set yrange [0:1.6]
            set ytics 0.2

            """
        for (index, beta2) in beta2.enumerated() {
            func value(_ column: String) -> String { GnuplotScript.value(column, where: "beta2", equals: beta2) }
            body += grid.panel(
                index, title: "{/:Italic β}_2 = \(ShortestDigits.text(of: beta2))", xLabel: "step {/:Italic t}",
                yLabel: "Var[{/:Italic r ψ_t}] / limit", xFormat: GnuplotScript.powersOfTen, yFormat: "%.1f")
            body += """
                plot '\(file)' using 't':\(value("unrectified")) with lines linetype 4 linewidth 1.2, \\
                     '' using 't':\(value("rectified_exact")) with lines linetype 1 linewidth 1.2, \\
                     '' using 't':\(value("rectified_first_order")) with lines linetype 3 linewidth 1.2, \\
                     '' using 't':\(value("rectified_closed_form")) with lines linetype 2 linewidth 1.2

                """
        }
        body += grid.legend([
            ("not rectified", "with lines linetype 4 linewidth 1.2"),
            ("{/:Italic r_t} of the paper", "with lines linetype 3 linewidth 1.2"),
            ("{/:Italic r} from Eq. 2", "with lines linetype 2 linewidth 1.2"),
            ("{/:Italic r} from the exact law", "with lines linetype 1 linewidth 1.2"),
        ])
        return GnuplotFigure(
            name: name, caption: "Exact variance after each rectification, over its limit", size: size, table: table,
            body: body + grid.end)
    }
}
