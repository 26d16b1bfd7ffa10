import Errors
import Files
import Report
import Theory

/// The paper's figures and what goes beyond them, as files in one folder.
public struct ReproduceExperiment: Sendable {
    /// What can be asked for by name.
    public enum Item: String, CaseIterable, Sendable {
        /// Figure 1: loss curves of a Transformer.
        case figure1 = "1"
        /// Figures 2 and 3: histograms of its gradients.
        case figure2 = "2"
        /// Figure 6: learning rates, on digits.
        case figure6 = "6"
        /// Figure 7: RAdam against warmups, on digits.
        case figure7 = "7"
        /// Table 3: the first steps by other methods, on digits.
        case table3
        /// Figure 8: closed form and first order over ρ.
        case figure8 = "8"
        /// Figure 9: simulated variance with the exact law.
        case figure9 = "9"
        /// The ρ_t tables, and the histograms of ρ̂_t.
        case rho
        /// The histograms of ψ_t with the predicted densities.
        case psi
        /// Each approximation over the exact variance.
        case ratio
        /// The variance after each rectification.
        case rectified
        /// r_t against warmups.
        case warmup
        /// The multiplier of RAdam in each implementation.
        case schedule
        /// The variance for gradients with heavier tails than the normal law's.
        case heavy
        /// Recorded gradients of a Transformer, and ψ_t along them.
        case gradients
        /// What optimizers would have done with them.
        case replay

        var needsTranslation: Bool { [.figure1, .figure2].contains(self) }
        var needsDigits: Bool { [.figure6, .figure7, .table3].contains(self) }
        var needsSimulation: Bool { [.figure9, .rho, .psi].contains(self) }
    }

    private let items: [Item]
    private let simulation: SimulateExperiment
    private let heavyTails: HeavyTailsFigure?
    private let translation: ReproducedTranslation?
    private let sweep: ReproducedSweep

    /// - Parameters:
    ///   - preset: of the training runs.
    ///   - seeds: of the training runs.
    /// - Throws: `ParameterError` for a simulation too small for a figure: fewer than 10 iterations or 10 trajectories.
    public init(items: [Item], simulation: SimulateExperiment, preset: TrainingPreset, seeds: [UInt64]) throws {
        for (name, count) in [
            (Parameter.iterations, simulation.parameters.iterations), (Parameter.trajectories, simulation.parameters.trajectories),
        ] where count < 10 {
            throw ParameterError(parameter: name, value: count, rule: "must be at least 10 for a figure")
        }
        self.items = items
        self.simulation = simulation
        heavyTails = items.contains(.heavy) ? try HeavyTailsFigure(simulation.parameters) : nil
        translation = items.contains(where: \.needsTranslation)
            ? try ReproducedTranslation(preset: preset, seeds: seeds) : nil
        sweep = try ReproducedSweep(items: items, preset: preset, seeds: seeds)
    }

    /// The number of trajectories that will be simulated; 0 where no item needs them.
    public var trajectories: Int { mainTrajectories + (heavyTails?.trajectories ?? 0) }

    private var mainTrajectories: Int {
        items.contains(where: \.needsSimulation) ? simulation.parameters.trajectories : 0
    }

    /// How many training runs there will be.
    public var trainingRuns: Int { (translation?.experiment.runs.count ?? 0) + sweep.runCount }

    /// All their iterations.
    public var trainingIterations: Int { (translation?.experiment.iterations ?? 0) + sweep.iterations }

    /// Writes tables, data and scripts of every item into the folder, and returns the figures, to be rendered there.
    public func write(
        to folder: OutputFolder, version: String, threads: Int, progress: (@Sendable (Int) -> Void)? = nil,
        trainingProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) throws -> [GnuplotFigure] {
        var figures: [GnuplotFigure] = []
        var record = Record(program: "varlab", version: version)
        if items.contains(.figure8) { figures.append(try Figure8.figure()) }
        if items.contains(.ratio) { figures.append(try ApproximationRatioFigure.figure()) }
        if items.contains(.rectified) { figures.append(try RectifiedVarianceFigure.figure()) }
        if items.contains(.warmup) { figures.append(try WarmupFigure.figure()) }
        if items.contains(.schedule) {
            let outcome = try ScheduleExperiment().run(threads: threads)
            figures.append(outcome.figure())
            try folder.write(outcome.summary, as: "schedule_summary.csv")
        }
        if items.contains(.rho) { try writeRhoTables(to: folder) }
        if items.contains(where: \.needsSimulation) {
            let outcome = try simulation.run(threads: threads, progress: progress)
            if items.contains(.figure9) {
                let figure9 = Figure9(outcome: outcome)
                figures += [try figure9.figure(), try figure9.ratioFigure()]
            }
            if items.contains(.psi), let figure = try outcome.psiHistogramFigure() { figures.append(figure) }
            if items.contains(.rho) { figures.append(try outcome.rhoHistogramFigure()) }
            record.simulation = simulation.record(version: version)
        }
        if let heavyTails {
            let before = mainTrajectories
            figures.append(try heavyTails.figure(threads: threads) { progress?(before + $0) })
        }
        if items.contains(.gradients) {
            let outcome = try RecordedTransformer.report(writing: folder, threads: threads)
            figures += try outcome.figures()
            record.gradients = outcome.record(Provenance(version: version, command: outcome.command))
        }
        if items.contains(.replay) {
            let outcome = try RecordedTransformer.replay(writing: folder, threads: threads)
            figures += outcome.figures(outcome.updateTable())
            record.replay = outcome.record(Provenance(version: version))
        }
        if let translation {
            let result = try translation.write(items, to: folder, threads: threads, progress: trainingProgress)
            figures += result.figures
            record.translation = result.outcome.record
        }
        let digits = try sweep.write(items, to: folder, threads: threads, progress: trainingProgress)
        figures += digits.figures
        record.digits = digits.records
        for figure in figures { try figure.write(to: folder) }
        if !record.isEmpty { try folder.write(runRecordBytes(record), as: "run.json") }
        return figures
    }

    /// `run.json`: the records that `varlab simulate`, `gradients` and `replay` would leave of the same runs.
    private struct Record: Encodable {
        let program: String
        let version: String
        var simulation: SimulateExperiment.Record?
        var gradients: RunRecord<GradientsOutcome.Parameters>?
        var translation: TrainOutcome.Record?
        var digits: [TrainOutcome.Record] = []
        var replay: RunRecord<ReplayOutcome.Parameters>?

        var isEmpty: Bool { simulation == nil && gradients == nil && replay == nil && translation == nil && digits.isEmpty }
    }

    /// The table at three decay rates in full, and in print at the paper's.
    private func writeRhoTables(to folder: OutputFolder) throws {
        let steps = Array(1...10) + [20, 50, 100, 200, 500, 1000, 2000, 4000, 6000]
        let table = try RhoTable(beta2: [0.9, 0.99, 0.999, 0.9999], steps: steps).table()
        try folder.write(table, as: "rho_table.csv")
        let printed = ["t", "rho_t", "nu_t", "rho_exact", "var_closed_form", "var_exact", "r_t", "r_exact"]
        let excerpt = try RhoTable(beta2: [0.999], steps: steps).table()
        let columns = Table(printed.map { excerpt[$0]! })
        try folder.write(columns, as: "rho_table.md")
        try folder.write(columns, as: "rho_table.tex")
    }
}
