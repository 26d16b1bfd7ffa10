import Foundation
import Report
import Theory

extension SimulateOutcome {
    /// `histogram.csv`: bins of ψ_t per histogram step and mean, beside what Scale-inv-χ² predicts at ρ_t and ν_t.
    ///
    /// `density` is count/(n · width), the predicted densities are those at the bin's centre. The first and last row of
    /// each block count what lies outside the range; they have no density. The Kolmogorov-Smirnov distances are those of
    /// the whole sample, repeated on each row, and right to the share of the sample in one of 16,384 fine bins.
    /// What comes from GSL's χ² (predicted densities and distances) is rounded to ten digits: the last ones depend on the C
    /// library's processor-specific functions, and a run's bytes shall not.
    /// - Parameter meanIndices: the means wanted; nil for all.
    public func histogramTable(meanIndices: [Int]? = nil) throws -> Table {
        try concurrentMap(collected(meanIndices), threads: threads) { pair in
            try histogramBlock(stepIndex: pair.step, meanIndex: pair.mean)
        }.joined(orEmpty: [
            "mu", "beta2", "epsilon", "t", "bin_low", "bin_high", "count", "density", "density_rho_t", "density_nu_t", "ks_rho_t",
            "ks_nu_t",
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
        func prediction(_ rho: Double) throws -> (density: [Double?], distance: Double) {
            let law = try PredictedPsi(rho: rho, mean: mean, epsilon: parameters.epsilon)
            return (
                inside { tenDigits(law.density(at: (edges[$0] + edges[$0 + 1]) / 2)) },
                tenDigits(histogram.kolmogorovSmirnovDistance { law.distribution(at: $0) }.value)
            )
        }
        let rho = try prediction(average.rho(at: step))
        let nu = try prediction(average.satterthwaite(at: step))
        return Table(
            parameterColumns(mean: mean, count: rows) + [
                Column("t", latex: "$t$", repeating: step, count: rows),
                Column("bin_low", latex: "from", [0] + edges),
                Column("bin_high", latex: "to", edges + [.infinity]),
                Column("count", latex: "count", [histogram.underflow] + histogram.counts + [histogram.overflow]),
                Column("density", latex: "density", inside { Double(histogram.counts[$0]) / Double(histogram.count) / width }),
                Column("density_rho_t", latex: #"at $\rho_t$"#, rho.density),
                Column("density_nu_t", latex: #"at $\nu_t$"#, nu.density),
                Column("ks_rho_t", latex: #"KS, $\rho_t$"#, repeating: rho.distance, count: rows),
                Column("ks_nu_t", latex: #"KS, $\nu_t$"#, repeating: nu.distance, count: rows),
            ])
    }
}

/// The number rounded to ten significant digits.
func tenDigits(_ value: Double) -> Double { Double(String(format: "%.9e", value)) ?? value }
