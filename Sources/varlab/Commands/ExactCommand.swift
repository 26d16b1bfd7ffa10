import ArgumentParser
import Experiments

struct ExactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exact",
        abstract: "The exact moments of ψ_t = 1/(√v̂_t + ε), by default for independent g ~ N(μ, 1).",
        discussion: """
            Infinite moments are inf. update_second_moment is E[(m̂_t ψ_t)²], given for μ = 0 and ε = 0.

            With --gradients, --autocorrelation, --scales, --means or --weights the moments are those of such gradients and weights, and \
            var_normal is the variance for independent normal ones under Adam's weights. Every law is scaled to unit variance; student-t \
            with DF ≤ 2 has none and is left at scale 1. Undefined moments are empty. ε is in units of σ: pass ε/σ.

            Weights: adam, bias-corrected; no-bias, v_t itself; v0-g0, v_0 = g_0² of a batch of its own (GI-Adam); adafactor:P, \
            β2 = 1 - t^-P; previous, v̂_{t-1} under g_t; adopt, the same with v_0 = g_0².

            Example: varlab exact --beta2 0.999 --mu 0,1 --epsilon 0,1e-8 --steps 1-5,1000
            Example: varlab exact --gradients student-t:3 --steps 10,100,1000
            """)

    @Option(parsing: .unconditional, help: "Decay rates β2, a comma list. (default: 0.999)", transform: Lists.reals)
    var beta2 = [0.999]

    @Option(parsing: .unconditional, help: "Means μ of the gradients, a comma list. (default: 0)", transform: Lists.reals)
    var mu = [0.0]

    @Option(parsing: .unconditional, help: "ε added to √v̂_t, a comma list. (default: 0)", transform: Lists.reals)
    var epsilon = [0.0]

    @Option(parsing: .unconditional, help: "Steps: numbers and ranges, such as 1-10,50,100-1000:100. (default: twenty from 1 to 10000)", transform: Lists.steps)
    var steps = Lists.defaultSteps

    @Option(parsing: .unconditional, help: "Decay rate β1 of m̂ in the second moment of the update.")
    var beta1 = 0.9

    @OptionGroup var process: ProcessOptions

    @OptionGroup var output: TableOutput

    func run() throws {
        guard process.isStandard else {
            return try output.write(process.table(beta2: beta2, mu: mu, epsilon: epsilon, steps: steps))
        }
        let experiment = try ExactTable(beta2: beta2, means: mu, epsilons: epsilon, beta1: beta1, steps: steps)
        try output.write(experiment)
    }
}
