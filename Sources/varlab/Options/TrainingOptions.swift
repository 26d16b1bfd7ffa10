import ArgumentParser
import Experiments
import Optimizers
import Training

extension TrainingTask: ExpressibleByArgument {}
extension TrainingPreset: ExpressibleByArgument {}
extension TranslationData.Side: ExpressibleByArgument {}

/// What `train` and `sweep` share: the task, its data and its methods.
struct TrainingOptions: ParsableArguments {
    @Option(help: "de-en (translation), mlm (masked words) or digits (images).")
    var task = TrainingTask.deEn

    @Option(help: "main or small.")
    var preset = TrainingPreset.main

    @Option(help: "The methods, a comma list: \(MethodSpecification.forms). (default: \(Self.defaultMethods))")
    var optimizer: String?

    static let defaultMethods = "adam,adam-warmup:200,adam-2k:500,adam-eps:1e-3,radam"

    @Option(parsing: .unconditional, help: "Seeds: numbers and ranges, such as 0-2,7. (default: 0)", transform: Lists.seeds)
    var seeds: [UInt64] = [0]

    @Option(parsing: .unconditional, help: "Updates of each run. (default: the preset's)")
    var steps: Int?

    @Option(help: "Source sentences, one a line, in place of the German-English ones that come with varlab.")
    var source: String?

    @Option(help: "Their translations, line by line.")
    var target: String?

    @Option(help: "mlm: the side of the text that is learned, source or target.")
    var side = TranslationData.Side.target

    @Option(parsing: .unconditional, help: "Dropout of the Transformer.")
    var dropout = 0.0

    @Option(parsing: .unconditional, help: "Label smoothing. (default: 0.1 for text, 0 for digits)")
    var labelSmoothing: Double?

    @OptionGroup var rectification: RectificationOptions

    @OptionGroup var method: MethodOptions<TrainingMethodDefaults>

    @Option(parsing: .unconditional, help: "Threads, one a run; the results do not depend on them. (default: the number of cores)")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "No progress lines.")
    var quiet = false

    @Flag(help: "Go on with a command of the same options that was interrupted; nothing happens where it was complete.")
    var resume = false

    var settings: TrainingSettings {
        var settings = TrainingSettings(task: task, preset: preset)
        settings.dropout = dropout
        settings.labelSmoothing = labelSmoothing
        settings.side = side
        return settings
    }

    var defaults: TrainingDefaults { TrainingDefaults(task, preset) }

    func text() throws -> ParallelText? {
        switch (source, target) {
        case (nil, nil): return nil
        case (let source?, let target?): return try ParallelText(source: source, target: target)
        default: throw ValidationError("--source and --target go together")
        }
    }

    /// The methods of `--optimizer`.
    func methods() throws -> [StretchedMethod] {
        try MethodList.methods(optimizer ?? Self.defaultMethods).map { StretchedMethod($0) }
    }

    /// Every method, with the law of r_t that was asked for, at every learning rate with every seed.
    func grid(methods: [StretchedMethod], learningRates: [Double]) throws -> TrainingGrid {
        let steps = steps ?? defaults.steps
        let source = try rectification.source(for: methods.flatMap { $0.parts.map(\.method) })
        let methods = methods.map { method in source.map { method.rectified(by: $0.law) } ?? method }
        return TrainingGrid(
            methods: methods, learningRates: learningRates, seeds: seeds, steps: steps,
            settings: try method.settings(defaults.methodSettings(steps: steps)), implementation: method.like)
    }
}
