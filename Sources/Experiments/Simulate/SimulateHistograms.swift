import Concurrency
import Distributions
import Report
import Simulation
import SpecialFunctions
import Theory

extension SimulateOutcome {
    /// `histogram.csv`: bins of ψ_t per histogram step and mean, beside the exact law of what is drawn from, where it has a density here, and what
    /// Scale-inv-χ² predicts at ρ_t and ν_t for independent Gaussian gradients. Where others are drawn, `density_normal` and `ks_normal` are those
    /// of the exact law of independent Gaussian ones. What needs one mean for all steps is empty where the means are given for each.
    ///
    /// `density` is count/(n · width), that of the bin as a whole; `density_exact` and the others are densities at the bin's midpoint,
    /// (bin_low + bin_high)/2, not averages over it. The first and last row of each block count what lies outside the range, infinite
    /// ψ_t in the last; they have no density. The Kolmogorov-Smirnov distances are those of the whole sample, repeated on each row.
    /// `p_value_exact` is the probability of a larger one than `ks_exact` under the exact law (`Kolmogorov.pValue`).
    ///
    /// The distances are taken at the edges of 16,384 fine bins of 1/ψ. The distance over all ψ is never smaller, and larger by at
    /// most the share of the sample in one fine bin: for Gaussian gradients 4e-4 of it, and a few counts. So the p-value errs
    /// upwards; in samples of the exact law the distance falls short by 0.010/√n on average, the p-value is 3% too large
    /// (measured at n = 200,000; at most 0.03/√n and 15% in 400 samples).
    ///
    /// What is compared is rounded to ten digits: the last ones depend on the C library's processor-specific functions, and a
    /// run's bytes shall not.
    public func histogramTable() throws -> Table {
        concurrentMap(Array(experiment.compared.enumerated()), threads: threads) { pair in
            histogramBlock(pair.element, laws: laws[pair.offset])
        }.joined(orEmpty: [
            "mu", "beta2", "epsilon", "t", "bin_low", "bin_high", "count", "density", "density_exact", "density_rho_t",
            "density_nu_t", "ks_exact", "p_value_exact", "ks_rho_t", "ks_nu_t",
        ] + (experiment.parameters.isStandard ? [] : ["density_normal", "ks_normal"]))
    }

    private func histogramBlock(_ place: (step: Int, mean: Int), laws: ComparedLaws) -> Table {
        let histogram = histograms[stepIndex: place.step, meanIndex: place.mean]
        let bins = histogram.counts.count
        let width = (histogram.range.upperBound - histogram.range.lowerBound) / Double(bins)
        let edges = (0...bins).map { $0 == bins ? histogram.range.upperBound : histogram.range.lowerBound + Double($0) * width }
        let rows = bins + 2
        func inside(_ value: (Int) -> Double) -> [Double?] { [nil] + (0..<bins).map(value) + [nil] }
        func comparison(
            _ density: ((Double) -> Double)?, _ distribution: ((Double) -> Double)?
        ) -> (density: [Double?], distance: Double?) {
            guard let density, let distribution else { return (Array(repeating: nil, count: rows), nil) }
            return (
                inside { density((edges[$0] + edges[$0 + 1]) / 2).roundedToTenDigits },
                histogram.kolmogorovSmirnovDistance(to: distribution).value.roundedToTenDigits
            )
        }
        func column(_ name: String, latex: String, _ value: Double?) -> Column {
            value.map { Column(name, latex: latex, repeating: $0, count: rows) }
                ?? Column(name, latex: latex, [Double?](repeating: nil, count: rows))
        }
        let exact = comparison(laws.exact?.density, laws.exact?.distribution)
        let rho = comparison(laws.reference?.rho.density, laws.reference?.rho.distribution)
        let nu = comparison(laws.reference?.nu.density, laws.reference?.nu.distribution)
        let pValue = exact.distance.map { Kolmogorov.pValue(distance: $0, sampleSize: histogram.count).roundedToTenDigits }
        var reference: [Column] = []
        if !experiment.parameters.isStandard {
            let normal = comparison(laws.reference?.normal.density, laws.reference?.normal.distribution)
            reference = [Column("density_normal", latex: "normal", normal.density), column("ks_normal", latex: "KS, normal", normal.distance)]
        }
        return Table(
            parameterColumns(mean: experiment.parameters.means[place.mean], count: rows) + [
                Column("t", latex: "$t$", repeating: experiment.parameters.sampleSteps[place.step], count: rows),
                Column("bin_low", latex: "from", [0] + edges),
                Column("bin_high", latex: "to", edges + [.infinity]),
                Column("count", latex: "count", [histogram.underflow] + histogram.counts + [histogram.overflow]),
                Column("density", latex: "density", inside { Double(histogram.counts[$0]) / Double(histogram.count) / width }),
                Column("density_exact", latex: "exact", exact.density),
                Column("density_rho_t", latex: #"at $\rho_t$"#, rho.density),
                Column("density_nu_t", latex: #"at $\nu_t$"#, nu.density),
                column("ks_exact", latex: "KS, exact", exact.distance),
                column("p_value_exact", latex: "$p$, exact", pValue),
                column("ks_rho_t", latex: #"KS, $\rho_t$"#, rho.distance),
                column("ks_nu_t", latex: #"KS, $\nu_t$"#, nu.distance),
            ] + reference)
    }

    /// `rho_histogram.csv`: ρ̂_t of each batch of trajectories, the ρ at which Eq. 2 (τ = 1) gives the batch's variance of
    /// ψ_t, in bins from the smallest to the largest; beside it ρ_t, ν_t and the ρ of the exact variance.
    /// - Parameter meanCount: of the first so many means; nil for all that have histograms.
    public func rhoHistogramTable(meanCount: Int? = nil) throws -> Table {
        try concurrentMap(experiment.compared.filter { $0.mean < meanCount ?? .max }, threads: threads) { try rhoBlock(stepIndex: $0.step, meanIndex: $0.mean) }
            .joined(orEmpty: [
                "mu", "beta2", "epsilon", "t", "batches", "bin_low", "bin_high", "count", "rho_t", "nu_t", "rho_exact",
            ])
    }

    private static let rhoBins = 24

    private func rhoBlock(stepIndex: Int, meanIndex: Int) throws -> Table {
        let step = experiment.parameters.sampleSteps[stepIndex]
        let finder = RootFinder()
        // A batch of one has no variance; a variance of zero, or one that no ρ gives, has no place on the axis.
        let implied = try batches.batches(stepIndex: stepIndex, meanIndex: meanIndex)
            .compactMap { try $0.variance.flatMap { try rhoMatching($0, finder: finder) } }
            .filter(\.isFinite)
        let (low, high) = (implied.min() ?? 0, implied.max() ?? 0)
        let bins = implied.isEmpty ? 0 : low < high ? Self.rhoBins : 1
        let width = (high - low) / Double(max(bins, 1))
        var counts = [Int](repeating: 0, count: bins)
        for rho in implied { counts[width > 0 ? min(Int((rho - low) / width), bins - 1) : 0] += 1 }
        let edges = (0...bins).map { $0 == bins ? high : low + Double($0) * width }
        let exactRho = hasOneMean ? try rhoMatching(normal[meanIndex][step - 1].variance, finder: finder) : nil
        return Table(
            parameterColumns(mean: experiment.parameters.means[meanIndex], count: bins) + [
                Column("t", latex: "$t$", repeating: step, count: bins),
                Column("batches", latex: "batches", repeating: implied.count, count: bins),
                Column("bin_low", latex: "from", Array(edges.prefix(bins))),
                Column("bin_high", latex: "to", Array(edges.dropFirst().prefix(bins))),
                Column("count", latex: "count", counts),
                Column("rho_t", latex: #"$\rho_t$"#, repeating: average.rho(at: step), count: bins),
                Column("nu_t", latex: #"$\nu_t$"#, repeating: average.satterthwaite(at: step), count: bins),
                Column("rho_exact", latex: #"$\rho_t^{\mathrm{exact}}$"#, Array(repeating: exactRho, count: bins)),
            ])
    }
}
