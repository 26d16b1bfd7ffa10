import Report
import Theory

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
        let lines = PanelGrid.legendLines(legend.count, width: width)
        let grid = PanelGrid(
            balanced: Self.beta2.count, width: width, edges: 0.7, rowHeight: 1.4, legendLines: lines, left: 44, right: 8)
        var body = grid.begin + GnuplotScript.logarithmic("x") + "set xrange [3:\(Self.lastStep)]\n" + axes + "\n"
        for (index, beta2) in Self.beta2.enumerated() {
            body += grid.panel(
                index, title: "{/:Italic β}_2 = \(ShortestDigits.text(of: beta2))", xLabel: "step {/:Italic t}",
                yLabel: yLabel, xFormat: GnuplotScript.powersOfTen, yFormat: yFormat)
            body += plot { GnuplotScript.value($0, where: "beta2", equals: beta2) } + "\n"
        }
        return .init(size: grid.size, body: body + grid.legend(legend, lines: lines) + grid.end)
    }
}

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
