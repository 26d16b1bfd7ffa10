import ArgumentParser
import Experiments
import Files
import Optimizers
import Training

extension TrainingTask: ExpressibleByArgument {}
extension TrainingPreset: ExpressibleByArgument {}
extension TranslationData.Side: ExpressibleByArgument {}

/// What `train` and `sweep` share: the task, its data and its methods.
struct TrainingOptions: ParsableArguments {
    @Option(help: "de-en (translation), mlm (masked words), digits or fashion (images), images (those of --images). (default: de-en, with --images images)")
    var task: TrainingTask?

    @Option(help: "main or small; paper for fashion and images: ResNet-20 and schedule of the paper's runs on CIFAR-10.")
    var preset = TrainingPreset.main

    @Option(help: "A folder with a data set of images: MNIST's files (train-images-idx3-ubyte, ...) or those of CIFAR-10's binary version (data_batch_1.bin, ...), with .gz or without.")
    var images: String?

    @Flag(inversion: .prefixedNo, help: "Images are mirrored at random, or never. (default: mirrored, but for digits)")
    var flip: Bool?

    @Option(parsing: .unconditional, help: "Images are moved by at most so many pixels, and padded with zeros. (default: an eighth of their shorter side; 0 for digits)")
    var shift: Int?

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

    @Option(parsing: .unconditional, help: "Label smoothing. (default: 0.1 for text, 0 for images)")
    var labelSmoothing: Double?

    @OptionGroup var rectification: RectificationOptions

    @OptionGroup var method: MethodOptions<TrainingMethodDefaults>

    @Option(parsing: .unconditional, help: "Threads, one a run; the results do not depend on them. (default: the number of cores)")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "No progress lines.")
    var quiet = false

    @Flag(help: "Go on with a command of the same options that was interrupted, or made in shares; nothing happens where it was complete.")
    var resume = false

    @Option(parsing: .unconditional, help: "Make every N-th run only, from the K-th on, as K/N. The same command without it and with --resume makes what is missing, and the results.", transform: PartOptions.shard)
    var shard: Shard?

    @Option(parsing: .unconditional, help: "Stop after so long, as 55m: saved, with exit status 75. (default: never)", transform: Durations.parse)
    var maxTime: Durations?

    private var resolvedTask: TrainingTask { task ?? (images == nil ? .deEn : .images) }

    var settings: TrainingSettings {
        var settings = TrainingSettings(task: resolvedTask, preset: preset)
        settings.dropout = dropout
        settings.labelSmoothing = labelSmoothing
        settings.side = side
        (settings.flips, settings.largestShift) = (flip, shift)
        return settings
    }

    var defaults: TrainingDefaults { TrainingDefaults(resolvedTask, preset) }

    func text() throws -> ParallelText? {
        switch (source, target) {
        case (nil, nil): return nil
        case (let source?, let target?): return try ParallelText(source: source, target: target)
        default: throw ValidationError("--source and --target go together")
        }
    }

    /// The data set of `--images`.
    func imageSet() throws -> ImageSet? { try images.map { folder throws(InputError) in try ImageSet(folder: folder) } }

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
            methods: methods, betas: method.decayRates, learningRates: learningRates, seeds: seeds, steps: steps,
            settings: try method.settings(defaults.methodSettings(steps: steps)), implementation: method.like)
    }
}
