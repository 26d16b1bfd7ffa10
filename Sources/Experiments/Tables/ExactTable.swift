import Errors
import Report
import Theory

/// The exact moments of ψ_t = 1/(√v̂_t + ε), and of the whole update where g is centred and ε = 0.
public struct ExactTable: PiecewiseTable {
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

    public var rowCount: Int { product(laws.count, laws.first?.means.count ?? 0, steps.count) }

    /// One row per β2, ε, μ and step; `update_second_moment` is empty unless μ = 0 and ε = 0. One walk over the steps is one
    /// thread's work.
    public func forEachPiece(threads: Int, _ body: (Table) throws -> Void) throws {
        for law in laws {
            // Means share the sums of one walk, but then hold all its steps: only where they fit into a piece.
            for means in steps.count <= rowsPerPiece ? [law.means] : law.means.map({ [$0] }) {
                let law = try ExactLaw(beta2: law.average.beta2, means: means, epsilon: law.epsilon)
                let sweep = law.sweep(through: steps.last ?? 1)
                let update = law.epsilon == 0 && means.contains(0) ? try updateSweep(beta2: law.average.beta2) : nil
                for places in steps.indices.chunks(of: rowsPerPiece) {
                    let piece = steps[places]
                    let secondMoments = update?.secondMoments(at: piece)
                    for (mean, moments) in zip(means, sweep.moments(at: piece)) {
                        try body(rows(law, mean: mean, steps: Array(piece), moments, mean == 0 ? secondMoments : nil))
                    }
                }
            }
        }
    }

    private func updateSweep(beta2: Double) throws(ParameterError) -> UpdateSecondMomentSweep {
        try UpdateSecondMomentSweep(beta1: beta1, beta2: beta2, lastStep: steps.last ?? 1)
    }

    private func rows(
        _ law: ExactLaw, mean: Double, steps: [Int], _ moments: [ExactMoments], _ secondMoments: [Double]?
    ) -> Table {
        Table([
            Column("beta2", latex: #"$\beta_2$"#, repeating: law.average.beta2, count: steps.count),
            Column("mu", latex: #"$\mu$"#, repeating: mean, count: steps.count),
            Column("epsilon", latex: #"$\epsilon$"#, repeating: law.epsilon, count: steps.count),
            Column("t", latex: "$t$", steps),
            Column("mean_psi", latex: #"$\operatorname{E}[\psi_t]$"#, moments.map(\.mean)),
            Column("mean_psi_squared", latex: #"$\operatorname{E}[\psi_t^2]$"#, moments.map(\.meanSquare)),
            Column("var_psi", latex: #"$\operatorname{Var}[\psi_t]$"#, moments.map(\.variance)),
            Column(
                "update_second_moment", latex: #"$\operatorname{E}[(\hat m_t\psi_t)^2]$"#,
                steps.indices.map { secondMoments?[$0] }),
        ])
    }
}
