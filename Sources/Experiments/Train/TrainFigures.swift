import Files
import Foundation
import GradientStatistics
import Report
import Traces

extension TrainOutcome {
    /// The loss curves: figure 1.
    func lossCurvesFigure(name: String = "loss_curves") -> GnuplotFigure? {
        let figure = LossCurvesFigure(outcome: self, name: name).figure()
        return figure.data[0].table.rowCount > 0 ? figure : nil
    }

    /// The histograms of ln|g| of the first seed, a panel for each optimizer: figures 2 and 3.
    func gradientHistogramsFigure(name: String = "gradient_histograms") -> GnuplotFigure? {
        guard let seed = runs.first?.run.plan.seed else { return nil }
        let panels = runs.filter { $0.run.plan.seed == seed && !$0.result.histograms.isEmpty }.map { run, result in
            RidgelineFigure.Panel(
                title: run.optimizer, axis: "step {/:Italic t}",
                ridges: result.histograms.map { .init(label: String($0.step), histogram: $0.histogram) })
        }
        return panels.isEmpty ? nil : RidgelineFigure(name: name, panels: panels).figure()
    }

    /// `distortion.csv`: at each histogram's step the share of gradients that are exactly 0, and of those that are 0 or below e^-16.
    public func distortionTable() -> Table {
        let rows = runs.flatMap { run, result in result.histograms.map { (run: run, step: $0.step, histogram: $0.histogram) } }
        return Table([
            Column("optimizer", rows.map(\.run.optimizer)),
            Column("lr", rows.map(\.run.learningRate)),
            Column("seed", rows.map { String($0.run.plan.seed) }),
            Column("step", rows.map(\.step)),
            Column("share_zero", rows.map { Double($0.histogram.zeros) / Double($0.histogram.total) }),
            Column("share_below_e-16", rows.map { Double($0.histogram.countBelow(-16)) / Double($0.histogram.total) }),
        ])
    }
}

extension LogMagnitudeHistogram {
    /// Zeros, and what lies in bins that end at or below an edge.
    fileprivate func countBelow(_ logarithm: Double) -> Int {
        counts.indices.reduce(zeros + underflow) { edge($1 + 1) <= logarithm ? $0 + counts[$1] : $0 }
    }
}

extension TrainOutcome {
    /// The gradients that were recorded, one trace a run: `gradients_RUN.npy`, float32 [iterations, coordinates].
    private var recordedTraces: [(name: String, bytes: [UInt8])] {
        let coordinates = training.observation.recordedCoordinates.count
        guard coordinates > 0 else { return [] }
        return runs.map { run, result in
            let steps = result.recorded.count / (coordinates * MemoryLayout<Float>.stride)
            return ("gradients_\(run.fileName).npy", NpyWriter.header(shape: [steps, coordinates], element: .single) + result.recorded)
        }
    }

    /// Writes the traces and what their coordinates are, and returns the figure of ψ_t along them next to the exact law: at θ_0 the
    /// theory's i.i.d. case. No figure for runs with gradients that are not numbers.
    func writeRecordedGradients(to folder: OutputFolder) throws -> GnuplotFigure? {
        let traces = recordedTraces
        guard !traces.isEmpty else { return nil }
        for trace in traces { try folder.write(trace.bytes, as: trace.name) }
        try folder.write(coordinateTable(), as: "recorded_coordinates.csv")
        let finite = zip(runs, traces).filter { $0.0.result.divergedAt == nil }.map(\.1)
        guard !finite.isEmpty else { return nil }
        let inputs = finite.map { TraceInput.memory($0.bytes, name: $0.name) }
        let outcome = try GradientsExperiment(inputs: inputs).run(threads: training.threads)
        return PsiTraceFigure(outcome: outcome).figure(table: try outcome.psiTable())
    }

    /// `recorded_coordinates.csv`: which parameter each column of a trace is.
    private func coordinateTable() -> Table {
        let places = training.observation.recordedCoordinates
        let tensors = places.map { place in training.layout.tensors.first { $0.range.contains(place) }! }
        return Table([
            Column("coordinate", Array(places.indices)), Column("parameter", places),
            Column("tensor", tensors.map(\.name)), Column("index", zip(places, tensors).map { $0 - $1.offset }),
        ])
    }
}

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
            body += "set label \(PanelGrid.quoted(methodLabel(curve.optimizer))) at graph 1.02, first "
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
