import Report
import Simulation
import Theory

/// Figure 9 of the paper: simulated Var[ψ_t] and Var[r_t ψ_t] for six means, with the exact law drawn through them.
struct Figure9 {
    let outcome: SimulateOutcome

    func figure() throws -> GnuplotFigure {
        let name = "figure9"
        let parameters = outcome.experiment.parameters
        let means = parameters.means
        let columns = min(3, means.count)
        let size = FigureSize.twoColumns(height: means.count > columns ? 3.5 : 2.2)
        let file = GnuplotFigure.dataFile(figure: name)
        let grid = PanelGrid(
            rows: (means.count + columns - 1) / columns, columns: columns, count: means.count, size: size,
            left: 40, right: 8, bottom: 28, top: 32, columnGap: 12, rowGap: 20)
        var body = grid.begin + GnuplotScript.logarithmic("x") + GnuplotScript.logarithmic("y") + """
            set xrange [5:\(max(6, parameters.iterations))]
            set yrange [1e-8:1]
            set ytics 1e-8,100
            set mytics default
            unset mytics

            """
        for (index, mean) in means.enumerated() {
            func value(_ column: String) -> String { GnuplotScript.value(column, where: "mu", equals: mean) }
            body += grid.panel(
                index, title: "{/:Italic μ} = \(ShortestDigits.text(of: mean))", xLabel: "iteration {/:Italic t}",
                yLabel: "variance", xFormat: GnuplotScript.powersOfTen, yFormat: GnuplotScript.powersOfTen)
            body += """
                plot \(GnuplotScript.band(file, x: "'t'", low: value("band_low"), high: value("band_high"), colour: .sky, opacity: 0.5)), \\
                     '' using 't':\(value("var_exact")) with lines linetype 1 linewidth 0.8, \\
                     '' using 't':\(value("var_psi")) every 2 with points linetype 2 pointtype 7 pointsize 0.22, \\
                     '' using 't':\(value("var_rectified")) with lines linetype 3 linewidth 1.2

                """
        }
        body += grid.legend([
            ("Var[{/:Italic ψ_t}], simulated", "with points linetype 2 pointtype 7 pointsize 0.4"),
            ("exact law", "with lines linetype 1 linewidth 0.8"),
            ("its 95 % band", "with filledcurves fillcolor rgb '\(Palette.sky.colour)' fillstyle transparent solid 0.5 noborder"),
            ("Var[{/:Italic r_t ψ_t}], simulated", "with lines linetype 3 linewidth 1.2"),
        ])
        return GnuplotFigure(
            name: name, caption: "Figure 9: simulated variance of the adaptive learning rate, before and after rectification",
            size: size, table: try table(), body: body + grid.end)
    }

    /// The steps that the axis can show; the band is the exact variance ± 1.96 standard errors of the sample variance.
    private func table() throws -> Table {
        let parameters = outcome.experiment.parameters
        let steps = logSteps(to: parameters.iterations, perDecade: 60)
        let rhoInfinity = outcome.average.rhoInfinity
        let rectification = steps.map {
            Rectification.firstOrder(rho: outcome.average.rho(at: $0), rhoInfinity: rhoInfinity)
        }
        return zip(outcome.result.curves, outcome.exact).map { curve, exact in
            let variance = steps.map { curve.variance[$0 - 1] }
            let error = steps.map { curve.varianceStandardError[$0 - 1] }
            let exactVariance = steps.map { exact[$0 - 1].variance }
            func band(_ sign: Double) -> [Double?] {
                zip(exactVariance, error).map { exact, error in error.map { max(exact + sign * 1.96 * $0, exact / 100) } }
            }
            return Table([
                Column("mu", repeating: curve.mean, count: steps.count),
                Column("t", steps),
                Column("var_psi", variance),
                Column("var_psi_stderr", error),
                Column("var_exact", exactVariance),
                Column("band_low", band(-1)),
                Column("band_high", band(1)),
                Column("r_t", rectification),
                Column("var_rectified", zip(rectification, variance).map { r, variance -> Double? in
                    guard let r, let variance else { return nil }
                    return r * r * variance
                }),
            ])
        }.joined()
    }
}
