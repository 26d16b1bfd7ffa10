import Concurrency
import Distributions
import Errors
import Report
import Simulation
import SpecialFunctions
import Theory

/// The updates u_t = m̂_t/(√v̂_t + ε) of a simulation beside their exact law.
struct SimulatedUpdates: Sendable {
    let beta1: Double
    let histograms: UpdateHistograms
    /// As [mean][step - 1]; nil where there is no exact law, or where it is left out.
    let exact: [[UpdateLaw.Moments?]]
}

extension SimulateExperiment {
    /// By the exact moments of independent N(μ, 1) gradients, else by those of a few trajectories; as [step][mean].
    func updateRanges(beta1: Double, pilot: PilotSamples?) throws(ParameterError) -> [[Range<Double>]] {
        var ranges: [[Range<Double>]] = []
        for (stepIndex, step) in parameters.sampleSteps.enumerated() {
            var row: [Range<Double>] = []
            for (meanIndex, mean) in parameters.means.prefix(comparedMeans).enumerated() {
                let law = try UpdateLaw(beta1: beta1, beta2: parameters.beta2, mean: mean, epsilon: parameters.epsilon, step: step)
                var sample = StreamMoments()
                if let pilot {
                    sample.add(pilot.updates(stepIndex: stepIndex, meanIndex: meanIndex))
                    row.append(UpdateHistogram.range(
                        mean: sample.mean, deviation: (sample.variance ?? 0).squareRoot(), largest: law.largest))
                } else {
                    let moments = law.moments()
                    // An infinite variance leaves a unit about the mean.
                    let deviation = moments.variance.isFinite ? moments.variance.squareRoot() : 1
                    row.append(UpdateHistogram.range(mean: moments.mean ?? 0, deviation: deviation, largest: law.largest))
                }
            }
            ranges.append(row)
        }
        return ranges
    }

    /// The exact moments: of independent N(μ, 1) gradients at every step; of an AR(1), where each step costs all before it, at the
    /// histograms' and about ten to a factor of ten.
    func updateMoments(beta1: Double, threads: Int) throws -> [[UpdateLaw.Moments?]] {
        let iterations = parameters.iterations
        if parameters.isStandard {
            return try concurrentMap(slices(of: parameters.means.indices, count: threads), threads: threads) { slice in
                let means = Array(parameters.means[slice])
                let sweep = try UpdateSweep(
                    beta1: beta1, beta2: parameters.beta2, means: means, epsilon: parameters.epsilon, lastStep: iterations)
                var moments = means.map { _ in [UpdateLaw.Moments?]() }
                for _ in 0..<iterations {
                    for (index, value) in sweep.next().enumerated() { moments[index].append(value) }
                }
                return moments
            }.flatMap { $0 }
        }
        var moments = parameters.means.map { _ in [UpdateLaw.Moments?](repeating: nil, count: iterations) }
        guard parameters.gradients == .normal, parameters.sequence.isStationary else { return moments }
        let steps = Set(parameters.sampleSteps + logSteps(to: iterations, perDecade: 10)).sorted()
        let pairs = parameters.means.indices.flatMap { mean in steps.map { (mean: mean, step: $0) } }
        let values = concurrentMap(pairs, threads: threads) { pair -> UpdateLaw.Moments? in
            // Longer averages than it takes have none.
            try? CorrelatedUpdateLaw(
                beta1: beta1, beta2: parameters.beta2, autocorrelation: parameters.sequence.autocorrelation,
                mean: parameters.means[pair.mean], epsilon: parameters.epsilon, step: pair.step
            ).moments()
        }
        for (pair, value) in zip(pairs, values) { moments[pair.mean][pair.step - 1] = value }
        return moments
    }
}

extension SimulateOutcome {
    /// `update.csv`: one row per mean and iteration; nil without updates.
    ///
    /// Mean, variance and root mean square of u_t over the trajectories, with the standard errors of the first two, and the exact ones
    /// beside them, which are empty where there is no exact law and, for autocorrelated gradients, at most steps.
    func updateTable(_ updates: SimulatedUpdates) -> Table {
        let parameters = experiment.parameters
        let n = Double(parameters.trajectories)
        return zip(result.updates, updates.exact).map { curve, exact in
            let count = parameters.iterations
            let rootMeanSquare = zip(curve.meanUpdate, curve.variance).map { mean, variance in
                (mean * mean + (variance ?? 0) * ((n - 1) / n)).squareRoot()
            }
            return Table(
                updateColumns(updates, mean: curve.mean, count: count) + [
                    Column("t", latex: "$t$", Array(1...count)),
                    Column("trajectories", latex: "$n$", repeating: parameters.trajectories, count: count),
                    Column("mean", latex: #"$\bar u_t$"#, curve.meanUpdate),
                    Column("mean_stderr", latex: "standard error", curve.meanStandardError),
                    Column("variance", latex: #"$\operatorname{Var}[u_t]$"#, curve.variance),
                    Column("variance_stderr", latex: "standard error", curve.varianceStandardError),
                    Column("rms", latex: "RMS", rootMeanSquare),
                    Column("mean_exact", latex: #"exact $\operatorname{E}[u_t]$"#, exact.map { $0?.mean }),
                    Column("variance_exact", latex: #"exact $\operatorname{Var}[u_t]$"#, exact.map { $0?.variance }),
                    Column("rms_exact", latex: "exact RMS", exact.map { $0?.rootMeanSquare }),
                ])
        }.joined()
    }

    private func updateColumns(_ updates: SimulatedUpdates, mean: Double, count: Int) -> [Column] {
        let common = parameterColumns(mean: mean, count: count)
        return [Column("beta1", latex: #"$\beta_1$"#, repeating: updates.beta1, count: count), common[1], common[0], common[2]]
    }

    /// `update_histogram.csv`: bins of u_t per histogram step and mean; nil without updates. The first and last row of each block count what
    /// lies outside the range. `density_exact` is the exact density at the bin's midpoint, rounded to ten digits, for independent N(μ, 1)
    /// gradients; empty for others, and where u is ±1: at t = 1 and ε = 0.
    func updateHistogramTable(_ updates: SimulatedUpdates) throws -> Table {
        try concurrentMap(experiment.compared, threads: threads) { place in
            let histogram = updates.histograms[stepIndex: place.step, meanIndex: place.mean]
            let bins = histogram.counts.count, rows = bins + 2
            let width = (histogram.range.upperBound - histogram.range.lowerBound) / Double(bins)
            let edges = (0...bins).map { $0 == bins ? histogram.range.upperBound : histogram.range.lowerBound + Double($0) * width }
            let exact = try exactUpdateDensity(updates, place, at: (0..<bins).map { (edges[$0] + edges[$0 + 1]) / 2 })
            let total = Double(histogram.count)
            let densities: [Double?] = histogram.counts.map { Double($0) / total / width }
            return Table(
                updateColumns(updates, mean: experiment.parameters.means[place.mean], count: rows) + [
                    Column("t", latex: "$t$", repeating: experiment.parameters.sampleSteps[place.step], count: rows),
                    Column("bin_low", latex: "from", [-.infinity] + edges),
                    Column("bin_high", latex: "to", edges + [.infinity]),
                    Column("count", latex: "count", [histogram.underflow] + histogram.counts + [histogram.overflow]),
                    Column("density", latex: "density", [nil] + densities + [nil]),
                    Column("density_exact", latex: "exact", [nil] + exact + [nil]),
                ])
        }.joined(orEmpty: ["beta1", "beta2", "mu", "epsilon", "t", "bin_low", "bin_high", "count", "density", "density_exact"])
    }

    /// The exact density of u at places, rounded to ten digits, as the C library's functions decide on the last ones.
    private func exactUpdateDensity(
        _ updates: SimulatedUpdates, _ place: (step: Int, mean: Int), at places: [Double]
    ) throws(ParameterError) -> [Double?] {
        let parameters = experiment.parameters
        guard parameters.isStandard else { return places.map { _ in nil } }
        let distribution = UpdateDistribution(try UpdateLaw(
            beta1: updates.beta1, beta2: parameters.beta2, mean: parameters.means[place.mean], epsilon: parameters.epsilon,
            step: parameters.sampleSteps[place.step]))
        return places.map { distribution.values(at: $0).density.flatMap { $0.isFinite ? $0.roundedToTenDigits : nil } }
    }

    /// The histograms of u_t at the first mean with the exact density through them; nil where none was collected.
    func updateHistogramFigure(_ updates: SimulatedUpdates, bins: Table, binsFile: String) throws -> GnuplotFigure? {
        let parameters = experiment.parameters
        let steps = parameters.sampleSteps
        guard !steps.isEmpty, experiment.comparedMeans > 0 else { return nil }
        let block = bins.rowCount / experiment.compared.count
        let starts = steps.indices.map { $0 * experiment.comparedMeans * block }
        return HistogramFigure(
            name: "update_histogram",
            caption: "Histograms of the update u_t, beta1 = \(ShortestDigits.text(of: updates.beta1)), \(gradientsCaption())"
                + (parameters.isStandard ? ", and the exact density" : ""),
            steps: steps, bins: bins.selecting(rows: starts.flatMap { $0..<$0 + block }),
            sharedBins: .init(file: binsFile, firstRows: Dictionary(uniqueKeysWithValues: zip(steps, starts))),
            bars: ("density", parameters.isStandard ? "simulated" : sourceTitle), xLabel: "{/:Italic u_t}", yLabel: "density",
            curves: parameters.isStandard ? try updateCurves(updates) : nil, place: "u",
            curveLines: parameters.isStandard
                ? [.init(column: "density_exact", title: "exact", label: "exact", style: .black, width: 1.6)] : []
        ).figure
    }

    private static let updatePoints = 160

    /// The exact density at points across each of the first mean's histograms.
    private func updateCurves(_ updates: SimulatedUpdates) throws -> Table {
        let steps = experiment.parameters.sampleSteps
        return try concurrentMap(Array(steps.indices), threads: threads) { index in
            let range = updates.histograms[stepIndex: index, meanIndex: 0].range
            let width = (range.upperBound - range.lowerBound) / Double(Self.updatePoints)
            let places = (0...Self.updatePoints).map { (range.lowerBound + width * Double($0)).roundedToTenDigits }
            return Table([
                Column("t", latex: "$t$", repeating: steps[index], count: places.count),
                Column("u", latex: "$u$", places),
                Column("density_exact", latex: "exact", try exactUpdateDensity(updates, (index, 0), at: places)),
            ])
        }.joined()
    }
}
