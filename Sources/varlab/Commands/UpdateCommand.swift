import ArgumentParser
import Errors
import Experiments
import Foundation
import Simulation

struct UpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "The exact law of the whole update u_t = m̂_t/(√v̂_t + ε) for independent g ~ N(μ, σ²).",
        discussion: """
            Moments, root mean square, signal-to-noise ratio |E u|/sd(u), the probability of the wrong sign, sup |u| and quantiles of |u|. u has no scale: \
            pass μ/σ, and pass ε/σ.

            --distribution prints density and distribution function instead, --implied-by-rms the |μ|/σ that an observed root mean square implies, \
            --coordinates the RMS by which StableAdamW clips. --gradients takes other gradients than normal ones, about μ and in units of their σ (Student's t \
            with at most 2 degrees of freedom: of its scale), and has the moments alone.

            Example: varlab update --beta1 0.9 --beta2 0.999,0.95 --mu 0,0.1,1 --epsilon 0,1e-8 --steps 1-10,1000
            """)

    @Option(parsing: .unconditional, help: "Decay rates β1, a comma list. (default: 0.9)", transform: Lists.reals)
    var beta1 = [0.9]

    @Option(parsing: .unconditional, help: "Decay rates β2, a comma list. (default: 0.999)", transform: Lists.reals)
    var beta2 = [0.999]

    @Option(parsing: .unconditional, help: "Means of the gradients in units of σ, μ/σ, at most 1e6 in size, a comma list. (default: 0)", transform: Lists.reals)
    var mu = [0.0]

    @Option(parsing: .unconditional, help: "What the gradients about μ follow: \(GradientSource.forms); of a trace its marginal law. (default: normal)")
    var gradients: String?

    @Option(parsing: .unconditional, help: "ε added to √v̂_t in units of σ: pass ε/σ. 0 or from 1e-100 to 1e100, a comma list. (default: 0)", transform: Lists.reals)
    var epsilon = [0.0]

    @Option(parsing: .unconditional, help: "Steps: numbers and ranges, such as 1-10,50,100-1000:100. (default: twenty from 1 to 10000)", transform: Lists.steps)
    var steps = Lists.defaultSteps

    @Option(parsing: .unconditional, help: "Probabilities of the quantiles of |u|, a comma list. (default: 0.5,0.9,0.99)", transform: Lists.reals)
    var quantiles: [Double]?

    @Flag(help: "Density and distribution function of u.")
    var distribution = false

    @Option(parsing: .unconditional, help: "Values of u for each law, evenly spread, with --distribution. (default: 100)")
    var points: Int?

    @Option(parsing: .unconditional, help: "Root mean squares of an update, a comma list: the |μ|/σ that each implies.", transform: Lists.reals)
    var impliedByRms: [Double]?

    @Option(parsing: .unconditional, help: "Numbers of coordinates of a tensor, such as 64,4096: StableAdamW's RMS over them.", transform: Lists.wholeNumbers)
    var coordinates: [Int]?

    @OptionGroup var output: TableOutput

    func run() throws {
        let parameters = try UpdateParameters(beta1: beta1, beta2: beta2, means: mu, epsilons: epsilon, steps: steps)
        try checkCombination()
        if let gradients {
            return try output.write(
                GradientUpdateTable(source: ProcessOptions.source(gradients), parameters: parameters, threads: ProcessInfo.processInfo.activeProcessorCount))
        }
        if distribution {
            try output.write(UpdateDistributionTable(parameters: parameters, points: points ?? 100))
        } else if let impliedByRms {
            let withoutMean = try UpdateParameters(beta1: beta1, beta2: beta2, means: [0], epsilons: epsilon, steps: steps)
            try output.write(ImpliedUpdateTable(parameters: withoutMean, rootMeanSquares: impliedByRms))
        } else if let coordinates {
            let gradients = try UpdateParameters(beta1: [0], beta2: beta2, means: mu, epsilons: [0], steps: steps)
            try output.write(UpdateClippingTable(parameters: gradients, coordinates: coordinates))
        } else {
            try output.write(
                UpdateTable(parameters: parameters, quantiles: quantiles ?? [0.5, 0.9, 0.99], columns: output.style.style().columns))
        }
    }

    /// Refuses options that would have no effect.
    private func checkCombination() throws {
        let modes = [("distribution", distribution), ("implied-by-rms", impliedByRms != nil), ("coordinates", coordinates != nil)].filter(\.1).map(\.0)
        if modes.count > 1 { throw ValidationError("--\(modes[0]) and --\(modes[1]) are two tables: give one of them") }
        let mode = modes.first
        func refused(_ option: String, _ values: [some CustomStringConvertible], _ rule: String) -> OptionError {
            OptionError(option: option, value: values.map(\.description).joined(separator: ","), rule: rule)
        }
        if let points, mode != "distribution" { throw refused("points", [points], "is for --distribution") }
        if let quantiles, let mode { throw refused("quantiles", quantiles, "is not for --\(mode)") }
        if let gradients {
            if let mode { throw refused("gradients", [gradients], "is not for --\(mode)") }
            if let quantiles { throw refused("quantiles", quantiles, "is not for --gradients, which has the moments alone") }
        }
        if mode == "implied-by-rms", mu != [0] { throw refused("mu", mu, "is what --implied-by-rms looks for") }
        if mode == "coordinates", epsilon != [0] { throw refused("epsilon", epsilon, "is 0 with --coordinates") }
    }
}
