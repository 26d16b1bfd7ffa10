import Report
import Simulation
import Theory

/// Figure 9 of the paper: simulated Var[ψ_t] and Var[r_t ψ_t] for six means, with the exact law drawn through them.
struct Figure9: Sendable {
    let outcome: SimulateOutcome

    private static let width = FigureSize.twoColumns(height: 1).width

    /// The variances themselves.
    func figure() throws -> GnuplotFigure {
        GnuplotFigure(
            name: "figure9", caption: "Figure 9: simulated variance of the adaptive learning rate, before and after rectification",
            width: Self.width, data: [.init(table: try table())], layout: drawing)
    }

    private func drawing(width: Double) -> GnuplotFigure.Drawing {
        let file = GnuplotFigure.dataFile(figure: "figure9")
        let legend = [
            ("Var[{/:Italic ψ_t}], simulated", "with points linetype 2 pointtype 7 pointsize 0.5"),
            ("exact, 95 % band", "with lines linetype 1 linewidth 0.8"),
            ("Var[{/:Italic r_t ψ_t}], simulated", "with points linetype 3 pointtype 9 pointsize 0.5"),
            ("exact", "with lines linetype 3 linewidth 0.8 dashtype solid"),
        ]
        let lines = PanelGrid.legendLines(legend.count, width: width)
        let grid = grid(width: width, legendLines: lines)
        var body = grid.begin + GnuplotScript.logarithmic("x") + GnuplotScript.logarithmic("y") + """
            set xrange [5:\(lastStep)]
            set yrange [1e-8:1]
            set ytics 1e-8,100
            unset mytics

            """
        for (index, mean) in means.enumerated() {
            func value(_ column: String) -> String { GnuplotScript.value(column, where: "mu", equals: mean) }
            // Every eighth point of the mean's block, from t = 5 on, so that line and band are seen between them.
            let start = index * steps.count + (steps.firstIndex { $0 >= 5 } ?? 0)
            let points = "every 8::\(start)::\((index + 1) * steps.count - 1)"
            body += panel(grid, index, yLabel: "variance", yFormat: GnuplotScript.powersOfTen) + """
                plot \(GnuplotScript.band(file, x: "'t'", low: value("band_low"), high: value("band_high"), colour: .sky, opacity: 0.5)), \\
                     '' using 't':\(value("var_exact")) with lines linetype 1 linewidth 0.8, \\
                     '' using 't':\(value("rectified_exact")) with lines linetype 3 linewidth 0.8 dashtype solid, \\
                     '' using 't':\(GnuplotScript.value("var_psi")) \(points) with points linetype 2 pointtype 7 pointsize 0.3, \\
                     '' using 't':\(GnuplotScript.value("var_rectified")) \(points) with points linetype 3 pointtype 9 pointsize 0.35

                """
        }
        return .init(size: grid.size, body: body + grid.legend(legend, lines: lines) + grid.end)
    }

    /// The same simulated variance over the exact one, where the band is wide enough to be seen.
    func ratioFigure() throws -> GnuplotFigure {
        GnuplotFigure(
            name: "figure9_ratio", caption: "Simulated over exact variance, with the 95 % band of the sample variance",
            width: Self.width, data: [.init(table: try ratioTable())], layout: ratioDrawing)
    }

    private func ratioDrawing(width: Double) -> GnuplotFigure.Drawing {
        let file = GnuplotFigure.dataFile(figure: "figure9_ratio")
        let grid = grid(width: width, legendLines: 1)
        var body = grid.begin + GnuplotScript.logarithmic("x") + """
            set xrange [5:\(lastStep)]
            set yrange [0.8:1.2]
            set ytics 0.1

            """
        for (index, mean) in means.enumerated() {
            func value(_ column: String) -> String { GnuplotScript.value(column, where: "mu", equals: mean) }
            body += panel(grid, index, yLabel: "simulated / exact", yFormat: "%.1f") + """
                plot \(GnuplotScript.band(file, x: "'t'", low: value("band_low"), high: value("band_high"), colour: .sky, opacity: 0.5)), \\
                     1 with lines linetype 1 linewidth 0.8, \\
                     '\(file)' using 't':\(value("ratio")) with lines linetype 2 dashtype solid linewidth 0.8

                """
        }
        body += grid.legend([
            ("Var[{/:Italic ψ_t}], simulated over exact", "with lines linetype 2 dashtype solid linewidth 0.8"),
            ("95 % band", "with filledcurves fillcolor rgb '\(Palette.sky.colour)' fillstyle transparent solid 0.5 noborder"),
        ])
        return .init(size: grid.size, body: body + grid.end)
    }

    private var means: [Double] { outcome.experiment.parameters.means }
    private var lastStep: Int { max(6, outcome.experiment.parameters.iterations) }

    private func grid(width: Double, legendLines: Int) -> PanelGrid {
        PanelGrid(balanced: means.count, width: width, edges: 0.9, rowHeight: 1.3, legendLines: legendLines, left: 44, right: 8)
    }

    private func panel(_ grid: PanelGrid, _ index: Int, yLabel: String, yFormat: String) -> String {
        grid.panel(
            index, title: "{/:Italic μ} = \(ShortestDigits.text(of: means[index]))", xLabel: "iteration {/:Italic t}",
            yLabel: yLabel, xFormat: GnuplotScript.powersOfTen, yFormat: yFormat)
    }

    private var steps: [Int] { logSteps(to: outcome.experiment.parameters.iterations, perDecade: 60) }

    /// At the steps that the axis can show; the band is the exact variance ± 1.96 standard errors of the sample variance.
    private func table() throws -> Table {
        let rhoInfinity = outcome.average.rhoInfinity
        let rectification = steps.map {
            Rectification.firstOrder(rho: outcome.average.rho(at: $0), rhoInfinity: rhoInfinity)
        }
        func rectified(_ variance: [Double?]) -> [Double?] {
            zip(rectification, variance).map { r, variance in
                guard let r, let variance else { return nil }
                return r * r * variance
            }
        }
        return curves.map { curve in
            func band(_ sign: Double) -> [Double?] {
                // Kept above 0 for the logarithmic axis.
                zip(curve.exact, curve.error).map { exact, error in error.map { max(exact + sign * 1.96 * $0, exact / 100) } }
            }
            return Table([
                Column("mu", repeating: curve.mean, count: steps.count),
                Column("t", steps),
                Column("var_psi", curve.variance),
                Column("var_psi_stderr", curve.error),
                Column("var_exact", curve.exact),
                Column("band_low", band(-1)),
                Column("band_high", band(1)),
                Column("r_t", rectification),
                Column("var_rectified", rectified(curve.variance)),
                Column("rectified_exact", rectified(curve.exact)),
            ])
        }.joined()
    }

    private func ratioTable() throws -> Table {
        curves.map { curve in
            func band(_ sign: Double) -> [Double?] {
                zip(curve.exact, curve.error).map { exact, error in error.map { 1 + sign * 1.96 * $0 / exact } }
            }
            return Table([
                Column("mu", repeating: curve.mean, count: steps.count),
                Column("t", steps),
                Column("ratio", zip(curve.variance, curve.exact).map { variance, exact in
                    variance.flatMap { exact.isFinite ? $0 / exact : nil }
                }),
                Column("band_low", band(-1)),
                Column("band_high", band(1)),
            ])
        }.joined()
    }

    private struct Curve {
        let mean: Double
        let variance: [Double?]
        let error: [Double?]
        let exact: [Double]
    }

    private var curves: [Curve] {
        zip(outcome.result.curves, outcome.normal).map { curve, exact in
            Curve(
                mean: curve.mean, variance: steps.map { curve.variance[$0 - 1] },
                error: steps.map { curve.varianceStandardError[$0 - 1] }, exact: steps.map { exact[$0 - 1].variance })
        }
    }
}
