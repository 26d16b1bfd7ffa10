import ArgumentParser
import Errors
import Optimizers
import Theory

/// The numbers that optimizers are called with in a replay: the libraries' defaults, none of a training task.
struct OptimizerOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Whose optimizers are meant, where papers and libraries disagree: paper, authors, torch or optax.")
    var like = Implementation.torch

    @Option(parsing: .unconditional, help: "Step size α.")
    var lr = 0.001

    @Option(parsing: .unconditional, help: "Decay rates β1,β2; SGD and RMSProp have a momentum of their own. (default: 0.9,0.999)", transform: Lists.reals)
    var betas = [0.9, 0.999]

    @Option(parsing: .unconditional, help: "ε.")
    var epsilon = 1e-8

    @Option(parsing: .unconditional, help: "β2 of RMSProp. (default: that of --like; of paper and authors the β2 of --betas)")
    var rmspropDecay: Double?

    @Option(parsing: .unconditional, help: "Weight decay λ. (default: 0; for adamw that of --like: torch 0.01, optax 1e-4)")
    var weightDecay: Double?

    @Flag(inversion: .prefixedNo, help: "Weights decay beside the step, or through the gradient. (default: through it for torch, beside it for the others and for adamw)")
    var decoupledWeightDecay: Bool?

    @Option(parsing: .unconditional, help: "How the step size falls: \(StepDecay.forms).")
    var lrDecay = "constant"

    @Option(parsing: .unconditional, help: "The largest norm of a gradient; longer ones are scaled down to it.")
    var clip: Double?

    static let optionNames: [Parameter: String] = [
        .beta1: "betas", .beta2: "betas", .learningRate: "lr", .clippingNorm: "clip", .decaySteps: "lr-decay", .finalFactor: "lr-decay",
        .stepDecay: "lr-decay",
    ]

    func settings() throws -> MethodSettings {
        guard betas.count == 2 else { throw ValidationError("--betas needs two numbers, β1,β2") }
        for (name, value) in [(Parameter.betas, betas[0]), (Parameter.betas, betas[1]), (Parameter.rmspropDecay, rmspropDecay ?? 0)]
        where !(value >= 0 && value < 1) {
            throw ParameterError(parameter: name, value: value, rule: "must be in [0, 1)")
        }
        var settings = MethodSettings()
        settings.learningRate = lr
        settings.beta1 = betas[0]
        settings.beta2 = betas[1]
        settings.epsilon = epsilon
        settings.rmspropDecay = rmspropDecay
        settings.weightDecay = weightDecay
        settings.isDecoupled = decoupledWeightDecay
        settings.clippingNorm = clip
        do {
            settings.stepDecay = try StepDecay(parsing: lrDecay)
        } catch {
            throw Self.named(error)
        }
        return settings
    }

    /// The error with the option in place of the library's parameter.
    static func named(_ error: ParameterError) -> ParameterError {
        let options: [Parameter: Parameter] = [.beta1: .betas, .beta2: .betas]
        return ParameterError(
            parameter: options[error.parameter] ?? error.parameter, value: error.value, rule: error.rule)
    }
}
