import ArgumentParser
import Experiments
import Foundation
import Simulation

struct DistributionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "distribution",
        abstract: "The exact density and distribution function of ψ_t, beside Scale-inv-χ² at ρ_t and ν_t.",
        discussion: """
            With the Kolmogorov-Smirnov and total-variation distance of each to the exact law, repeated on every row.

            Example: varlab distribution --beta2 0.999 --mu 0 --steps 5,1000 --points 200
            Example: varlab distribution --gradients student-t:3 --steps 5,1000
            """)

    @Option(parsing: .unconditional, help: "Decay rates β2, a comma list. (default: 0.999)", transform: Lists.reals)
    var beta2 = [0.999]

    @Option(parsing: .unconditional, help: "Means μ of the gradients, at most 1e6 in size, a comma list. (default: 0)", transform: Lists.reals)
    var mu = [0.0]

    @Option(parsing: .unconditional, help: "ε added to √v̂_t, at most 1e8.")
    var epsilon = 0.0

    @Option(parsing: .unconditional, help: "What the gradients about μ follow: \(GradientSource.forms); a trace's law has no density, and is refused.")
    var gradients = "normal"

    @Option(parsing: .unconditional, help: "Autocorrelation r of normal gradients of an AR(1), in (-1, 1).")
    var autocorrelation = 0.0

    @Option(parsing: .unconditional, help: "Steps: numbers and ranges, such as 1-10,50,100-1000:100. (default: 5,10,100,1000,6000)", transform: Lists.steps)
    var steps = [5, 10, 100, 1000, 6000]

    @Option(parsing: .unconditional, help: "Values of ψ for each, evenly spread.")
    var points = 100

    @OptionGroup var output: TableOutput

    func run() throws {
        let experiment = try DistributionTable(
            source: ProcessOptions.source(gradients), autocorrelation: autocorrelation, beta2: beta2, means: mu, epsilon: epsilon,
            steps: steps, points: points)
        try output.write(experiment)
    }
}
