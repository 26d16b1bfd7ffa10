import Report
import Training

/// Test accuracies in percent as tables for print, with the spread over the seeds beside each mean and each difference.
///
/// A difference is taken seed by seed: two runs of a seed begin with the same parameters and see the same batches.
struct AccuracyTables {
    private let summary: SweepSummary

    init(_ outcome: TrainOutcome) { summary = SweepSummary(outcome) }

    /// `fashion_rates`: a row for each method, a column for each learning rate.
    func rates() -> Table {
        let methods = optimizers
        let rates = learningRates
        return Table(
            [Column("method", methods.map(displayName(ofMethod:)))]
                + rates.map { rate in
                    let digits = ShortestDigits.text(of: rate)
                    return Column(digits, methods.map { cell(row($0, rate)?.accuracy ?? []) })
                })
    }

    /// `fashion_differences`: how far one method is ahead of each other one, in points, at each learning rate.
    func differences(of method: String) -> Table {
        let others = optimizers.filter { $0 != method }
        let cells = others.flatMap { other in learningRates.map { (other: other, rate: $0, values: differences(method, other, $0)) } }
        return Table([
            Column("method", repeating: displayName(ofMethod: method), count: cells.count),
            Column("minus", cells.map { displayName(ofMethod: $0.other) }), Column("lr", cells.map(\.rate)), Column("seeds", cells.map(\.values.count)),
            Column("points", cells.map { Self.points(SweepSummary.mean($0.values)) }),
            Column("sd", cells.map { Self.points(SweepSummary.deviation($0.values)) }),
            Column("lowest", cells.map { Self.points($0.values.min()) }), Column("highest", cells.map { Self.points($0.values.max()) }),
        ])
    }

    /// `table1`: each method at the learning rate that is best for it on these test images, and how far it is behind the last method.
    func best(_ methods: [(name: String, paper: Double)]) -> Table {
        let rows = methods.map { method in
            summary.rows.filter { $0.optimizer == method.name && !$0.accuracy.isEmpty }
                .max { SweepSummary.mean($0.accuracy)! < SweepSummary.mean($1.accuracy)! }
        }
        let against = rows.last.flatMap { $0 }
        return Table([
            Column("method", methods.map { displayName(ofMethod: $0.name) }), Column("lr", rows.map { $0?.learningRate }),
            Column("seeds", rows.map { $0?.accuracy.count ?? 0 }), Column("fashion", latex: "fashion, \\%", rows.map { cell($0?.accuracy ?? []) }),
            Column("behind", rows.map { behind($0, against) }),
            Column("paper_cifar10", latex: "CIFAR-10 in the paper, \\%", methods.map(\.paper)),
        ])
    }

    /// `table3`: each row's accuracy, and how far it is behind the first one.
    func stretches(_ rows: [(methods: [String], paper: Double)]) -> Table {
        let results = rows.map { row in summary.rows.first { $0.optimizer == row.methods.joined(separator: " / ") } }
        return Table([
            Column("steps_1_4", latex: "steps 1--4", rows.map { displayName(ofMethod: $0.methods[0]) }),
            Column("steps_5_8", latex: "steps 5--8", rows.map { displayName(ofMethod: $0.methods[1]) }),
            Column("rest", rows.map { displayName(ofMethod: $0.methods[2]) }), Column("seeds", results.map { $0?.accuracy.count ?? 0 }),
            Column("fashion", latex: "fashion, \\%", results.map { cell($0?.accuracy ?? []) }),
            Column("behind", results.map { behind($0, results[0]) }),
            Column("paper_cifar10", latex: "CIFAR-10 in the paper, \\%", rows.map(\.paper)),
        ])
    }

    private var optimizers: [String] { summary.series.map(\.optimizer) }

    private var learningRates: [Double] {
        summary.rows.map(\.learningRate).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private func row(_ method: String, _ rate: Double) -> SweepSummary.Row? {
        summary.rows.first { $0.optimizer == method && $0.learningRate == rate }
    }

    private func differences(_ method: String, _ other: String, _ rate: Double) -> [Double] {
        guard let one = row(method, rate), let two = row(other, rate) else { return [] }
        return Self.differences(one, two)
    }

    /// By the seeds that both have.
    private static func differences(_ one: SweepSummary.Row, _ two: SweepSummary.Row) -> [Double] {
        one.seeds.indices.compactMap { index in
            two.seeds.firstIndex(of: one.seeds[index]).map { one.accuracy[index] - two.accuracy[$0] }
        }
    }

    /// A difference as a text; nothing for a row beside itself.
    private func behind(_ row: SweepSummary.Row?, _ first: SweepSummary.Row?) -> String? {
        guard let row, let first, row.series != first.series else { return nil }
        return cell(Self.differences(first, row))
    }

    /// `88.1 ± 0.3`: mean and standard deviation over the seeds, in percent; of one seed the number alone, of none nothing.
    private func cell(_ values: [Double]) -> String? {
        guard let mean = SweepSummary.mean(values) else { return nil }
        return Self.oneDecimal(mean) + (SweepSummary.deviation(values).map { " ± " + Self.oneDecimal($0) } ?? "")
    }

    /// A share in percent, rounded to a tenth.
    private static func oneDecimal(_ share: Double) -> String {
        let tenths = Int((abs(share) * 1000).rounded())
        return (share < 0 && tenths > 0 ? "-" : "") + "\(tenths / 10).\(tenths % 10)"
    }

    /// A share in percent, without the digits that come from rounding.
    private static func points(_ share: Double?) -> Double? { share.map { ($0 * 1e6).rounded() / 1e4 } }
}
