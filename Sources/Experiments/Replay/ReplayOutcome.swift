import Optimizers
import Report
import Traces

/// The sizes of all steps, as a table and a figure.
public struct ReplayOutcome: Sendable {
    let experiment: ReplayExperiment
    let array: RecordedArray
    /// How many of the recorded ones.
    let steps: Int
    /// [optimizer][step]
    let records: [[ReplayRecord]]
    /// The recorded steps that were left out for NaN or infinite gradients, from 1.
    public let skippedSteps: [Int]
    /// The files that were read, with the digests of the bytes that were read.
    let inputs: [InputFile]

    /// For each optimizer whose parameters did not stay finite the first such step.
    public var overflows: [(optimizer: String, step: Int)] {
        zip(experiment.entries, records).compactMap { entry, records in
            records.first { $0.taken.map { !$0.statistics.largestUpdate.isFinite } ?? false }.map { (entry.name, $0.step) }
        }
    }

    /// `update.csv`: one row for each optimizer and step; of a step that was skipped without values.
    public func updateTable() -> Table {
        var reference = UpdateReference(lastStep: steps)
        var tables: [Table] = []
        for (entry, records) in zip(experiment.entries, records) {
            let moments = reference.secondMoments(of: entry.method)
            tables.append(table(of: entry, records: records, secondMoments: moments))
        }
        return tables.joined()
    }

    private func table(of entry: ReplayExperiment.Entry, records: [ReplayRecord], secondMoments: [Double]?) -> Table {
        typealias Taken = ReplayRecord.Taken
        func column(_ name: String, _ value: (Taken) -> Double?) -> Column { Column(name, records.map { $0.taken.flatMap(value) }) }
        func exact(_ taken: Taken) -> Double? {
            guard let secondMoments, taken.rule == .adaptive else { return nil }
            return taken.stepSize * (taken.rectification ?? 1) * secondMoments[taken.index - 1].squareRoot()
        }
        return Table([
            Column("optimizer", repeating: entry.name, count: records.count),
            Column("t", records.map(\.step)),
            column("update_rms") { $0.statistics.updateRootMeanSquare },
            column("update_max") { $0.statistics.largestUpdate },
            column("psi_mean") { $0.statistics.meanAdaptiveRate },
            column("psi_var") { $0.statistics.varianceOfAdaptiveRate },
            column("r_t") { $0.rectification },
            column("alpha_t") { $0.stepSize },
            column("epsilon_t") { $0.epsilon },
            column("update_rms_exact", exact),
        ])
    }

    /// The figure of the updates with its data, to be written and rendered.
    public func figures(_ updates: Table) -> [GnuplotFigure] { [UpdateSizeFigure(outcome: self).figure(updates)] }
}
