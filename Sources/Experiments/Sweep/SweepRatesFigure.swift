import Report

/// How sensitive each optimizer is to the learning rate: its last score over the rate, with the range over the seeds.
struct SweepRatesFigure {
    let outcome: TrainOutcome
    let name: String

    func figure() -> GnuplotFigure? {
        let rows = SweepSummary(outcome).rows.map { row in
            (row: row, values: (outcome.isScoredByAccuracy ? row.accuracy : row.validationLoss).filter(\.isFinite))
        }.filter { !$0.values.isEmpty }
        var optimizers: [String] = []
        for (row, _) in rows where !optimizers.contains(row.optimizer) { optimizers.append(row.optimizer) }
        let rates = rows.map(\.row.learningRate)
        guard let smallest = rates.min(), let largest = rates.max(), smallest < largest, smallest > 0 else { return nil }
        // Line by line, each from the smallest rate up.
        let sorted = optimizers.map { name in
            rows.filter { $0.row.optimizer == name }.sorted { $0.row.learningRate < $1.row.learningRate }
        }
        let file = GnuplotFigure.dataFile(figure: name)
        let values = rows.flatMap(\.values)
        let margin = max(0.002, 0.06 * (values.max()! - values.min()!))
        let low = values.min()! - margin, high = values.max()! + margin
        func text(_ value: Double) -> String { ShortestDigits.text(of: (value * 1e4).rounded() / 1e4) }
        var body = GnuplotScript.logarithmic("x") + """
            set margins screen 0.165, screen 0.7, screen 0.15, screen 0.97
            set xrange [\(ShortestDigits.text(of: smallest / 1.3)):\(ShortestDigits.text(of: largest * 1.3))]
            set yrange [\(text(low)):\(text(high))]
            unset mxtics
            set xtics (\(Set(rates).sorted().map { "'\(ShortestDigits.text(of: $0))' \(ShortestDigits.text(of: $0))" }.joined(separator: ", ")))
            set xlabel 'learning rate' offset 0,0.5
            set ylabel '\(outcome.scoreLabel)' offset 0.3,0

            """
        let ends = sorted.map { SweepSummary.mean($0.last!.values)! }
        let places = LabelPlaces.separated(ends, by: (high - low) * 0.065, within: (low + 0.02 * (high - low))...(high - 0.03 * (high - low)))
        for (index, optimizer) in optimizers.enumerated() {
            body += "set label \(PanelGrid.quoted(GnuplotScript.escaped(optimizer))) at graph 1.02, first \(text(places[index])) "
                + "left textcolor linetype \(index % Palette.allCases.count + 1) font ',7.5' front\n"
        }
        var parts: [String] = []
        var row = 0
        for (index, line) in sorted.enumerated() {
            let every = "every ::\(row)::\(row + line.count - 1)"
            row += line.count
            let type = index % Palette.allCases.count + 1
            parts.append("'\(file)' using 'lr':'score' \(every) with lines linetype \(type) linewidth 1.1")
            parts.append("'' using 'lr':'score' \(every) with points linetype \(type) pointsize 0.5")
            if line.contains(where: { $0.values.count > 1 }) {
                parts.append(
                    "'' using 'lr':'low':(0):(column('high')-column('low')) \(every) with vectors nohead linetype \(type) dashtype solid linewidth 0.7")
            }
        }
        body += "plot " + parts.joined(separator: ", \\\n     ") + "\n"
        let flat = sorted.flatMap { $0 }
        return GnuplotFigure(
            name: name, caption: "\(outcome.scoreLabel) at the end over the learning rate, mean and range over the seeds",
            size: .oneColumn(height: 2.6),
            table: Table([
                Column("optimizer", flat.map(\.row.optimizer)), Column("lr", flat.map(\.row.learningRate)),
                Column("score", flat.map { SweepSummary.mean($0.values)! }), Column("low", flat.map { $0.values.min()! }),
                Column("high", flat.map { $0.values.max()! }), Column("diverged", flat.map(\.row.diverged)),
            ]), body: body)
    }
}
