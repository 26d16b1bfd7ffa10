import Distributions
import Report
import Theory

/// Not in the paper: root mean square, signal-to-noise ratio and wrong-sign probability of the whole update over the steps, for the decay
/// rates that people use, by the exact law; with what RAdam's r_t and an untuned warmup make of the first.
enum UpdateMomentsFigure {
    private static let decays: [(beta1: Double, beta2: Double)] = [(0.9, 0.999), (0.9, 0.95), (0.95, 0.95)]
    private static let means = [0, 0.1, 0.3, 1]
    private static let lastStep = 10_000
    private static let name = "update_moments"
    private static let quantities: [(column: String, label: String, low: Double, high: Double)] = [
        ("rms", "RMS of {/:Italic u_t}", 0.005, 1.5), ("signal_to_noise", "signal-to-noise ratio", 0.03, 30),
        ("wrong_sign", "P(wrong sign)", 0, 0.5),
    ]
    private static let styles = [Palette.black, .blue, .vermillion, .green]

    static func figure() throws -> GnuplotFigure {
        let steps = logSteps(to: lastStep, perDecade: 25)
        let table = try decays.flatMap { decay in try means.map { try rows(decay, mean: $0, steps: steps) } }.joined()
        let count = steps.count
        return GnuplotFigure(
            name: name, caption: "The size, the signal and the sign of Adam's update over the steps, by its exact law",
            width: FigureSize.twoColumns(height: 1).width, data: [.init(table: table)]
        ) { drawing(stepCount: count, width: $0) }
    }

    private static func rows(_ decay: (beta1: Double, beta2: Double), mean: Double, steps: [Int]) throws -> Table {
        let average = try ExponentialAverage(beta2: decay.beta2)
        let laws = try steps.map { try UpdateLaw(beta1: decay.beta1, beta2: decay.beta2, mean: mean, step: $0) }
        let moments = laws.map { $0.moments() }
        let rectification = steps.map {
            Rectification.firstOrder(rho: average.rho(at: $0), rhoInfinity: average.rhoInfinity)
        }
        func column(_ name: String, _ value: Double) -> Column { Column(name, repeating: value, count: steps.count) }
        return Table([
            column("beta1", decay.beta1), column("beta2", decay.beta2), column("mu", mean), Column("t", steps),
            Column("rms", moments.map(\.rootMeanSquare)),
            Column("signal_to_noise", moments.map { mean == 0 ? nil : $0.signalToNoise }),
            Column("wrong_sign", laws.map(\.wrongSignProbability)),
            Column("rms_rectified", zip(rectification, moments).map { r, moments in r.map { $0 * moments.rootMeanSquare } }),
            Column("rms_warmup", zip(steps, moments).map { Warmup.untunedLinear(average, step: $0) * $1.rootMeanSquare }),
        ])
    }

    private static func drawing(stepCount: Int, width: Double) -> GnuplotFigure.Drawing {
        let lines = PanelGrid.legendLines(means.count + 2, width: width)
        let size = FigureSize(width: width, height: 4.7 + Double(lines - 1) / 6)
        let grid = PanelGrid(
            rows: quantities.count, columns: decays.count, size: size, left: 44, right: 8, bottom: 28, top: 32 + 12 * Double(lines - 1),
            columnGap: 20, rowGap: 12)
        var body = grid.begin + GnuplotScript.logarithmic("x") + "set xrange [1:\(lastStep)]\n"
        let file = GnuplotFigure.dataFile(figure: name)
        for (row, quantity) in quantities.enumerated() {
            body += quantity.column == "wrong_sign" ? "unset logscale y\nset mytics default\nset ytics 0.1\n" : GnuplotScript.logarithmic("y")
            body += "set yrange [\(ShortestDigits.text(of: quantity.low)):\(ShortestDigits.text(of: quantity.high))]\n"
            for (column, decay) in decays.enumerated() {
                let title = row == 0
                    ? "{/:Italic β}_1 = \(ShortestDigits.text(of: decay.beta1)), {/:Italic β}_2 = \(ShortestDigits.text(of: decay.beta2))" : ""
                body += grid.panel(
                    row * decays.count + column, title: title, xLabel: "step {/:Italic t}", yLabel: quantity.label,
                    xFormat: GnuplotScript.powersOfTen, yFormat: "%g")
                var parts: [String] = []
                for index in means.indices where quantity.column == "rms" || means[index] != 0 {
                    parts.append(curve(file, quantity.column, block: column * means.count + index, stepCount, "linetype \(styles[index].lineType) linewidth 1.2"))
                }
                if quantity.column == "rms" {
                    for (extra, style) in zip(["rms_rectified", "rms_warmup"], extraStyles) {
                        parts.append(curve(file, extra, block: column * means.count, stepCount, style))
                    }
                }
                body += "plot \(parts.joined(separator: ", \\\n     "))\n"
            }
        }
        let legend = means.indices.map {
            (title: "{/:Italic μ}/{/:Italic σ} = \(ShortestDigits.text(of: means[$0]))", style: "with lines linetype \(styles[$0].lineType) linewidth 1.2")
        } + zip(["{/:Italic r_t} RMS, {/:Italic μ} = 0", "untuned warmup, {/:Italic μ} = 0"], extraStyles).map { ($0, "with lines \($1)") }
        return .init(size: size, body: body + grid.legend(legend, lines: lines) + grid.end)
    }

    private static let extraStyles = [Palette.purple, .orange].map { "linetype \($0.lineType) linewidth 1.2" }

    /// A curve of one block of rows, of equal length each.
    private static func curve(_ file: String, _ column: String, block: Int, _ length: Int, _ style: String) -> String {
        "'\(file)' using 't':\(GnuplotScript.value(column)) every ::\(block * length)::\(block * length + length - 1) with lines \(style)"
    }
}

/// Not in the paper: the law of the whole update of centred gradients at the first steps: two spikes at ±1 that become a bell.
enum UpdateLawFigure {
    private static let name = "update_law"
    /// The first one is ±1 with certainty.
    private static let steps = [2, 5, 10, 100]
    private static let points = 401

    static func figure() throws -> GnuplotFigure {
        let table = try steps.map { step in
            let law = try UpdateLaw(beta1: 0.9, beta2: 0.999, step: step)
            let distribution = UpdateDistribution(law)
            // The density has poles at its ends at the first steps: they are left out.
            let end = min(law.largest, 2.2)
            let updates = (0..<points).map { end * (2 * (Double($0) + 0.5) / Double(points) - 1) }
            let values = updates.map { distribution.values(at: $0) }
            return Table([
                Column("beta1", repeating: 0.9, count: points), Column("beta2", repeating: 0.999, count: points),
                Column("t", repeating: step, count: points), Column("u", updates),
                Column("density", values.map { $0.density?.roundedToTenDigits }),
                Column("distribution", values.map { $0.lower.roundedToTenDigits }),
            ])
        }.joined()
        let size = FigureSize.oneColumn(height: 2.5)
        return GnuplotFigure(
            name: name, caption: "The law of Adam's update at the first steps, for centred normal gradients", width: size.width,
            data: [.init(table: table)]
        ) { width in
            let size = size.widened(to: width)
            let file = GnuplotFigure.dataFile(figure: name)
            let curves = steps.indices.map { index in
                "'\(index == 0 ? file : "")' using 'u':\(GnuplotScript.value("density")) every ::\(index * points)::\((index + 1) * points - 1) "
                    + "with lines linetype \(index + 2) linewidth 1.3 notitle"
            }
            return .init(size: size, body: """
                \(GnuplotScript.margins(size, left: 36, right: 8, bottom: 30, top: 6))
                set xrange [-2.2:2.2]
                set yrange [0:2.5]
                set xlabel 'update {/:Italic u_t} = {/:Italic m̂_t}/√{/:Italic v̂_t}' offset 0,0.5
                set ylabel 'density' offset 0.4,0
                set label '{/:Italic t} = 1' at first 1.12, first 2.3 left
                \(labels.joined(separator: "\n"))
                set arrow from first -1, first 0 to first -1, first 2.4 filled linetype 1 linewidth 1.3
                set arrow from first 1, first 0 to first 1, first 2.4 filled linetype 1 linewidth 1.3
                plot \(curves.joined(separator: ", \\\n     "))
                """)
        }
    }

    /// Beside each curve, where no other one is.
    private static let labels = zip(steps, ["0.93, first 1.4 right", "-0.42, first 0.76 right", "0.3, first 0.95 left", "0.17, first 1.6 left"]).map {
        "set label '{/:Italic t} = \($0)' at first \($1)"
    }
}
