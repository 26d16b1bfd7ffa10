import Errors
import Report
import Simulation
import Theory

/// Not in the paper: Var[ψ_t] at μ = 0 when the gradients are not Gaussian, simulated for laws of unit variance with ever heavier
/// tails, with the exact law of each through its points.
struct HeavyTailsFigure: Sendable {
    /// One simulation for each law, in the order of their tails.
    private let simulations: [MonteCarlo]

    private static let laws: [(law: GradientLaw, column: String, title: String, colour: Palette)] = [
        (.normal, "normal", "normal", .blue),
        (.laplace, "laplace", "Laplace", .green),
        (.studentT(degreesOfFreedom: 3), "student_t_3", "Student-{/:Italic t}, {/:Italic ν} = 3", .vermillion),
    ]

    /// - Parameter parameters: decay rate, size and seed of each simulation; mean and ε are 0.
    init(_ parameters: ReproduceExperiment.Simulation) throws(ParameterError) {
        var simulations: [MonteCarlo] = []
        for entry in Self.laws {
            simulations.append(MonteCarlo(
                try SimulationParameters(
                    means: [0], beta2: parameters.beta2, trajectories: parameters.trajectories,
                    iterations: parameters.iterations, seed: parameters.seed, gradients: GradientSource(entry.law))))
        }
        self.simulations = simulations
    }

    /// The number of simulated trajectories, over all laws.
    var trajectories: Int { simulations.reduce(0) { $0 + $1.parameters.trajectories } }

    private var parameters: SimulationParameters { simulations[0].parameters }

    /// Runs the simulations and draws them.
    func figure(threads: Int, progress: @escaping @Sendable (Int) -> Void) throws -> GnuplotFigure {
        let table = try table(threads: threads, progress: progress)
        let size = FigureSize.oneColumn(height: 2.6)
        return GnuplotFigure(
            name: "heavy_tails",
            caption: "Simulated and exact variance of the adaptive learning rate for normal and heavier-tailed gradients of unit variance",
            width: size.width, data: [.init(table: table)]
        ) { drawing(table, size: size.widened(to: $0)) }
    }

    private func drawing(_ table: Table, size: FigureSize) -> GnuplotFigure.Drawing {
        let file = GnuplotFigure.dataFile(figure: "heavy_tails")
        var body = """
            \(GnuplotScript.logarithmic("x"))\(GnuplotScript.logarithmic("y"))
            \(GnuplotScript.margins(size, left: 37.386, right: 7.236, bottom: 30.888, top: 5.616))
            set xrange [5:\(max(6, parameters.iterations))]
            set yrange [1e-4:1]
            set format x '\(GnuplotScript.powersOfTen)'
            set format y '\(GnuplotScript.powersOfTen)'
            set xlabel 'iteration {/:Italic t}' offset 0,0.5
            set ylabel 'Var[{/:Italic ψ_t}]' offset 0.6,0
            set key bottom left Left reverse

            """
        // Each law's name above its points where the curves lie apart, the normal law's below.
        for entry in Self.laws {
            let isLowest = entry.law == .normal
            guard let label = place(in: table, of: "var_\(entry.column)") else { continue }
            body += "set label \(PanelGrid.quoted(entry.title)) at \(label.step),\(ShortestDigits.text(of: label.variance)) "
                + "\(isLowest ? "right offset -0.8,-0.5" : "left offset 0.5,0.7") textcolor rgb '\(entry.colour.colour)'\n"
        }
        body += "plot "
        // The bands below, then the points, then the reference.
        for entry in Self.laws.reversed() {
            body += GnuplotScript.band(
                file, x: "'t'", low: GnuplotScript.value("low_\(entry.column)"),
                high: GnuplotScript.value("high_\(entry.column)"), colour: entry.colour) + ", \\\n     "
        }
        for (index, entry) in Self.laws.enumerated().reversed() {
            body += "'\(file)' using 't':\(GnuplotScript.value("var_\(entry.column)")) every 6::\(2 * index) "
                + "with points linetype \(entry.colour.lineType) pointsize 0.35, \\\n     "
        }
        body += "NaN with points linetype 1 linecolor rgb '#888888' pointsize 0.45 title 'simulated', \\\n     "
            + "NaN with filledcurves fillcolor rgb '#cccccc' fillstyle solid 1 noborder title '95 % band', \\\n     "
        body += Self.laws.map {
            "'\(file)' using 't':\(GnuplotScript.value("var_exact_\($0.column)")) with lines linetype \($0.colour.lineType) linewidth 1 dashtype solid"
        }.joined(separator: ", \\\n     ")
        body += ", \\\n     NaN with lines linetype 1 linecolor rgb '#888888' linewidth 1 title 'exact law'\n"
        return .init(size: size, body: body)
    }

    /// A point of a curve, in the middle of the axis.
    private func place(in table: Table, of column: String) -> (step: Int, variance: Double)? {
        guard case .integer(let steps)? = table["t"]?.values, case .real(let variances)? = table[column]?.values,
            let step = steps[steps.count / 2], let variance = variances[steps.count / 2]
        else { return nil }
        return (step, variance)
    }

    /// At the steps that the axis can show, from t = 5 on, where E[ψ⁴] is finite for each of these laws; the band is the
    /// sample variance ± 1.96 of its standard errors.
    private func table(threads: Int, progress: @escaping @Sendable (Int) -> Void) throws -> Table {
        let steps = logSteps(to: parameters.iterations, perDecade: 60).filter { $0 >= 5 }
        var columns = [
            Column("t", steps),
            Column("beta2", repeating: parameters.beta2, count: steps.count),
            Column("trajectories", repeating: parameters.trajectories, count: steps.count),
            Column("seed", repeating: String(parameters.seed), count: steps.count),
        ]
        var done = 0
        for (entry, simulation) in zip(Self.laws, simulations) {
            let before = done
            let curve = try simulation.run(threads: threads, progress: { progress(before + $0) }).curves[0]
            done += parameters.trajectories
            func band(_ sign: Double) -> [Double?] {
                steps.map { step in
                    guard let variance = curve.variance[step - 1], let error = curve.varianceStandardError[step - 1] else { return nil }
                    // Kept above 0 for the logarithmic axis.
                    return max(variance + sign * 1.96 * error, variance / 100)
                }
            }
            columns += [
                Column("var_\(entry.column)", steps.map { curve.variance[$0 - 1] }),
                Column("low_\(entry.column)", band(-1)),
                Column("high_\(entry.column)", band(1)),
                Column("var_exact_\(entry.column)", try exactVariances(entry.law, at: steps)),
            ]
        }
        return Table(columns)
    }

    private func exactVariances(_ law: GradientLaw, at steps: [Int]) throws -> [Double?] {
        try ExactProcessLaw(beta2: parameters.beta2, process: GradientProcess(law), epsilon: parameters.epsilon)
            .moments(at: steps).map { $0?.variance }
    }
}
