import ArgumentParser
import Experiments
import Foundation

struct RhoTableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rho-table",
        abstract: "Tabulate ρ_t, Var[ψ_t], rectification and warmup over the steps.",
        discussion: """
            At μ = 0, ε = 0. A cell is empty where its quantity is undefined (r_t where ρ_t does not exceed the \
            threshold); an infinite variance is inf.

            Example: varlab rho-table --beta2 0.999 --steps 1-10,100-1000:100 --format markdown
            """)

    @Option(parsing: .unconditional, help: "Decay rates β2, a comma list. (default: 0.999)", transform: Lists.reals)
    var beta2 = [0.999]

    @Option(parsing: .unconditional, help: "Steps: numbers and ranges, such as 1-10,50,100-1000:100. (default: twenty from 1 to 10000)", transform: Lists.steps)
    var steps = Lists.defaultSteps

    @Option(parsing: .unconditional, help: "r_t is given where ρ_t exceeds this (paper: 4; PyTorch and the authors' code: 5).")
    var threshold = 4.0

    @Option(parsing: .unconditional, help: "Length T_w of the linear warmup.")
    var warmupSteps = 4000

    @OptionGroup var output: TableOutput

    func run() throws {
        let experiment = try RhoTable(beta2: beta2, steps: steps, threshold: threshold, warmupLength: warmupSteps)
        try output.write(experiment)
    }
}
