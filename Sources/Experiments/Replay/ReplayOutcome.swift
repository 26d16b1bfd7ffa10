import Files
import Optimizers
import Report
import Traces

/// The sizes of all steps, as a table and a figure.
public struct ReplayOutcome: Outcome {
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

    /// The trajectories are there already: see ``ReplayExperiment/run(writing:threads:progress:)``.
    public func write(to folder: OutputFolder, provenance: Provenance) throws -> [GnuplotFigure] {
        let updates = updateTable()
        let figures = figures(updates)
        for figure in figures { try figure.write(to: folder) }
        try folder.write(updates, as: "update.csv")
        try folder.write(record(provenance).bytes(), as: "run.json")
        return figures
    }

    /// `update.csv`: one row for each optimizer and step; of a step that was skipped without values.
    public func updateTable() -> Table {
        var reference = UpdateReference(lastStep: steps)
        return zip(experiment.entries, records).map { entry, records in
            table(of: entry, records: records, secondMoments: reference.secondMoments(of: entry.method))
        }.joined()
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

extension ReplayOutcome {
    /// What a user should know before the numbers are used: where an optimizer's parameters did not stay finite, where its steps are not
    /// PyTorch's, and what was skipped.
    public var notes: [String] {
        var notes: [String] = []
        for (entry, records) in zip(experiment.entries, records) {
            func first(where holds: (StepStatistics) -> Bool) -> ReplayRecord.Taken? {
                records.lazy.compactMap(\.taken).first { holds($0.statistics) }
            }
            func step(where holds: (StepStatistics) -> Bool) -> Int? {
                records.first { $0.taken.map { holds($0.statistics) } ?? false }?.step
            }
            if let step = step(where: { !$0.largestUpdate.isFinite }) {
                notes.append("\(entry.name): from step \(step) on its parameters are not finite")
            }
            if let step = step(where: { $0.infiniteDivisors > 0 }), let taken = first(where: { $0.infiniteDivisors > 0 }) {
                notes.append(
                    "\(entry.name): step \(step): the second moment of \(taken.statistics.infiniteDivisors) of \(array.coordinateCount) coordinates "
                        + "exceeds the largest double, as of gradients above 1e154, and they make no step; PyTorch, which divides after the root, "
                        + "may make one")
            }
            if let step = step(where: { $0.zeroDivisors > 0 }), let taken = first(where: { $0.zeroDivisors > 0 }) {
                notes.append(
                    "\(entry.name): step \(step): the second moment of \(taken.statistics.zeroDivisors) of \(array.coordinateCount) coordinates "
                        + "is 0, and so is epsilon: they make no step; PyTorch makes NaN of 0/0")
            }
        }
        if let first = skippedSteps.first {
            notes.append("\(skippedSteps.count) steps have NaN or infinite gradients and were skipped, the first of them step \(first)")
        }
        return notes
    }

    /// Steps and coordinates, and the first and last update of each optimizer, of the first dozen.
    public var summaryLines: [String] {
        func text(_ value: Double) -> String { SignificantDigits.text(of: value) }
        let lines = zip(experiment.entries, records).prefix(12).map { entry, records in
            let taken = records.compactMap { record in record.taken.map { (record.step, $0.statistics.updateRootMeanSquare) } }
            guard let first = taken.first, let last = taken.last else { return "\(entry.name): no step" }
            return "\(entry.name): root mean square of the update \(text(first.1)) at step \(first.0), \(text(last.1)) at step \(last.0)"
        }
        let rest = experiment.entries.count - lines.count
        return ["\(steps) steps of \(array.coordinateCount) coordinates"] + lines + (rest > 0 ? ["and \(rest) more optimizers"] : [])
    }

    /// `run.json`: the settings, every method as it was put together, and the inputs with the SHA-256 of the bytes that were read.
    func record(_ provenance: Provenance) -> RunRecord<Parameters> {
        let settings = experiment.settings
        return RunRecord(
            provenance,
            parameters: Parameters(
                array: array.name, shape: array.shape, steps: steps, like: experiment.implementation, lr: settings.learningRate,
                betas: [settings.beta1, settings.beta2], epsilon: settings.epsilon, rmspropDecay: settings.rmspropDecay,
                weightDecay: settings.weightDecay, decoupledWeightDecay: settings.isDecoupled, lrDecay: settings.stepDecay.description,
                clip: settings.clippingNorm, skipNonfinite: experiment.skipsNonfinite,
                optimizers: experiment.entries.map { .init(name: $0.name, method: $0.method) }, skippedSteps: skippedSteps),
            inputs: inputs)
    }

    struct Parameters: Encodable, Sendable {
        let array: String
        let shape: [Int]
        let steps: Int
        let like: Implementation
        let lr: Double
        let betas: [Double]
        let epsilon: Double
        // Where they were asked for.
        let rmspropDecay: Double?
        let weightDecay: Double?
        let decoupledWeightDecay: Bool?
        let lrDecay: String
        let clip: Double?
        let skipNonfinite: Bool
        let optimizers: [Optimizer]
        let skippedSteps: [Int]

        struct Optimizer: Encodable, Sendable {
            let name: String
            let method: OptimizationMethod
        }
    }
}
