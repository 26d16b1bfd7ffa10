import Concurrency
import Distributions
import Files
import Report
import Simulation
import SpecialFunctions
import Theory

/// The finished run, as tables and a figure.
public struct SimulateOutcome: Sendable {
    public let experiment: SimulateExperiment
    let average: ExponentialAverage
    public let result: SimulationResult
    /// The exact law of Gaussian gradients, as [mean][step - 1]; the reference where they are drawn from another law.
    public let normal: [[ExactMoments]]
    /// The exact law of what is drawn from, likewise, where that is another; nil also where it has no exact law here.
    let drawn: [[ExactMoments?]]?
    let histograms: SampleHistograms
    let batches: BatchMoments
    /// In the order of `experiment.compared`.
    let laws: [ComparedLaws]
    /// nil where no update is simulated.
    let updates: SimulatedUpdates?
    let threads: Int

    /// `variance.csv`: one row per mean and iteration.
    ///
    /// `var_exact` is that of the law that is drawn from, empty where there is none; where that law is not that of independent N(μ, 1),
    /// `var_normal` beside it is that of these, empty as μ is where the means are given for each step. Mean and variance are `inf` where recorded
    /// gradients can all be exactly zero at ε = 0.
    /// `mean_psi_stderr` and `var_psi_stderr` are empty where the quantity has no standard error, and where the exact law says that n
    /// trajectories are too few for it (`SimulationResult.Curve`). `rho_empirical`, the ρ at which Eq. 2 gives the simulated variance, is
    /// empty where Var[ψ_t] is infinite: a sample's variance means nothing there.
    public func varianceTable() throws -> Table {
        let parameters = experiment.parameters
        let steps = Array(1...parameters.iterations)
        let rho = steps.map(average.rho)
        let nu = steps.map(average.satterthwaite)
        let rectification = rho.map { Rectification.firstOrder(rho: $0, rhoInfinity: average.rhoInfinity) }
        let blocks = try concurrentMap(Array(result.curves.indices), threads: threads) { index in
            let curve = result.curves[index]
            let finder = RootFinder()
            let implied = try steps.indices.map { step -> Double? in
                guard curve.hasFiniteVariance[step], let variance = curve.variance[step] else { return nil }
                return try rhoMatching(variance, finder: finder)
            }
            let rectified = zip(rectification, curve.variance).map { r, variance -> Double? in
                guard let r, let variance else { return nil }
                return r * r * variance
            }
            return Table(
                parameterColumns(mean: curve.mean, count: steps.count) + [
                    Column("t", latex: "$t$", steps),
                    Column("trajectories", latex: "$n$", repeating: parameters.trajectories, count: steps.count),
                    Column("mean_psi", latex: #"$\bar\psi_t$"#, curve.meanPsi),
                    Column("mean_psi_stderr", latex: "standard error", curve.meanStandardError),
                    Column("var_psi", latex: #"$\operatorname{Var}[\psi_t]$"#, curve.variance),
                    Column("var_psi_stderr", latex: "standard error", curve.varianceStandardError),
                    Column("r_t", latex: "$r_t$", rectification),
                    Column("var_rectified", latex: #"$\operatorname{Var}[r_t\psi_t]$"#, rectified),
                ] + exactColumns(index) + [
                    Column("rho_t", latex: #"$\rho_t$"#, rho),
                    Column("nu_t", latex: #"$\nu_t$"#, nu),
                    Column("rho_empirical", latex: #"$\hat\rho_t$"#, implied),
                ])
        }
        return blocks.joined()
    }

    private func exactColumns(_ index: Int) -> [Column] {
        let header = #"exact $\operatorname{Var}[\psi_t]$"#
        let normal = normal[index].map(\.variance)
        if experiment.parameters.isStandard { return [Column("var_exact", latex: header, normal)] }
        return [
            Column("var_exact", latex: header, drawn?[index].map { $0?.variance } ?? normal.map { _ in nil }),
            Column("var_normal", latex: "normal", hasOneMean ? normal.map(Optional.some) : normal.map { _ in nil }),
        ]
    }

    /// Whether there is one mean for all steps.
    var hasOneMean: Bool { experiment.parameters.sequence.means == nil }

    func parameterColumns(mean: Double, count: Int) -> [Column] {
        [
            hasOneMean
                ? Column("mu", latex: #"$\mu$"#, repeating: mean, count: count)
                : Column("mu", latex: #"$\mu$"#, [Double?](repeating: nil, count: count)),
            Column("beta2", latex: #"$\beta_2$"#, repeating: average.beta2, count: count),
            Column("epsilon", latex: #"$\epsilon$"#, repeating: experiment.parameters.epsilon, count: count),
        ]
    }

    /// What came out, in a few lines for a person: per mean the last iteration's variance beside the exact one.
    public var summaryLines: [String] {
        let parameters = experiment.parameters
        let last = parameters.iterations
        let text = { (value: Double) in SignificantDigits.text(of: value) }
        let shown = 6
        var lines = result.curves.indices.prefix(shown).map { index in
            let curve = result.curves[index]
            let variance = curve.variance[last - 1].map(text) ?? "unknown"
            let error = curve.varianceStandardError[last - 1].map { " ± \(text($0))" } ?? ""
            let normal = text(normal[index][last - 1].variance)
            let exact = drawn?[index][last - 1].map { text($0.variance) }
            let references = parameters.isStandard
                ? ["exact \(normal)"]
                : [exact.map { "exact \($0)" }, hasOneMean ? "exact for \(normalName) gradients \(normal)" : nil].compactMap { $0 }
            let name = hasOneMean ? "μ = \(ShortestDigits.text(of: curve.mean))" : "given means"
            return (["\(name): Var[ψ_\(last)] = \(variance)\(error)"] + references).joined(separator: ", ") + updateSummary(index)
        }
        if result.curves.count > shown { lines.append("and \(result.curves.count - shown) more means") }
        return ["\(parameters.trajectories) trajectories of \(last) iterations"] + lines
    }
}

extension SimulateOutcome {
    /// What the reference is called.
    var normalName: String { experiment.parameters.sequence == .independent ? "normal" : "independent normal" }

    /// How large the last update is, at the end of a mean's line; empty without updates.
    private func updateSummary(_ index: Int) -> String {
        guard let updates else { return "" }
        let last = experiment.parameters.iterations, curve = result.updates[index]
        let text = { (value: Double) in SignificantDigits.text(of: value) }
        let (mean, variance) = (curve.meanUpdate[last - 1], curve.variance[last - 1] ?? 0)
        let exact = updates.exact[index][last - 1].map { ", exact \(text($0.rootMeanSquare))" } ?? ""
        return "; RMS of u_\(last) = \(text((mean * mean + variance).squareRoot()))\(exact)"
    }
}

extension SimulateOutcome: Outcome {
    /// The tables and the record that every run leaves.
    public static let results: Set = ["variance.csv", "histogram.csv", "rho_histogram.csv", "run.json"]

    /// All files that a run may leave.
    public static let allResults = results.union(["update.csv", "update_histogram.csv", "psi_histogram-curves.csv", "update_histogram-curves.csv", "psi_variance.csv"])
        .union(["psi_histogram", "psi_variance", "update_histogram"].flatMap { figure in ["gp", "svg", "pdf"].map { "\(figure).\($0)" } })

    /// `variance.csv`, `histogram.csv`, `rho_histogram.csv`, `run.json`, the figure of the first mean's histograms, whose bars are those
    /// of `histogram.csv`, and that of the variance; with updates `update.csv` and `update_histogram.csv`, and a figure of that.
    public func write(to folder: OutputFolder, provenance: Provenance, draw: ([GnuplotFigure]) -> Void) throws {
        // Each figure is drawn as soon as it can be, while the rest is computed.
        func start(_ figure: GnuplotFigure?) throws {
            guard let figure else { return }
            try figure.write(to: folder)
            draw([figure])
        }
        try start(VarianceFigure(self)?.figure())
        let bins = try histogramTable()
        try folder.write(bins, as: "histogram.csv")
        try start(psiHistogramFigure(bins: bins, binsFile: "histogram.csv"))
        if let updates {
            let bins = try updateHistogramTable(updates)
            try folder.write(bins, as: "update_histogram.csv")
            try start(updateHistogramFigure(updates, bins: bins, binsFile: "update_histogram.csv"))
        }
        try folder.write(try varianceTable(), as: "variance.csv")
        try folder.write(try rhoHistogramTable(), as: "rho_histogram.csv")
        if let updates { try folder.write(updateTable(updates), as: "update.csv") }
        try folder.write(try experiment.record(provenance).bytes(), as: "run.json")
    }

    public func write(to folder: OutputFolder, provenance: Provenance) throws -> [GnuplotFigure] {
        var figures: [GnuplotFigure] = []
        try write(to: folder, provenance: provenance) { figures += $0 }
        return figures
    }
}
