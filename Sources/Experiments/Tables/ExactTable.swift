import Errors
import Report
import Theory

/// The exact moments of ψ_t = 1/(√v̂_t + ε), and of the whole update where g is centred and ε = 0.
public struct ExactTable: Sendable {
    private let laws: [ExactLaw]
    private let beta1: Double
    private let steps: [Int]

    /// - Parameters:
    ///   - beta2, means, epsilons: every combination is a block of rows.
    ///   - beta1: decay rate of m̂ in E[(m̂ψ)²].
    ///   - steps: ascending, from 1 on.
    /// - Throws: `ParameterError` as `ExactLaw` does, and unless 0 ≤ β1 < 1.
    public init(
        beta2: [Double], means: [Double], epsilons: [Double], beta1: Double = 0.9, steps: [Int]
    ) throws(ParameterError) {
        var laws: [ExactLaw] = []
        for beta2 in beta2 {
            for epsilon in epsilons { laws.append(try ExactLaw(beta2: beta2, means: means, epsilon: epsilon)) }
        }
        _ = try ExactLaw.updateSecondMoment(beta1: beta1, beta2: 0, at: [])
        self.laws = laws
        self.beta1 = beta1
        self.steps = steps
    }

    /// One row per β2, ε, μ and step; `update_second_moment` is empty unless μ = 0 and ε = 0.
    public func table() throws -> Table {
        var table: Table?
        for law in laws {
            let update = law.epsilon == 0 && law.means.contains(0)
                ? try ExactLaw.updateSecondMoment(beta1: beta1, beta2: law.average.beta2, at: steps) : nil
            for (mean, moments) in zip(law.means, law.moments(at: steps)) {
                let block = Table([
                    Column("beta2", latex: #"$\beta_2$"#, repeating: law.average.beta2, count: steps.count),
                    Column("mu", latex: #"$\mu$"#, repeating: mean, count: steps.count),
                    Column("epsilon", latex: #"$\epsilon$"#, repeating: law.epsilon, count: steps.count),
                    Column("t", latex: "$t$", steps),
                    Column("mean_psi", latex: #"$\operatorname{E}[\psi_t]$"#, moments.map(\.mean)),
                    Column("mean_psi_squared", latex: #"$\operatorname{E}[\psi_t^2]$"#, moments.map(\.meanSquare)),
                    Column("var_psi", latex: #"$\operatorname{Var}[\psi_t]$"#, moments.map(\.variance)),
                    Column(
                        "update_second_moment", latex: #"$\operatorname{E}[(\hat m_t\psi_t)^2]$"#,
                        steps.indices.map { mean == 0 ? update?[$0] : nil }),
                ])
                if table == nil { table = block } else { table!.append(block) }
            }
        }
        return table ?? Table([])
    }
}
