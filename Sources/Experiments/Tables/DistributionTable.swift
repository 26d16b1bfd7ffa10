import Concurrency
import Distributions
import Errors
import Foundation
import Report
import Theory

/// The exact distribution of ψ_t, beside what Scale-inv-χ² predicts at ρ_t and ν_t, with the distance of each.
public struct DistributionTable: Sendable {
    private let laws: [AdaptiveRateLaw]
    private let points: Int

    /// - Parameters:
    ///   - beta2, means, steps: every combination is a block of rows.
    ///   - epsilon: added to √v̂_t.
    ///   - points: rows of a block, from 2 to 100,000.
    /// - Throws: `ParameterError` as `AdaptiveRateLaw` does, and for `points` outside its range.
    public init(beta2: [Double], means: [Double], epsilon: Double, steps: [Int], points: Int) throws(ParameterError) {
        guard (2...100_000).contains(points) else {
            throw ParameterError(parameter: .points, value: points, rule: "must be from 2 to 100000")
        }
        var laws: [AdaptiveRateLaw] = []
        for beta2 in beta2 {
            for mean in means {
                for step in steps {
                    laws.append(try AdaptiveRateLaw(beta2: beta2, mean: mean, epsilon: epsilon, step: step))
                }
            }
        }
        self.laws = laws
        self.points = points
    }

    /// Points spread evenly over ψ between the exact quantiles 1e-4 and 1 - 1e-3. The distances are those of the whole laws,
    /// repeated on each row; the predicted laws have τ² = 1/(1+μ²).
    /// - Throws: `GSLError` if a root finder fails.
    public func table(threads: Int) throws -> Table {
        try concurrentMap(laws, threads: threads) { try block($0) }.joined()
    }

    private func block(_ law: AdaptiveRateLaw) throws -> Table {
        let average = law.secondMoment.average
        let (mean, step) = (law.secondMoment.gradientMean, law.secondMoment.step)
        let (low, high) = (try law.quantile(1e-4), try law.quantile(1 - 1e-3))
        let psi = (0..<points).map { low + (high - low) * Double($0) / Double(points - 1) }
        let center = try PredictedPsi(rho: average.rho(at: step), mean: mean, epsilon: law.epsilon)
        let satterthwaite = try PredictedPsi(rho: average.satterthwaite(at: step), mean: mean, epsilon: law.epsilon)
        let toCenter = try distance(of: center, to: law)
        let toSatterthwaite = try distance(of: satterthwaite, to: law)
        func repeated(_ name: String, latex: String, _ value: Double) -> Column {
            Column(name, latex: latex, repeating: value, count: points)
        }
        return Table([
            repeated("beta2", latex: #"$\beta_2$"#, average.beta2),
            repeated("mu", latex: #"$\mu$"#, mean),
            repeated("epsilon", latex: #"$\epsilon$"#, law.epsilon),
            Column("t", latex: "$t$", repeating: step, count: points),
            Column("psi", latex: #"$\psi$"#, psi),
            Column("density", latex: "density", psi.map(law.density)),
            Column("distribution", latex: "$F$", psi.map(law.distribution)),
            Column("density_rho_t", latex: #"density at $\rho_t$"#, psi.map(center.density)),
            Column("distribution_rho_t", latex: #"$F$ at $\rho_t$"#, psi.map(center.distribution)),
            Column("density_nu_t", latex: #"density at $\nu_t$"#, psi.map(satterthwaite.density)),
            Column("distribution_nu_t", latex: #"$F$ at $\nu_t$"#, psi.map(satterthwaite.distribution)),
            repeated("ks_rho_t", latex: #"KS, $\rho_t$"#, toCenter.kolmogorovSmirnov),
            repeated("total_variation_rho_t", latex: #"TV, $\rho_t$"#, toCenter.totalVariation),
            repeated("ks_nu_t", latex: #"KS, $\nu_t$"#, toSatterthwaite.kolmogorovSmirnov),
            repeated("total_variation_nu_t", latex: #"TV, $\nu_t$"#, toSatterthwaite.totalVariation),
        ])
    }

    private func distance(of prediction: PredictedPsi, to law: AdaptiveRateLaw) throws -> LawDistance {
        // Even in ln ψ over both laws: outside is less than 1e-9 of either.
        let tail = 1e-9
        let low = min(try law.quantile(tail), try prediction.quantile(tail))
        let high = max(try law.quantile(1 - tail), try prediction.quantile(1 - tail))
        let count = 400
        let grid = (0...count).map { low * pow(high / low, Double($0) / Double(count)) }
        return try LawDistance(grid: grid) { prediction.density(at: $0) - law.density(at: $0) } distribution: {
            prediction.distribution(at: $0) - law.distribution(at: $0)
        }
    }
}
