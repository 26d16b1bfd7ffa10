import Report
import Training

/// What a curve of a sweep is of: a method, and its decay rates where there are several.
struct SweepSeries: Hashable, Sendable {
    let optimizer: String
    let betas: DecayRates?

    init(_ run: LabelledRun) { (optimizer, betas) = (run.optimizer, run.betas) }

    /// Its name in a figure, in enhanced text: "Adam, β_2 = 0.99".
    /// - Parameter all: of the figure; a decay rate that all of them share is not said.
    func label(among all: [SweepSeries]) -> String {
        ([methodLabel(optimizer)] + differences(among: all).map { "{/:Italic β}_\($0.index) = \($0.rate)" }).joined(separator: ", ")
    }

    /// The same without marks of any kind.
    func plainLabel(among all: [SweepSeries]) -> String {
        ([displayName(ofMethod: optimizer)] + differences(among: all).map { "β\($0.index) = \($0.rate)" }).joined(separator: ", ")
    }

    private func differences(among all: [SweepSeries]) -> [(index: Int, rate: String)] {
        guard let betas else { return [] }
        return [\DecayRates.beta1, \.beta2].enumerated().filter { _, rate in
            Set(all.compactMap(\.betas).map { $0[keyPath: rate] }).count > 1
        }.map { ($0.offset + 1, ShortestDigits.text(of: betas[keyPath: $0.element])) }
    }
}

/// How the runs of a sweep ended, over the seeds of each method and learning rate.
struct SweepSummary: Sendable {
    struct Row: Sendable {
        let series: SweepSeries
        /// The decay rates that were asked for.
        let betas: DecayRates
        let learningRate: Double
        /// Of the complete runs that did not diverge.
        var finalLoss: [Double] = []
        /// The last evaluations, and the seeds that they are of.
        var evaluations: [Evaluation] = [], seeds: [UInt64] = []
        var runs = 0, diverged = 0

        var optimizer: String { series.optimizer }
        var validationLoss: [Double] { evaluations.map(\.loss) }
        var accuracy: [Double] { evaluations.map(\.accuracy) }
    }

    /// Method by method, decay rates by decay rates, rate by rate, as they were asked for.
    let rows: [Row]

    init(_ outcome: TrainOutcome) {
        var rows: [Row] = []
        for (run, result) in outcome.runs {
            let series = SweepSeries(run)
            let index = rows.firstIndex { $0.series == series && $0.learningRate == run.learningRate } ?? {
                rows.append(Row(series: series, betas: outcome.betas(of: run), learningRate: run.learningRate))
                return rows.count - 1
            }()
            rows[index].runs += 1
            guard result.divergedAt == nil else {
                rows[index].diverged += 1
                continue
            }
            rows[index].finalLoss.append(result.finalLoss)
            if let evaluation = result.evaluations.last?.evaluation {
                rows[index].evaluations.append(evaluation)
                rows[index].seeds.append(run.plan.seed)
            }
        }
        self.rows = rows
    }

    /// The curves, in their order.
    var series: [SweepSeries] {
        var series: [SweepSeries] = []
        for row in rows where !series.contains(row.series) { series.append(row.series) }
        return series
    }

    /// `sweep.csv`: means and standard deviations over the seeds (n-1, empty for one); runs that diverged count apart.
    func table() -> Table {
        Table([
            Column("optimizer", rows.map(\.optimizer)), Column("lr", rows.map(\.learningRate)),
            Column("runs", rows.map(\.runs)), Column("diverged", rows.map(\.diverged)),
            Column("final_loss_mean", rows.map { Self.mean($0.finalLoss) }),
            Column("final_loss_sd", rows.map { Self.deviation($0.finalLoss) }),
            Column("validation_loss_mean", rows.map { Self.mean($0.validationLoss) }),
            Column("validation_loss_sd", rows.map { Self.deviation($0.validationLoss) }),
            Column("accuracy_mean", rows.map { Self.mean($0.accuracy) }),
            Column("accuracy_sd", rows.map { Self.deviation($0.accuracy) }),
            Column("beta1", rows.map(\.betas.beta1)), Column("beta2", rows.map(\.betas.beta2)),
        ])
    }

    static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    static func deviation(_ values: [Double]) -> Double? {
        guard values.count > 1, let mean = mean(values) else { return nil }
        return (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count - 1)).squareRoot()
    }
}
