import ArgumentParser
import Errors
import Experiments
import Optimizers
import Report

extension Implementation: ExpressibleByArgument {}

/// What the numbers of the methods are in a command unless they are asked for, in words for its help.
protocol MethodDefaults: Sendable {
    static var weightDecay: String { get }
    static var decoupledWeightDecay: String { get }
    static var lrDecay: String { get }
    static var clip: String { get }
}

/// Training has a decay and a bound that suit its task.
enum TrainingMethodDefaults: MethodDefaults {
    static let weightDecay = "1e-4"
    static let decoupledWeightDecay = "beside it"
    static let lrDecay = "the preset's: on text linear to the last step, constant for small; on images a tenth at half and three quarters"
    static let clip = "25 for text, none for images"
}

/// A replay has the numbers that libraries begin with.
enum ReplayDefaults: MethodDefaults {
    static let weightDecay = "0; for adamw that of --like: torch 0.01, optax 1e-4"
    static let decoupledWeightDecay = "through it for torch, beside it for the others and for adamw"
    static let lrDecay = "constant"
    static let clip = "none"
}

/// The numbers of the methods: one group for every command that runs optimizers.
struct MethodOptions<Defaults: MethodDefaults>: ParsableArguments {
    @Option(parsing: .unconditional, help: "\(Self.likeHelp)")
    var like = Implementation.paper

    @Option(parsing: .unconditionalSingleValue, help: "Decay rates β1,β2; SGD and RMSProp have a momentum of their own. sweep takes it several times. (default: 0.9,0.999)", transform: Lists.reals)
    var betas: [[Double]] = []

    @Option(parsing: .unconditional, help: "Adam's ε.")
    var epsilon = 1e-8

    @Option(parsing: .unconditional, help: "β2 of RMSProp. (default: that of --like; of paper and authors the β2 of --betas)")
    var rmspropDecay: Double?

    @Option(parsing: .unconditional, help: "Weight decay λ. (default: \(Defaults.weightDecay))")
    var weightDecay: Double?

    @Flag(inversion: .prefixedNo, help: "Weights decay beside the step, or through the gradient. (default: \(Defaults.decoupledWeightDecay))")
    var decoupledWeightDecay: Bool?

    @Option(parsing: .unconditional, help: "The largest norm of a gradient; longer ones are scaled down to it. (default: \(Defaults.clip))")
    var clip: Double?

    @Option(parsing: .unconditional, help: "How the step size falls: \(StepDecay.forms); cosine stays at its end. (default: \(Defaults.lrDecay))")
    var lrDecay: String?

    @Flag(help: "Adam-Nk: count the momentum's bias correction from the end of the freeze. (default: from the first iteration, as the authors' code)")
    var restartMomentumCorrection = false

    private static var likeHelp: String {
        """
        Whose variant of each method: paper, authors, torch or optax. SGD's momentum is an average with bias correction in paper, as in \
        the paper's notation, and accumulates in the others, where the same step size goes 1/(1-momentum) times as far.
        """
    }

    func validate() throws {
        guard betas.allSatisfy({ $0.count == 2 }) else { throw ValidationError("--betas takes two numbers, β1,β2") }
    }

    /// For a command that has one pair of decay rates.
    func requireOnePair() throws {
        guard betas.count <= 1 else { throw ValidationError("--betas: one pair only; sweep takes several") }
    }

    /// The pairs that were asked for, or the default.
    private var pairs: [[Double]] { betas.isEmpty ? [[0.9, 0.999]] : betas }

    private static func text(_ pair: [Double]) -> String { pair.map(ShortestDigits.text(of:)).joined(separator: ",") }

    /// The decay rates of a training grid.
    var decayRates: [DecayRates] { pairs.map { DecayRates(beta1: $0[0], beta2: $0[1]) } }

    /// The numbers as they were asked for, and where they were not those of `defaults`.
    /// - Throws: `OptionError` for one outside its domain.
    func settings(_ defaults: MethodSettings) throws(OptionError) -> MethodSettings {
        func require(_ holds: Bool, _ option: String, _ value: String, _ rule: String) throws(OptionError) {
            if !holds { throw OptionError(option: option, value: value, rule: rule) }
        }
        func digits(_ value: Double) -> String { ShortestDigits.text(of: value) }
        func isDecay(_ value: Double) -> Bool { value >= 0 && value < 1 }
        for pair in pairs {
            for (name, value) in zip(["β1", "β2"], pair) {
                try require(isDecay(value), "betas", Self.text(pair), "\(name) must be in [0, 1)")
            }
        }
        try require(epsilon >= 0 && epsilon.isFinite, "epsilon", digits(epsilon), "must be finite and at least 0")
        if let rmspropDecay { try require(isDecay(rmspropDecay), "rmsprop-decay", digits(rmspropDecay), "must be in [0, 1)") }
        if let weightDecay {
            try require(weightDecay >= 0 && weightDecay.isFinite, "weight-decay", digits(weightDecay), "must be finite and at least 0")
        }
        if let clip { try require(clip > 0 && clip.isFinite, "clip", digits(clip), "must be finite and greater than 0") }
        var settings = defaults
        (settings.beta1, settings.beta2) = (pairs[0][0], pairs[0][1])
        settings.epsilon = epsilon
        settings.rmspropDecay = rmspropDecay
        settings.weightDecay = weightDecay ?? defaults.weightDecay
        settings.isDecoupled = decoupledWeightDecay ?? defaults.isDecoupled
        settings.clippingNorm = clip ?? defaults.clippingNorm
        settings.restartsMomentumCorrection = restartMomentumCorrection
        if let lrDecay {
            do throws(ParameterError) {
                settings.stepDecay = try StepDecay(parsing: lrDecay)
            } catch {
                throw OptionError(option: "lr-decay", value: error.value, rule: error.rule)
            }
        }
        return settings
    }

    static var optionNames: [Parameter: String] {
        [
            .beta1: "betas", .beta2: "betas", .learningRate: "lr", .clippingNorm: "clip", .decaySteps: "lr-decay", .finalFactor: "lr-decay",
            .stepDecay: "lr-decay",
        ]
    }

    /// What remains to be refused once a method is put together from these numbers, under the option that it came from.
    func naming<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as ParameterError {
            switch error.parameter {
            case .beta1, .beta2, .betas:
                throw OptionError(option: "betas", value: pairs.map(Self.text).joined(separator: " "), rule: "\(error.parameter) \(error.value): \(error.rule)")
            default: throw error
            }
        }
    }
}

/// A comma list of optimizers, as `--optimizer` takes it.
enum MethodList {
    /// The parts, none of which is empty.
    static func names(_ text: String) throws(OptionError) -> [String] {
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        if names.contains("") {
            throw OptionError(option: "optimizer", value: text.isEmpty ? "''" : text, rule: "a part of the list is empty")
        }
        return names
    }

    /// - Throws: `OptionError` for an unknown name, or one with a number outside its domain, which has no option of its own.
    static func methods(_ text: String) throws(OptionError) -> [MethodSpecification] {
        var methods: [MethodSpecification] = []
        for name in try names(text) {
            do throws(ParameterError) {
                methods.append(try MethodSpecification(parsing: name))
            } catch {
                let rule = error.parameter == .optimizer ? error.rule : "\(error.parameter) \(error.value) \(error.rule)"
                throw OptionError(option: "optimizer", value: name, rule: rule)
            }
        }
        return methods
    }
}
