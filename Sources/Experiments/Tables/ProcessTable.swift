import Concurrency
import Errors
import Report
import Simulation
import Theory

/// The exact moments of ψ_t = 1/(√v̂_t + ε) for gradients of any law, autocorrelated or with scales and means of their own at each step,
/// and under any weights of v̂_t; beside them the variance for independent N(μ, 1) under Adam's.
public struct ProcessTable: PiecewiseTable {
    /// What every row of a block has in common.
    private struct Block: Sendable {
        let law: ExactProcessLaw
        /// nil where the means are given for each step.
        let mean: Double?
    }

    private let blocks: [Block]
    private let gradients: String
    private let weights: String
    private let steps: [Int]

    /// - Parameters:
    ///   - source: what the gradients about their mean are drawn from; of recorded ones their own marginal law.
    ///   - beta2, means, epsilons, autocorrelations: every combination is a block of rows.
    ///   - scales, stepMeans: σ_i and μ_i of the steps, from the first on; nil for 1, and for `means`.
    ///   - weights: of the squares in v̂_t, with their `name` in the table.
    ///   - steps: ascending, from 1 on.
    /// - Throws: `ParameterError` as `GradientProcess` and `ExactProcessLaw` do, also for means over the steps beside more than one of `means`.
    public init(
        source: GradientSource, beta2: [Double], means: [Double], epsilons: [Double], autocorrelations: [Double] = [0],
        scales: [Double]? = nil, stepMeans: [Double]? = nil, weights: SecondMomentWeights = .biasCorrected, weightsName: String = "adam",
        steps: [Int]
    ) throws(ParameterError) {
        if stepMeans != nil, means != [0] {
            throw ParameterError(parameter: .means, value: "list", rule: "stands in place of one mean for all steps")
        }
        gradients = source.specification
        self.weights = weightsName
        self.steps = steps
        var blocks: [Block] = []
        for autocorrelation in autocorrelations {
            for mean in means {
                let process = try source.process(mean: mean, autocorrelation: autocorrelation, scales: scales, means: stepMeans)
                for beta2 in beta2 {
                    for epsilon in epsilons {
                        let law = try ExactProcessLaw(beta2: beta2, process: process, weights: weights, epsilon: epsilon)
                        blocks.append(Block(law: law, mean: stepMeans == nil ? mean : nil))
                    }
                }
            }
        }
        self.blocks = blocks
    }

    public var rowCount: Int { product(blocks.count, steps.count) }

    /// One row per autocorrelation, μ, β2, ε and step. Moments are empty where ψ_t is undefined, and infinite ones are `inf`.
    public func forEachPiece(threads: Int, _ body: (Table) throws -> Void) throws {
        for places in blocks.indices.chunks(of: max(threads, 1)) {
            let made = try concurrentMap(Array(places), threads: threads) { index in
                (block: blocks[index], moments: try blocks[index].law.moments(at: steps), normal: try normalVariances(blocks[index]))
            }
            for (block, moments, normal) in made {
                for rows in steps.indices.chunks(of: rowsPerPiece) {
                    try body(table(block, steps: Array(steps[rows]), moments: moments[rows], normal: normal?[rows]))
                }
            }
        }
    }

    /// Of independent N(μ, 1) under Adam's weights; nil without a mean for all steps.
    private func normalVariances(_ block: Block) throws -> [Double]? {
        guard let mean = block.mean else { return nil }
        return try ExactLaw(beta2: block.law.beta2, means: [mean], epsilon: block.law.epsilon).moments(at: steps)[0].map(\.variance)
    }

    private func table(_ block: Block, steps: [Int], moments: ArraySlice<ExactMoments?>, normal: ArraySlice<Double>?) -> Table {
        let count = steps.count
        return Table([
            Column("gradients", latex: "gradients", repeating: gradients, count: count),
            Column("autocorrelation", latex: "$r$", repeating: block.law.process.autocorrelation, count: count),
            Column("weights", latex: "weights", repeating: weights, count: count),
            Column("beta2", latex: #"$\beta_2$"#, repeating: block.law.beta2, count: count),
            Column("mu", latex: #"$\mu$"#, [Double?](repeating: block.mean, count: count)),
            Column("epsilon", latex: #"$\epsilon$"#, repeating: block.law.epsilon, count: count),
            Column("t", latex: "$t$", steps),
            Column("mean_psi", latex: #"$\operatorname{E}[\psi_t]$"#, moments.map { $0?.mean }),
            Column("mean_psi_squared", latex: #"$\operatorname{E}[\psi_t^2]$"#, moments.map { $0?.meanSquare }),
            Column("var_psi", latex: #"$\operatorname{Var}[\psi_t]$"#, moments.map { $0?.variance }),
            Column(
                "var_normal", latex: #"i.i.d.\ normal"#,
                normal.map { $0.map(Optional.some) } ?? [Double?](repeating: nil, count: count)),
        ])
    }
}
