import Report
import Training

/// Figure 1 of the paper: the training loss over the steps, one curve for each optimizer.
///
/// A curve is the mean over the seeds of each run's running mean over the last ``window`` steps; its band reaches from the
/// smallest to the largest of the seeds. Steps of a freeze lie before step 1 and are left out.
struct LossCurvesFigure {
    let outcome: TrainOutcome
    let name: String

    /// Steps that are averaged: single batches differ too much to be drawn.
    static let window = 25

    private struct Curve {
        let optimizer: String
        var steps: [Int] = []
        var mean: [Double] = [], low: [Double] = [], high: [Double] = []
    }

    func figure() -> GnuplotFigure {
        let curves = curves()
        let file = GnuplotFigure.dataFile(figure: name)
        let size = FigureSize.oneColumn(height: 2.7)
        let last = curves.compactMap(\.steps.last).max() ?? 1
        let lowest = curves.flatMap(\.low).min() ?? 0
        let highest = min(curves.flatMap(\.high).max() ?? 1, lowest + 3.5)
        let low = (lowest * 4).rounded(.down) / 4, high = (highest * 4).rounded(.up) / 4
        var body = """
            set margins screen 0.135, screen 0.7, screen 0.14, screen 0.97
            set xrange [0:\(last)]
            set yrange [\(ShortestDigits.text(of: low)):\(ShortestDigits.text(of: high))]
            set xlabel 'step' offset 0,0.5
            set ylabel 'training loss (nats)' offset 0.3,0

            """
        // The label of each curve stands at its end, moved apart where two would touch.
        let ends = curves.compactMap(\.mean.last)
        let places = LabelPlaces.separated(ends, by: (high - low) * 0.062, within: low...high)
        for (index, curve) in curves.enumerated() where index < places.count {
            body += "set label \(PanelGrid.quoted(GnuplotScript.escaped(curve.optimizer))) at graph 1.02, first "
                + "\(ShortestDigits.text(of: (places[index] * 1000).rounded() / 1000)) left textcolor linetype \(Self.lineType(index)) font ',7.5' front\n"
        }
        var parts: [String] = []
        var row = 0
        let hasBand = Set(outcome.runs.map(\.run.plan.seed)).count > 1
        for (index, curve) in curves.enumerated() {
            let rows = "every ::\(row)::\(row + curve.steps.count - 1)"
            row += curve.steps.count
            if hasBand {
                parts.append("'\(file)' using 'step':'low':'high' \(rows) with filledcurves linetype \(Self.lineType(index)) fillstyle transparent solid 0.2")
            }
            parts.append("'\(file)' using 'step':'loss' \(rows) with lines linetype \(Self.lineType(index)) linewidth 1.2")
        }
        body += "plot " + parts.joined(separator: ", \\\n     ") + "\n"
        return GnuplotFigure(
            name: name, caption: "Training loss, running mean over \(Self.window) steps, mean and range over the seeds", size: size,
            table: Table([
                Column("optimizer", curves.flatMap { curve in curve.steps.map { _ in curve.optimizer } }),
                Column("step", curves.flatMap(\.steps)), Column("loss", curves.flatMap(\.mean)),
                Column("low", curves.flatMap(\.low)), Column("high", curves.flatMap(\.high)),
            ]), body: body)
    }

    private static func lineType(_ index: Int) -> Int { index % Palette.allCases.count + 1 }

    /// Every tenth step and the last; where the runs of an optimizer end at different steps, up to the first end.
    private func curves() -> [Curve] {
        var names: [String] = []
        for (run, _) in outcome.runs where !names.contains(run.optimizer) { names.append(run.optimizer) }
        return names.compactMap { name in
            let smoothed = outcome.runs.filter { $0.run.optimizer == name && !$0.result.steps.isEmpty }
                .map { Self.runningMean($0.result.steps.filter { $0.index > 0 }.map(\.loss)) }
            guard let count = smoothed.map(\.count).min(), count > 0 else { return nil }
            var curve = Curve(optimizer: name)
            for index in 0..<count where (index + 1) % max(1, count / 200) == 0 || index + 1 == count {
                let values = smoothed.map { $0[index] }
                guard values.allSatisfy(\.isFinite) else { break }
                curve.steps.append(index + 1)
                curve.mean.append(values.reduce(0, +) / Double(values.count))
                curve.low.append(values.min()!)
                curve.high.append(values.max()!)
            }
            return curve.steps.isEmpty ? nil : curve
        }
    }

    /// The mean of the last ``window`` values up to each, of fewer at the start.
    static func runningMean(_ values: [Double]) -> [Double] {
        values.indices.map { index in
            let part = values[max(0, index + 1 - window)...index]
            return part.reduce(0, +) / Double(part.count)
        }
    }
}
