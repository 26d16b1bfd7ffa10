import Report
import Theory

/// Figure 8 of the paper: the closed form and the first-order approximation of Var[ψ] over ρ, and their distance.
enum Figure8 {
    static func figure() throws -> GnuplotFigure {
        let name = "figure8"
        let table = try VarianceTable(rho: (5...500).map(Double.init)).table()
        let file = GnuplotFigure.dataFile(figure: name)
        let size = FigureSize.oneColumn(height: 2.4)
        return GnuplotFigure(
            name: name, caption: "Figure 8: Var[psi] over rho at tau = 1, closed form and first order", width: size.width,
            data: [.init(table: table)]
        ) { width in
            let size = size.widened(to: width)
            return .init(size: size, body: """
                \(GnuplotScript.logarithmic("x"))\(GnuplotScript.logarithmic("y"))
                \(GnuplotScript.margins(size, left: 42.21, right: 9.648, bottom: 28.512, top: 5.184))
                set xrange [5:500]
                set yrange [1e-6:2]
                set xtics (5, 10, 20, 50, 100, 200, 500)
                set format y '\(GnuplotScript.powersOfTen)'
                set xlabel 'degrees of freedom {/:Italic ρ}' offset 0,0.5
                set ylabel 'Var[{/:Italic ψ}]  ({/:Italic τ} = 1)' offset 0.4,0
                set key top right Left reverse
                plot '\(file)' using 'rho':'var_closed_form' with lines linetype 1 linewidth 1.3 title 'closed form (Eq. 2)', \\
                     '' using 'rho':'var_first_order' with lines linetype 2 linewidth 1.3 title 'first order (Eq. 5)', \\
                     '' using 'rho':'difference' with lines linetype 3 linewidth 1.3 title '|difference|'
                """)
        }
    }
}

/// Not in the paper: r_t against the warmups that it replaces.
enum WarmupFigure {
    static func figure() throws -> GnuplotFigure {
        let name = "warmup"
        let beta2 = 0.999
        let length = 4000
        let last = 8000
        let table = try RhoTable(
            beta2: [beta2], steps: logSteps(to: last, perDecade: 60), warmupLength: length).table()
        let wanted = ["t", "r_t", "r_closed_form", "r_exact", "warmup_linear", "warmup_untuned_linear", "warmup_untuned_exponential"]
        let size = FigureSize.oneColumn(height: 2.6)
        let file = GnuplotFigure.dataFile(figure: name)
        @Sendable func line(_ column: String, _ style: String, _ title: String) -> String {
            "using 't':\(GnuplotScript.value(column)) with lines \(style) title '\(title)'"
        }
        return GnuplotFigure(
            name: name, caption: "Rectification against linear and untuned warmups at beta2 = 0.999", width: size.width,
            data: [.init(table: Table(wanted.map { table[$0]! }))]
        ) { width in
            let size = size.widened(to: width)
            return .init(size: size, body: """
                \(GnuplotScript.panelOverSteps(size, last: last, y: "1e-4:1.5", yLabel: "factor on the step size"))
                set key bottom right Left reverse width -2
                plot '\(file)' \(line("r_exact", "linetype 1 linewidth 1.3", "{/:Italic r}, exact law")), \\
                     '' \(line("r_t", "linetype 3 linewidth 1.3", "{/:Italic r_t}, paper")), \\
                     '' \(line("warmup_untuned_exponential", "linetype 2 linewidth 1.3", "untuned exponential")), \\
                     '' \(line("warmup_untuned_linear", "linetype 4 linewidth 1.3", "untuned linear (2000 steps)")), \\
                     '' \(line("warmup_linear", "linetype 5 linewidth 1.3", "linear, \(length) steps"))
                """)
        }
    }
}
