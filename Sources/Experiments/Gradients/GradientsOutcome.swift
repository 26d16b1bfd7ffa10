import Distributions
import GradientStatistics
import Report
import Theory

/// All that was computed of the traces, as tables and figures.
public struct GradientsOutcome: Sendable {
    let experiment: GradientsExperiment
    /// The chosen steps.
    let steps: [Int]
    let arrays: [ArrayResult]
    let fileCount: Int
    /// The SHA-256 of each input; nil for a pipe.
    let digests: [String?]

    /// Figures with their data and scripts, to be written and rendered.
    public func figures() throws -> [GnuplotFigure] {
        [RidgelineFigure(outcome: self).figure(), PsiTraceFigure(outcome: self).figure(table: try psiTable())]
    }

    /// `histogram.csv`: counts of ln|g| per array and step; the bin below e^-20 has `-inf` below, exact zeros a row without
    /// a bin.
    public func histogramTable() -> Table {
        var labels: [String] = []
        var steps: [Int] = []
        var low: [Double?] = []
        var high: [Double?] = []
        var counts: [Int] = []
        for result in arrays {
            for (step, histogram) in zip(result.scan.steps, result.scan.histograms) {
                low += [nil, -.infinity] + histogram.counts.indices.map(histogram.edge)
                high += [nil, LogMagnitudeHistogram.lowest] + histogram.counts.indices.map { histogram.edge($0 + 1) }
                counts += [histogram.zeros, histogram.underflow] + histogram.counts
                labels += Array(repeating: result.source.label, count: histogram.counts.count + 2)
                steps += Array(repeating: step, count: histogram.counts.count + 2)
            }
        }
        return Table([
            Column("array", labels), Column("step", steps), Column("bin_low", low), Column("bin_high", high),
            Column("count", counts),
        ])
    }

    /// `coordinates.csv`: moments and the Anderson-Darling test of each coordinate, counted from 0 in C order.
    public func coordinateTable() -> Table {
        let rows = arrays.flatMap(\.coordinates)
        func column(_ name: String, _ value: (CoordinateStatistics) -> Double?) -> Column { Column(name, rows.map(value)) }
        return Table([
            Column("array", arrays.flatMap { Array(repeating: $0.source.label, count: $0.coordinates.count) }),
            Column("coordinate", arrays.flatMap { Array($0.coordinates.indices) }),
            Column("n", rows.map(\.moments.count)),
            Column("zeros", rows.map(\.moments.zeros)),
        ] + Self.statistics.map { name, value in column(name, value) })
    }

    /// The columns of real numbers of `coordinates.csv`.
    static let statistics: [(String, @Sendable (CoordinateStatistics) -> Double?)] = [
        ("mean", { $0.moments.mean }),
        ("standard_deviation", { $0.moments.standardDeviation }),
        ("mean_over_sd", { $0.moments.meanOverDeviation }),
        ("skewness", { $0.moments.skewness }),
        ("excess_kurtosis", { $0.moments.excessKurtosis }),
        ("lag1_autocorrelation", { $0.moments.lag1Autocorrelation }),
        ("anderson_darling", { $0.normality?.statistic }),
        ("p_value", { $0.normality?.pValue }),
    ]

    /// `gradient_psi.csv`, the figure's data: ψ_t across coordinates, each scaled by its σ, next to the exact law and the paper's ρ_t.
    func psiTable() throws -> Table {
        try arrays.map { result in
            let average = try ExponentialAverage(beta2: experiment.beta2)
            let (sections, reference) = (result.psi.sections, result.psi.reference)
            // Where no coordinate has a deviation nothing is estimated.
            let isEstimated = result.psi.leftOut < result.coordinates.count
            func estimated(_ name: String, _ value: (ExactReference.Moments) -> Double) -> Column {
                Column(name, reference.map { isEstimated ? value($0) : nil })
            }
            return Table([
                Column("array", repeating: result.source.label, count: sections.count),
                Column("t", sections.map(\.step)),
                Column("coordinates", sections.map(\.count)),
                Column("infinite", sections.map(\.infinite)),
                Column("left_out", repeating: result.psi.leftOut, count: sections.count),
                Column("mean_psi", sections.map(\.mean)),
                Column("var_psi", sections.map(\.variance)),
                Column("mean_exact_zero_mu", reference.map(\.zeroMean.mean)),
                Column("var_exact_zero_mu", reference.map(\.zeroMean.variance)),
                estimated("mean_exact_estimated_mu", \.mean),
                estimated("var_exact_estimated_mu", \.variance),
                estimated("var_exact_mixture", \.mixtureVariance),
                Column("rho_t", sections.map { average.rho(at: $0.step) }),
                Column("nu_t", sections.map { average.satterthwaite(at: $0.step) }),
                Column("rho_observed", try sections.map { section in
                    try section.variance.flatMap { $0.isFinite ? try AdaptiveRateVariance.rho(matching: $0) : nil }
                }),
            ])
        }.joined()
    }
}
