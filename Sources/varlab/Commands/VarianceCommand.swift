import ArgumentParser
import Experiments
import Foundation

struct VarianceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "variance",
        abstract: "Var[ψ] over ρ: closed form, first order, and numerical integration.",
        discussion: """
            The data of figure 8, at τ = 1. The first order is empty for ρ ≤ 4.

            Example: varlab variance --rho 4.5,5-500:5
            """)

    @Option(parsing: .unconditional, help: "Degrees of freedom ρ > 2: numbers and ranges, such as 4.5,10.25 or 5-500. (default: 5-500)", transform: Lists.realRanges)
    var rho = (5...500).map(Double.init)

    @OptionGroup var output: TableOutput

    func run() throws {
        let experiment = try VarianceTable(rho: rho)
        try output.write(experiment)
    }
}
