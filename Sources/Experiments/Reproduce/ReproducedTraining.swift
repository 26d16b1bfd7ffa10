import Files
import Optimizers
import Report
import Training

/// The translation runs behind figures 1, 2 and 3: Adam as it is, its three cures and RAdam.
struct ReproducedTranslation: Sendable {
    let experiment: TrainExperiment

    init(preset: TrainingPreset, seeds: [UInt64]) throws {
        let defaults = TrainingDefaults(.deEn, preset)
        let isMain = preset == .main
        let methods: [MethodSpecification] = [
            .adam, .adamWarmup(.linear(steps: 200)), .adamFreeze(steps: isMain ? 500 : 100),
            .adamEpsilon(.constant(isMain ? 1e-3 : 5e-3)), .radam(),
        ]
        let grid = TrainingGrid(
            methods: methods.map { StretchedMethod($0) }, learningRates: [defaults.learningRate], seeds: seeds,
            steps: defaults.steps, settings: defaults.methodSettings, implementation: .paper)
        experiment = try TrainExperiment(
            settings: TrainingSettings(task: .deEn, preset: preset), grid: grid, histogramSteps: [1, 5, 10, 25, 50, 75, 100])
    }

    /// Writes the tables and returns the figures that were asked for.
    func write(
        _ items: [ReproduceExperiment.Item], to folder: OutputFolder, threads: Int,
        progress: @escaping @Sendable (TrainingProgress) -> Void
    ) throws -> (figures: [GnuplotFigure], outcome: TrainOutcome) {
        let outcome = try experiment.run(threads: threads, progress: progress)
        var figures: [GnuplotFigure] = []
        if items.contains(.figure1), let figure = outcome.lossCurvesFigure(name: "figure1") { figures.append(figure) }
        if items.contains(.figure2), let figure = outcome.gradientHistogramsFigure(name: "figure2") {
            figures.append(figure)
            try folder.write(outcome.distortionTable(), as: "figure2_distortion.csv")
        }
        try folder.write(outcome.summaryTable(), as: "translation_summary.csv")
        return (figures, outcome)
    }
}

/// The runs on handwritten digits behind figures 6 and 7 and table 3, which the paper made on CIFAR-10.
struct ReproducedSweep: Sendable {
    /// Of figures 6 and 7; nil where neither is asked for.
    let rates: TrainExperiment?
    /// Of table 3; nil where it is not asked for.
    let stretches: TrainExperiment?

    private static let figure6: [MethodSpecification] = [.sgd(momentum: 0.9), .adam, .radam()]
    private let figure7: [MethodSpecification]

    /// The rows of table 3: the method of steps 1-4, of 5-8 and of the rest, and the paper's accuracy on CIFAR-10 in percent.
    private static let table3: [(methods: [MethodSpecification], paper: Double)] = [
        ([.radam(), .radam(), .radam()], 91.08), ([.adam, .radam(), .radam()], 89.98),
        ([.sgd(momentum: 0.9), .adam, .radam()], 90.29),
    ]

    init(items: [ReproduceExperiment.Item], preset: TrainingPreset, seeds: [UInt64]) throws {
        let defaults = TrainingDefaults(.digits, preset)
        // The paper's 100, 200, 500 and 1000 steps are of runs forty times as long.
        let warmups = [25, 50, 100, 200].map { max(1, $0 * defaults.steps / 460) }
        figure7 = [.radam()] + warmups.map { .adamWarmup(.linear(steps: $0)) }
        func experiment(
            _ methods: [StretchedMethod], rates: [Double], like implementation: Implementation
        ) throws -> TrainExperiment {
            let grid = TrainingGrid(
                methods: methods, learningRates: rates, seeds: seeds, steps: defaults.steps, settings: defaults.methodSettings,
                implementation: implementation)
            return try TrainExperiment(settings: TrainingSettings(task: .digits, preset: preset), grid: grid, evaluations: 23)
        }
        // SGD's momentum accumulates, as in the paper's runs.
        let swept = (items.contains(.figure6) ? Self.figure6 : []) + (items.contains(.figure7) ? figure7 : [])
        let distinct = swept.enumerated().filter { !swept[..<$0.offset].contains($0.element) }.map(\.element)
        rates = distinct.isEmpty
            ? nil : try experiment(distinct.map { StretchedMethod($0) }, rates: [0.1, 0.03, 0.01, 0.003], like: .authors)
        stretches = items.contains(.table3)
            ? try experiment(Self.table3.map { Self.stretched($0.methods) }, rates: [0.1], like: .paper) : nil
    }

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
        var figures: [GnuplotFigure] = []
        var records: [TrainOutcome.Record] = []
        var libraries: [String: String] = [:]
        if let rates {
            let outcome = try rates.run(threads: threads, progress: progress)
            let figure6 = outcome.selecting(Self.figure6.map(\.description))
            let figure7 = outcome.selecting(figure7.map(\.description))
            if items.contains(.figure6), let figure = figure6.sweepCurvesFigure(name: "figure6") { figures.append(figure) }
            if items.contains(.figure7), let figure = figure7.sweepCurvesFigure(name: "figure7") { figures.append(figure) }
            try folder.write(outcome.sweepTable(), as: "digits_sweep.csv")
            records.append(outcome.record)
            libraries.merge(outcome.training.libraries) { $1 }
        }
        if let stretches {
            let outcome = try stretches.run(threads: threads, progress: progress)
            for ending in ["csv", "md", "tex"] { try folder.write(Self.table(outcome), as: "table3.\(ending)") }
            records.append(outcome.record)
            libraries.merge(outcome.training.libraries) { $1 }
        }
        return (figures, records, libraries)
    }

    /// Test accuracy in percent, mean and standard deviation over the seeds, beside the paper's on CIFAR-10.
    private static func table(_ outcome: TrainOutcome) -> Table {
        let rows = SweepSummary(outcome).rows
        func percent(_ value: Double?) -> Double? { value.map { ($0 * 1e6).rounded() / 1e4 } }
        return Table([
            Column("steps_1_4", latex: "steps 1--4", table3.map { $0.methods[0].description }),
            Column("steps_5_8", latex: "steps 5--8", table3.map { $0.methods[1].description }),
            Column("rest", table3.map { $0.methods[2].description }),
            Column("seeds", rows.map(\.runs)),
            Column("digits_accuracy", latex: "digits, \\%", rows.map { percent(SweepSummary.mean($0.accuracy)) }),
            Column("digits_sd", latex: "s.\\,d.", rows.map { percent(SweepSummary.deviation($0.accuracy)) }),
            Column("paper_cifar10", latex: "CIFAR-10 in the paper, \\%", table3.map(\.paper)),
        ])
    }
}
