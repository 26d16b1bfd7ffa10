import Concurrency
import Distributions
import Report
import Simulation
import Theory

/// The finished run, as tables.
public struct SimulateOutcome: Sendable {
    let experiment: SimulateExperiment
    let average: ExponentialAverage
    public let result: SimulationResult
    /// The exact law of Gaussian gradients, as [mean][step - 1]; the reference where they are drawn from another law.
    public let exact: [[ExactMoments]]
    let histograms: SampleHistograms
    let batches: BatchMoments
    let threads: Int

    /// `variance.csv`: one row per mean and iteration. `var_exact` is that of Gaussian gradients.
    public func varianceTable() throws -> Table {
        let parameters = experiment.parameters
        let steps = Array(1...parameters.iterations)
        let rho = steps.map(average.rho)
        let nu = steps.map(average.satterthwaite)
        let rectification = rho.map { Rectification.firstOrder(rho: $0, rhoInfinity: average.rhoInfinity) }
        let blocks = try concurrentMap(Array(result.curves.indices), threads: threads) { index in
            let curve = result.curves[index]
            let finder = RootFinder()
            let implied = try curve.variance.map { try $0.flatMap { try rhoMatching($0, finder: finder) } }
            let rectified = zip(rectification, curve.variance).map { r, variance -> Double? in
                guard let r, let variance else { return nil }
                return r * r * variance
            }
            return Table(
                parameterColumns(mean: curve.mean, count: steps.count) + [
                    Column("t", latex: "$t$", steps),
                    Column("trajectories", latex: "$n$", repeating: parameters.trajectories, count: steps.count),
                    Column("mean_psi", latex: #"$\bar\psi_t$"#, curve.meanPsi),
                    Column("var_psi", latex: #"$\operatorname{Var}[\psi_t]$"#, curve.variance),
                    Column("var_psi_stderr", latex: "standard error", curve.varianceStandardError),
                    Column("r_t", latex: "$r_t$", rectification),
                    Column("var_rectified", latex: #"$\operatorname{Var}[r_t\psi_t]$"#, rectified),
                    Column("var_exact", latex: #"exact $\operatorname{Var}[\psi_t]$"#, exact[index].map(\.variance)),
                    Column("rho_t", latex: #"$\rho_t$"#, rho),
                    Column("nu_t", latex: #"$\nu_t$"#, nu),
                    Column("rho_empirical", latex: #"$\hat\rho_t$"#, implied),
                ])
        }
        return blocks.joined()
    }

    func parameterColumns(mean: Double, count: Int) -> [Column] {
        [
            Column("mu", latex: #"$\mu$"#, repeating: mean, count: count),
            Column("beta2", latex: #"$\beta_2$"#, repeating: average.beta2, count: count),
            Column("epsilon", latex: #"$\epsilon$"#, repeating: experiment.parameters.epsilon, count: count),
        ]
    }

    /// Every pair of a histogram step and a mean, as indices, means within steps.
    func collected(_ meanIndices: [Int]?) -> [(step: Int, mean: Int)] {
        experiment.parameters.sampleSteps.indices.flatMap { step in
            (meanIndices ?? Array(experiment.parameters.means.indices)).map { (step, $0) }
        }
    }
}
