import Distributions
import Files
import Report

/// One thing that `reproduce` makes: it knows what it needs, and leaves tables and figures.
protocol ReproductionItem: Sendable {
    /// The trajectories that it simulates.
    var trajectories: Int { get }
    /// The networks that it trains.
    var trainingRuns: Int { get }
    /// All their iterations.
    var trainingIterations: Int { get }
    /// Writes its tables into the folder; the figures are still to be written.
    func write(to folder: OutputFolder, run: ReproductionRun) throws -> ReproducedItem
}

extension ReproductionItem {
    var trajectories: Int { 0 }
    var trainingRuns: Int { 0 }
    var trainingIterations: Int { 0 }
}

/// How an item is run.
struct ReproductionRun: Sendable {
    let provenance: Provenance
    let threads: Int
    /// Told the number of the item's trajectories that are finished.
    let progress: @Sendable (Int) -> Void
    let trainingProgress: @Sendable (TrainingProgress) -> Void
}

/// What an item has made, and what `run.json` says of it.
struct ReproducedItem {
    var figures: [GnuplotFigure] = []
    var records: [String: AnyRecord] = [:]
    /// Those that bytes depend on, with their versions.
    var libraries: [String: String] = [:]
}

/// A record of any type, for a larger one.
struct AnyRecord: Encodable, Sendable {
    private let record: any Encodable & Sendable

    init(_ record: some Encodable & Sendable) { self.record = record }

    func encode(to encoder: any Encoder) throws { try record.encode(to: encoder) }
}

/// Figure 8, and the figures of ratios, rectifications and warmups: formulas alone.
struct TheoryFigures: ReproductionItem {
    private let makers: [@Sendable () throws -> GnuplotFigure]

    /// nil where none is asked for.
    init?(_ items: [ReproduceExperiment.Item]) {
        let all: [(ReproduceExperiment.Item, @Sendable () throws -> GnuplotFigure)] = [
            (.figure8, Figure8.figure), (.ratio, ApproximationRatioFigure.figure), (.rectified, RectifiedVarianceFigure.figure),
            (.warmup, WarmupFigure.figure), (.weights, WeightsFigure.figure), (.update, UpdateLawFigure.figure),
            (.update, UpdateMomentsFigure.figure),
        ]
        makers = all.filter { items.contains($0.0) }.map(\.1)
        if makers.isEmpty { return nil }
    }

    func write(to folder: OutputFolder, run: ReproductionRun) throws -> ReproducedItem {
        ReproducedItem(figures: try makers.map { try $0() })
    }
}

/// The multiplier of RAdam in each implementation.
struct ScheduleItem: ReproductionItem {
    func write(to folder: OutputFolder, run: ReproductionRun) throws -> ReproducedItem {
        let outcome = try ScheduleExperiment().run(threads: run.threads)
        try folder.write(outcome.summary, as: "schedule_summary.csv")
        return ReproducedItem(figures: [outcome.figure()])
    }
}

/// The ρ_t tables at several decay rates in full, and in print at the paper's.
struct RhoTables: ReproductionItem {
    func write(to folder: OutputFolder, run: ReproductionRun) throws -> ReproducedItem {
        let steps = Array(1...10) + [20, 50, 100, 200, 500, 1000, 2000, 4000, 6000]
        try folder.write(try RhoTable(beta2: [0.9, 0.99, 0.999, 0.9999], steps: steps).table(), as: "rho_table.csv")
        let printed = ["t", "rho_t", "nu_t", "rho_exact", "var_closed_form", "var_exact", "r_t", "r_exact"]
        let excerpt = try RhoTable(beta2: [0.999], steps: steps).table()
        let columns = Table(printed.map { excerpt[$0]! })
        try folder.write(columns, as: "rho_table.md")
        try folder.write(columns, as: "rho_table.tex")
        return ReproducedItem()
    }
}

/// Figure 9 and the histograms of ψ_t and ρ̂_t: one simulation, which collects what the figures asked for show.
struct SimulatedFigures: ReproductionItem {
    private let items: [ReproduceExperiment.Item]
    private let simulation: SimulateExperiment

    /// nil where none is asked for.
    init?(_ items: [ReproduceExperiment.Item], _ parameters: ReproduceExperiment.Simulation) throws {
        self.items = items.filter { [.figure9, .psi, .rho].contains($0) }
        if self.items.isEmpty { return nil }
        // Histograms are drawn of the first mean alone.
        simulation = try SimulateExperiment(
            means: [0, 0.001, 0.01, 0.1, 1, 10], beta2: parameters.beta2, epsilon: 0, trajectories: parameters.trajectories,
            iterations: parameters.iterations, seed: parameters.seed,
            histogramSteps: items.contains(.psi) || items.contains(.rho) ? nil : [], histogramMeans: 1)
    }

    var trajectories: Int { simulation.parameters.trajectories }

    func write(to folder: OutputFolder, run: ReproductionRun) throws -> ReproducedItem {
        let outcome = try simulation.run(threads: run.threads, progress: run.progress)
        var figures: [GnuplotFigure] = []
        if items.contains(.figure9) {
            let figure9 = Figure9(outcome: outcome)
            figures += [try figure9.figure(), try figure9.ratioFigure()]
        }
        if items.contains(.psi), let figure = try outcome.psiHistogramFigure(bins: outcome.histogramTable()) { figures.append(figure) }
        if items.contains(.rho) { figures.append(try outcome.rhoHistogramFigure()) }
        return ReproducedItem(
            figures: figures, records: ["simulation": AnyRecord(simulation.recordedParameters)], libraries: ["gsl": GSL.version])
    }
}

/// Gradients with heavier tails.
struct HeavyTailsItem: ReproductionItem {
    private let figure: HeavyTailsFigure

    init(_ parameters: ReproduceExperiment.Simulation) throws { figure = try HeavyTailsFigure(parameters) }

    var trajectories: Int { figure.trajectories }

    func write(to folder: OutputFolder, run: ReproductionRun) throws -> ReproducedItem {
        ReproducedItem(figures: [try figure.figure(threads: run.threads, progress: run.progress)])
    }
}

/// The report on the recorded gradients that come with the package.
struct GradientsItem: ReproductionItem {
    func write(to folder: OutputFolder, run: ReproductionRun) throws -> ReproducedItem {
        let outcome = try RecordedTransformer.report(writing: folder, threads: run.threads)
        return ReproducedItem(
            figures: try outcome.figures(), records: ["gradients": AnyRecord(outcome.record(Provenance(version: run.provenance.version, command: outcome.command)))],
            libraries: ["gsl": GSL.version])
    }
}

/// The replay of them.
struct ReplayItem: ReproductionItem {
    func write(to folder: OutputFolder, run: ReproductionRun) throws -> ReproducedItem {
        let outcome = try RecordedTransformer.replay(writing: folder, threads: run.threads)
        return ReproducedItem(
            figures: outcome.figures(outcome.updateTable()),
            records: ["replay": AnyRecord(outcome.record(Provenance(version: run.provenance.version)))])
    }
}

/// Figures 1, 2 and 3.
struct TranslationItem: ReproductionItem {
    let items: [ReproduceExperiment.Item]
    let runs: ReproducedTranslation

    var trainingRuns: Int { runs.experiment.runs.count }
    var trainingIterations: Int { runs.experiment.iterations }

    func write(to folder: OutputFolder, run: ReproductionRun) throws -> ReproducedItem {
        let result = try runs.write(items, to: folder, threads: run.threads, progress: run.trainingProgress)
        return ReproducedItem(
            figures: result.figures, records: ["translation": AnyRecord(result.outcome.record)], libraries: result.outcome.training.libraries)
    }
}

/// Figures 6 and 7, tables 1 and 3.
struct ImagesItem: ReproductionItem {
    let items: [ReproduceExperiment.Item]
    let runs: ReproducedImages

    var trainingRuns: Int { runs.runCount }
    var trainingIterations: Int { runs.iterations }

    func write(to folder: OutputFolder, run: ReproductionRun) throws -> ReproducedItem {
        let result = try runs.write(items, to: folder, threads: run.threads, progress: run.trainingProgress)
        return ReproducedItem(figures: result.figures, records: ["fashion": AnyRecord(result.records)], libraries: result.libraries)
    }
}
