import Distributions
import Errors
import Files
import Report

/// The paper's figures and what goes beyond them, as files in one folder.
public struct ReproduceExperiment: Sendable {
    /// What can be asked for by name.
    public enum Item: String, CaseIterable, Sendable {
        /// Figure 1: loss curves of a Transformer.
        case figure1 = "1"
        /// Figures 2 and 3: histograms of its gradients.
        case figure2 = "2"
        /// Figure 6: learning rates, on images of clothing.
        case figure6 = "6"
        /// Figure 7: RAdam against warmups, on the same.
        case figure7 = "7"
        /// Table 1 in kind: SGD, Adam and RAdam at their best rate, on the same.
        case table1
        /// Table 3: the first steps by other methods, on the same.
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
        /// The variance under other weights of the squared gradients.
        case weights
        /// The law of the whole update, and its moments over the steps.
        case update
        /// The multiplier of RAdam in each implementation.
        case schedule
        /// The variance for gradients with heavier tails than the normal law's.
        case heavy
        /// Recorded gradients of a Transformer, and ψ_t along them.
        case gradients
        /// What optimizers would have done with them.
        case replay
    }

    /// What decides the simulated figures: 9, `psi`, `rho` and `heavy`.
    public struct Simulation: Sendable {
        public var beta2 = 0.999
        public var trajectories = 5000
        public var iterations = 6000
        public var seed: UInt64 = 1

        public init() {}
    }

    /// In the order in which they run: what is quick before what takes minutes.
    private let parts: [any ReproductionItem]

    /// - Parameters:
    ///   - preset: of the training runs.
    ///   - seeds: of the training runs.
    /// - Throws: `ParameterError` for a simulation too small for a figure: fewer than 10 iterations or 10 trajectories; and for anything
    ///   else outside its domain.
    public init(items: [Item], simulation: Simulation = Simulation(), preset: TrainingPreset, seeds: [UInt64]) throws {
        for (name, count) in [(Parameter.iterations, simulation.iterations), (Parameter.trajectories, simulation.trajectories)]
        where count < 10 {
            throw ParameterError(parameter: name, value: count, rule: "must be at least 10 for a figure")
        }
        let parts: [(any ReproductionItem)?] = [
            TheoryFigures(items),
            items.contains(.schedule) ? ScheduleItem() : nil,
            items.contains(.rho) ? RhoTables() : nil,
            try SimulatedFigures(items, simulation),
            items.contains(.heavy) ? try HeavyTailsItem(simulation) : nil,
            items.contains(.gradients) ? GradientsItem() : nil,
            items.contains(.replay) ? ReplayItem() : nil,
            items.contains(.figure1) || items.contains(.figure2)
                ? TranslationItem(items: items, runs: try ReproducedTranslation(preset: preset, seeds: seeds)) : nil,
            !Set(items).isDisjoint(with: [.figure6, .figure7, .table1, .table3])
                ? ImagesItem(items: items, runs: try ReproducedImages(items: items, preset: preset, seeds: seeds)) : nil,
        ]
        self.parts = parts.compactMap { $0 }
    }

    /// The number of trajectories that will be simulated; 0 where no item needs them.
    public var trajectories: Int { parts.reduce(0) { $0 + $1.trajectories } }

    /// How many training runs there will be.
    public var trainingRuns: Int { parts.reduce(0) { $0 + $1.trainingRuns } }

    /// All their iterations.
    public var trainingIterations: Int { parts.reduce(0) { $0 + $1.trainingIterations } }

    /// Writes tables, data and scripts of every item into the folder, and returns the figures, to be rendered there.
    ///
    /// `run.json` holds what each item that ran something would have left of it in its own; the folder of results is meant to be committed,
    /// so that it names no commit.
    public func write(
        to folder: OutputFolder, provenance: Provenance, threads: Int, progress: (@Sendable (Int) -> Void)? = nil,
        trainingProgress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) throws -> [GnuplotFigure] {
        let provenance = Provenance(version: provenance.version, command: provenance.command)
        var figures: [GnuplotFigure] = []
        var sections: [String: AnyRecord] = [:]
        var libraries: [String: String] = [:]
        var trajectories = 0
        for part in parts {
            let before = trajectories
            let result = try part.write(
                to: folder,
                run: ReproductionRun(
                    provenance: provenance, threads: threads, progress: { progress?(before + $0) }, trainingProgress: trainingProgress))
            trajectories += part.trajectories
            for figure in result.figures { try figure.write(to: folder) }
            figures += result.figures
            sections.merge(result.records) { $1 }
            libraries.merge(result.libraries) { $1 }
        }
        if !sections.isEmpty {
            try folder.write(RunRecord(provenance, parameters: sections, libraries: libraries).bytes(), as: "run.json")
        }
        return figures
    }
}
