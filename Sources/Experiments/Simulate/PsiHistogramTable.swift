import Concurrency
import Distributions
import Errors
import Foundation
import Report
import SpecialFunctions
import Theory

extension SimulateOutcome {
    /// `histogram.csv`: bins of ψ_t per histogram step and mean, beside the exact law and what Scale-inv-χ² predicts at ρ_t and
    /// ν_t; all three for Gaussian gradients, whatever the simulated ones are.
    ///
    /// `density` is count/(n · width), the others are those at the bin's centre. The first and last row of each block count
    /// what lies outside the range; they have no density. The Kolmogorov-Smirnov distances are those of the whole sample,
    /// repeated on each row. `p_value_exact` is the probability of a larger one than `ks_exact`, were the gradients Gaussian
    /// (`Kolmogorov.pValue`).
    ///
    /// The distances are taken at the edges of 16,384 fine bins of 1/ψ. The distance over all ψ is never smaller, and larger by at
    /// most the share of the sample in one fine bin: for Gaussian gradients 4e-4 of it, and a few counts. So the p-value errs
    /// upwards; in samples of the exact law the distance falls short by 0.010/√n on average, the p-value is 3% too large
    /// (measured at n = 200,000; at most 0.03/√n and 15% in 400 samples).
    ///
    /// What is compared is rounded to ten digits: the last ones depend on the C library's processor-specific functions, and a
    /// run's bytes shall not.
    /// - Parameter meanIndices: the means wanted; nil for all.
    public func histogramTable(meanIndices: [Int]? = nil) throws -> Table {
        try concurrentMap(collected(meanIndices), threads: threads) { pair in
            try histogramBlock(stepIndex: pair.step, meanIndex: pair.mean)
        }.joined(orEmpty: [
            "mu", "beta2", "epsilon", "t", "bin_low", "bin_high", "count", "density", "density_exact", "density_rho_t",
            "density_nu_t", "ks_exact", "p_value_exact", "ks_rho_t", "ks_nu_t",
        ])
    }

    private func histogramBlock(stepIndex: Int, meanIndex: Int) throws -> Table {
        let parameters = experiment.parameters
        let step = parameters.sampleSteps[stepIndex]
        let mean = parameters.means[meanIndex]
        let histogram = histograms[stepIndex: stepIndex, meanIndex: meanIndex]
        let bins = histogram.counts.count
        let width = (histogram.range.upperBound - histogram.range.lowerBound) / Double(bins)
        let edges = (0...bins).map { $0 == bins ? histogram.range.upperBound : histogram.range.lowerBound + Double($0) * width }
        let rows = bins + 2
        func inside(_ value: (Int) -> Double) -> [Double?] { [nil] + (0..<bins).map(value) + [nil] }
        func comparison(density: (Double) -> Double, distribution: (Double) -> Double) -> (density: [Double?], distance: Double) {
            (
                inside { density((edges[$0] + edges[$0 + 1]) / 2).roundedToTenDigits },
                histogram.kolmogorovSmirnovDistance(to: distribution).value.roundedToTenDigits
            )
        }
        let laws = try comparedLaws(stepIndex: stepIndex, meanIndex: meanIndex)
        let exact = comparison(density: laws.exact.density, distribution: laws.exact.distribution)
        let rho = comparison(density: laws.rho.density, distribution: laws.rho.distribution)
        let nu = comparison(density: laws.nu.density, distribution: laws.nu.distribution)
        let pValue = Kolmogorov.pValue(distance: exact.distance, sampleSize: histogram.count).roundedToTenDigits
        return Table(
            parameterColumns(mean: mean, count: rows) + [
                Column("t", latex: "$t$", repeating: step, count: rows),
                Column("bin_low", latex: "from", [0] + edges),
                Column("bin_high", latex: "to", edges + [.infinity]),
                Column("count", latex: "count", [histogram.underflow] + histogram.counts + [histogram.overflow]),
                Column("density", latex: "density", inside { Double(histogram.counts[$0]) / Double(histogram.count) / width }),
                Column("density_exact", latex: "exact", exact.density),
                Column("density_rho_t", latex: #"at $\rho_t$"#, rho.density),
                Column("density_nu_t", latex: #"at $\nu_t$"#, nu.density),
                Column("ks_exact", latex: "KS, exact", repeating: exact.distance, count: rows),
                Column("p_value_exact", latex: "$p$, exact", repeating: pValue, count: rows),
                Column("ks_rho_t", latex: #"KS, $\rho_t$"#, repeating: rho.distance, count: rows),
                Column("ks_nu_t", latex: #"KS, $\nu_t$"#, repeating: nu.distance, count: rows),
            ])
    }

    /// The laws of ψ_t that a histogram is compared to.
    func comparedLaws(
        stepIndex: Int, meanIndex: Int
    ) throws(ParameterError) -> (exact: InterpolatedRateLaw, rho: PredictedPsi, nu: PredictedPsi) {
        let parameters = experiment.parameters
        let (step, mean, epsilon) = (parameters.sampleSteps[stepIndex], parameters.means[meanIndex], parameters.epsilon)
        let exact = try AdaptiveRateLaw(beta2: parameters.beta2, mean: mean, epsilon: epsilon, step: step)
        return (
            InterpolatedRateLaw(exact), try PredictedPsi(rho: average.rho(at: step), mean: mean, epsilon: epsilon),
            try PredictedPsi(rho: average.satterthwaite(at: step), mean: mean, epsilon: epsilon)
        )
    }
}
