import Report
import Training

/// How the runs of a sweep ended, over the seeds of each optimizer and learning rate.
struct SweepSummary: Sendable {
    struct Row: Sendable {
        let optimizer: String
        let learningRate: Double
        /// The complete runs that did not diverge.
        var finalLoss: [Double] = [], validationLoss: [Double] = [], accuracy: [Double] = []
        var runs = 0, diverged = 0
    }

    /// Optimizer by optimizer, rate by rate, as they were asked for.
    let rows: [Row]

    init(_ outcome: TrainOutcome) {
        var rows: [Row] = []
        for (run, result) in outcome.runs {
            let index = rows.firstIndex { $0.optimizer == run.optimizer && $0.learningRate == run.learningRate } ?? {
                rows.append(Row(optimizer: run.optimizer, learningRate: run.learningRate))
                return rows.count - 1
            }()
            rows[index].runs += 1
            guard result.divergedAt == nil else {
                rows[index].diverged += 1
                continue
            }
            rows[index].finalLoss.append(result.finalLoss)
            if let evaluation = result.evaluations.last?.evaluation {
                rows[index].validationLoss.append(evaluation.loss)
                rows[index].accuracy.append(evaluation.accuracy)
            }
        }
        self.rows = rows
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
