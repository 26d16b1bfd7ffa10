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
