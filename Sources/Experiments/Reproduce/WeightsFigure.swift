import Report
import Theory

/// Not in the paper: Var[ψ_t] of independent normal gradients under other weights of their squares than Adam's.
enum WeightsFigure {
    private static let name = "weights"
    private static let lastStep = 10_000
    private static let curves: [(weights: SecondMomentWeights, column: String, title: String)] = [
        (.biasCorrected, "var_adam", "Adam"),
        (.uncorrected, "var_no_bias", "no bias correction"),
        (.initialSquare, "var_v0_g0", "{/:Italic v}_0 = {/:Italic g}_0² (GI-Adam)"),
        (.previousWithInitialSquare, "var_adopt", "ADOPT"),
        (.growingDecay(exponent: 0.8), "var_adafactor", "{/:Italic β}_2 = 1 − {/:Italic t}^{−0.8} (Adafactor)"),
    ]

    static func figure() throws -> GnuplotFigure {
        let beta2 = 0.999
        let steps = logSteps(to: lastStep, perDecade: 60)
        let process = try GradientProcess(.normal)
        var columns = [Column("beta2", repeating: beta2, count: steps.count), Column("t", steps)]
        for curve in curves {
            let law = try ExactProcessLaw(beta2: beta2, process: process, weights: curve.weights)
            columns.append(Column(curve.column, try law.moments(at: steps).map { $0?.variance }))
        }
        let size = FigureSize.oneColumn(height: 2.7)
        let file = GnuplotFigure.dataFile(figure: name)
        let parts = curves.enumerated().map { index, curve in
            "'\(index == 0 ? file : "")' using 't':\(GnuplotScript.value(curve.column)) with lines linetype \(index + 1) linewidth 1.3 title '\(curve.title)'"
        }
        return GnuplotFigure(
            name: name, caption: "Exact Var[psi_t] under other weights of the squared gradients, beta2 = 0.999", width: size.width,
            data: [.init(table: Table(columns))]
        ) { width in
            let size = size.widened(to: width)
            return .init(size: size, body: """
                \(GnuplotScript.panelOverSteps(size, last: lastStep, y: "1e-4:1e5", yLabel: "Var[{/:Italic ψ_t}]"))
                set key top right Left reverse
                plot \(parts.joined(separator: ", \\\n     "))
                """)
        }
    }
}
