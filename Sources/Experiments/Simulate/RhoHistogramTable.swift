import Concurrency
import Distributions
import Report
import Theory

extension SimulateOutcome {
    /// `rho_histogram.csv`: ρ̂_t of each batch of trajectories, the ρ at which Eq. 2 (τ = 1) gives the batch's variance of
    /// ψ_t, in bins from the smallest to the largest; beside it ρ_t, ν_t and the ρ of the exact variance.
    /// - Parameter meanIndices: the means wanted; nil for all.
    public func rhoHistogramTable(meanIndices: [Int]? = nil) throws -> Table {
        try concurrentMap(collected(meanIndices), threads: threads) { pair in
            try rhoBlock(stepIndex: pair.step, meanIndex: pair.mean)
        }.joined(orEmpty: [
            "mu", "beta2", "epsilon", "t", "batches", "bin_low", "bin_high", "count", "rho_t", "nu_t", "rho_exact",
        ])
    }

    private static let bins = 24

    private func rhoBlock(stepIndex: Int, meanIndex: Int) throws -> Table {
        let step = experiment.parameters.sampleSteps[stepIndex]
        let mean = experiment.parameters.means[meanIndex]
        let finder = RootFinder()
        // A batch of one has no variance; a variance of zero, or one that no ρ gives, has no place on the axis.
        let implied = try batches.batches(stepIndex: stepIndex, meanIndex: meanIndex)
            .compactMap { try $0.variance.flatMap { try rhoMatching($0, finder: finder) } }
            .filter(\.isFinite)
        let (low, high) = (implied.min() ?? 0, implied.max() ?? 0)
        let bins = implied.isEmpty ? 0 : low < high ? Self.bins : 1
        let width = (high - low) / Double(max(bins, 1))
        var counts = [Int](repeating: 0, count: bins)
        for rho in implied { counts[width > 0 ? min(Int((rho - low) / width), bins - 1) : 0] += 1 }
        let edges = (0...bins).map { $0 == bins ? high : low + Double($0) * width }
        let exactRho = try rhoMatching(exact[meanIndex][step - 1].variance, finder: finder)
        return Table(
            parameterColumns(mean: mean, count: bins) + [
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
