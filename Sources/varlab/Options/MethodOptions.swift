import ArgumentParser
import Errors
import Optimizers

extension Implementation: ExpressibleByArgument {}

/// The numbers of a method that every training command takes.
struct MethodOptions: ParsableArguments {
    @Option(help: "Whose variant of each method: paper, authors, torch or optax.")
    var like = Implementation.paper

    @Option(parsing: .unconditional, help: "β1 and β2, such as 0.9,0.999.", transform: Lists.reals)
    var betas = [0.9, 0.999]

    @Option(parsing: .unconditional, help: "Adam's ε.")
    var epsilon = 1e-8

    @Option(parsing: .unconditional, help: "Weight decay, decoupled. (default: 1e-4)")
    var weightDecay: Double?

    @Option(parsing: .unconditional, help: "Largest norm of the gradient. (default: 25 for text, none for digits)")
    var clip: Double?

    @Option(help: "The step size over the steps: constant, linear, cosine. (default: the preset's)")
    var lrDecay: Decay?

    @Flag(help: "Adam-Nk: count the momentum's bias correction from the end of the freeze. (default: from the first iteration, as the authors' code)")
    var restartMomentumCorrection = false

    enum Decay: String, ExpressibleByArgument, CaseIterable {
        case constant, linear, cosine

        func stepDecay(steps: Int) -> StepDecay {
            switch self {
            case .constant: .constant
            case .linear: .linear(steps: steps)
            case .cosine: .cosine(steps: steps)
            }
        }
    }

    static let optionNames: [Parameter: String] = [
        .beta1: "betas", .beta2: "betas", .learningRate: "lr", .clippingNorm: "clip", .decaySteps: "lr-decay", .finalFactor: "lr-decay",
        .stepDecay: "lr-decay",
    ]

    func validate() throws {
        guard betas.count == 2 else { throw ValidationError("--betas takes two numbers, β1 and β2") }
    }
}
