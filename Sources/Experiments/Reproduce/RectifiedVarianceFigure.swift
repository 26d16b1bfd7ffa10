import Report
import Theory

/// Not in the paper: the exact Var[r ψ_t] that each rectification leaves, in units of the limit it aims at.
enum RectifiedVarianceFigure {
    static func figure() throws -> GnuplotFigure {
        let name = "rectified_variance"
        let steps = DecayRatePanels.steps
        let table = try DecayRatePanels.beta2.map { beta2 in
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

        let file = GnuplotFigure.dataFile(figure: name)
        return DecayRatePanels(
            name: name, caption: "Exact variance after each rectification, over its limit", table: table, yLabel: "Var[{/:Italic r ψ_t}] / limit", yFormat: "%.1f",
            axes: """
                set yrange [0:1.6]
                set ytics 0.2

                """,
            legend: [
                ("not rectified", "with lines linetype 4 linewidth 1.2"),
                ("{/:Italic r_t} of the paper", "with lines linetype 3 linewidth 1.2"),
                ("{/:Italic r} from Eq. 2", "with lines linetype 2 linewidth 1.2"),
                ("{/:Italic r} from the exact law", "with lines linetype 1 linewidth 1.2"),
            ],
            plot: { value in
                """
                plot '\(file)' using 't':\(value("unrectified")) with lines linetype 4 linewidth 1.2, \\
                     '' using 't':\(value("rectified_exact")) with lines linetype 1 linewidth 1.2, \\
                     '' using 't':\(value("rectified_first_order")) with lines linetype 3 linewidth 1.2, \\
                     '' using 't':\(value("rectified_closed_form")) with lines linetype 2 linewidth 1.2
                """
            }
        ).figure
    }
}
