import Files
import Optimizers
import Report
import Training

/// The runs on images of clothing behind figures 6 and 7 and tables 1 and 3, which the paper made on CIFAR-10.
struct ReproducedImages: Sendable {
    /// Of figures 6 and 7 and table 1; nil where none is asked for.
    private let rates: TrainExperiment?
    /// Of table 3; nil where it is not asked for.
    private let stretches: TrainExperiment?

    private static let learningRates = [0.1, 0.03, 0.01, 0.003]
    private static let figure6: [MethodSpecification] = [.sgd(momentum: 0.9), .adam, .radam()]
    private let figure7: [MethodSpecification]

    /// The paper's accuracies of figure 6's methods in table 1, on CIFAR-10 in percent.
    private static let table1 = [91.51, 90.54, 91.38]

    /// The rows of table 3: the method of steps 1-4, of 5-8 and of the rest, and the paper's accuracy on CIFAR-10 in percent.
    private static let table3: [(methods: [MethodSpecification], paper: Double)] = [
        ([.radam(), .radam(), .radam()], 91.08), ([.adam, .radam(), .radam()], 89.98),
        ([.sgd(momentum: 0.9), .adam, .radam()], 90.29),
    ]

    init(items: [ReproduceExperiment.Item], preset: TrainingPreset, seeds: [UInt64]) throws {
        let defaults = TrainingDefaults(.fashion, preset)
        figure7 = [.radam()] + Self.warmups(of: defaults.steps).map { .adamWarmup(.linear(steps: $0)) }
        func experiment(
            _ methods: [StretchedMethod], rates: [Double], like implementation: Implementation
        ) throws -> TrainExperiment {
            let grid = TrainingGrid(
                methods: methods, learningRates: rates, seeds: seeds, steps: defaults.steps, settings: defaults.methodSettings,
                implementation: implementation)
            return try TrainExperiment(settings: TrainingSettings(task: .fashion, preset: preset), grid: grid, evaluations: 12)
        }
        // SGD's momentum accumulates, as in the paper's runs.
        let swept = (items.contains(.figure6) || items.contains(.table1) ? Self.figure6 : []) + (items.contains(.figure7) ? figure7 : [])
        let distinct = swept.enumerated().filter { !swept[..<$0.offset].contains($0.element) }.map(\.element)
        rates = distinct.isEmpty ? nil : try experiment(distinct.map { StretchedMethod($0) }, rates: Self.learningRates, like: .authors)
        stretches = items.contains(.table3)
            ? try experiment(Self.table3.map { Self.stretched($0.methods) }, rates: [0.1], like: .paper) : nil
    }

    /// The paper's 100, 200, 500 and 1000 steps are of runs about a hundred times as long.
    private static func warmups(of steps: Int) -> [Int] { [24, 12, 6, 3].map { max(1, steps / $0) } }

    private static func stretched(_ methods: [MethodSpecification]) -> StretchedMethod {
        StretchedMethod(
            name: methods.map(\.description).joined(separator: " / "), parts: zip([1, 5, 9], methods).map { .init(firstStep: $0, method: $1) })
    }

    var runCount: Int { (rates?.runs.count ?? 0) + (stretches?.runs.count ?? 0) }
    var iterations: Int { (rates?.iterations ?? 0) + (stretches?.iterations ?? 0) }

    /// Writes the tables and returns the figures that were asked for, with the records of the runs.
    func write(
        _ items: [ReproduceExperiment.Item], to folder: OutputFolder, threads: Int,
        progress: @escaping @Sendable (TrainingProgress) -> Void
    ) throws -> (figures: [GnuplotFigure], records: [TrainOutcome.Record], libraries: [String: String]) {
        var figures: [GnuplotFigure?] = []
        var records: [TrainOutcome.Record] = []
        var libraries: [String: String] = [:]
        func write(_ table: Table, _ name: String) throws {
            for ending in ["csv", "md", "tex"] { try folder.write(table, as: "\(name).\(ending)") }
        }
        if let rates {
            let outcome = try rates.run(threads: threads, progress: progress)
            for (item, methods, name) in [(ReproduceExperiment.Item.figure6, Self.figure6, "figure6"), (.figure7, figure7, "figure7")]
            where items.contains(item) {
                let selected = outcome.selecting(methods.map(\.description))
                figures.append(selected.sweepCurvesFigure(name: name))
                figures.append(SweepRatesFigure(outcome: selected, name: "\(name)_rates").figure())
            }
            let accuracies = AccuracyTables(outcome)
            try folder.write(outcome.sweepTable(), as: "fashion_sweep.csv")
            try write(accuracies.rates(), "fashion_rates")
            try write(accuracies.differences(of: MethodSpecification.radam().description), "fashion_differences")
            if items.contains(.table1) {
                try write(accuracies.best(Array(zip(Self.figure6.map(\.description), Self.table1))), "table1")
            }
            records.append(outcome.record)
            libraries.merge(outcome.training.libraries) { $1 }
        }
        if let stretches {
            let outcome = try stretches.run(threads: threads, progress: progress)
            try write(AccuracyTables(outcome).stretches(Self.table3.map { ($0.methods.map(\.description), $0.paper) }), "table3")
            records.append(outcome.record)
            libraries.merge(outcome.training.libraries) { $1 }
        }
        return (figures.compactMap { $0 }, records, libraries)
    }
}
