import Report
import Theory

/// Not in the paper: how far each approximation of Var[ψ_t] is from the exact variance, over the steps.
enum ApproximationRatioFigure {
    static func figure() throws -> GnuplotFigure {
        let name = "approximation_ratio"
        let steps = DecayRatePanels.steps
        let table = try DecayRatePanels.beta2.map { beta2 in
            let average = try ExponentialAverage(beta2: beta2)
            let exact = try ExactLaw(beta2: beta2, means: [0]).moments(at: steps)[0].map(\.variance)
            func ratio(_ approximation: (Int) throws -> Double?) rethrows -> [Double?] {
                try zip(steps, exact).map { step, exact in try approximation(step).map { $0 / exact } }
            }
            return Table([
                Column("beta2", repeating: beta2, count: steps.count),
                Column("t", steps),
                Column("var_exact", exact),
                Column("ratio_first_order", try ratio { step in
                    let rho = average.rho(at: step)
                    return rho > 4 ? try AdaptiveRateVariance.firstOrder(rho: rho) : nil
                }),
                Column("ratio_closed_form", try ratio { try AdaptiveRateVariance.closedForm(rho: average.rho(at: $0)) }),
                Column("ratio_closed_form_nu", try ratio {
                    try AdaptiveRateVariance.closedForm(rho: average.satterthwaite(at: $0))
                }),
            ])
        }.joined()

        let file = GnuplotFigure.dataFile(figure: name)
        return DecayRatePanels(
            name: name, caption: "Each approximation of Var[psi_t] over the exact variance", table: table, yLabel: "approximation / exact", yFormat: "%g",
            axes: """
                \(GnuplotScript.logarithmic("y"))
                unset mytics
                set yrange [0.95:4]
                set ytics (1, 1.2, 1.5, 2, 3, 4)

                """,
            legend: [
                ("Eq. 5 at {/:Italic ρ_t}", "with lines linetype 3 linewidth 1.2"),
                ("Eq. 2 at {/:Italic ρ_t}", "with lines linetype 2 linewidth 1.2"),
                ("Eq. 2 at {/:Italic ν_t}", "with lines linetype 1 linewidth 1.2"),
            ],
            plot: { value in
                """
                plot 1 with lines linewidth 0.6 linecolor rgb '#888888' dashtype solid, \\
                     '\(file)' using 't':\(value("ratio_first_order")) with lines linetype 3 linewidth 1.2, \\
                     '' using 't':\(value("ratio_closed_form")) with lines linetype 2 linewidth 1.2, \\
                     '' using 't':\(value("ratio_closed_form_nu")) with lines linetype 1 linewidth 1.2
                """
            }
        ).figure
    }
}
