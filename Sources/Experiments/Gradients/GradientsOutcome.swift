import Distributions
import Files
import GradientStatistics
import Report
import Theory
import Traces

/// All that was computed of the traces, as tables and figures.
public struct GradientsOutcome: Outcome {
    let experiment: GradientsExperiment
    /// The chosen steps.
    let steps: [Int]
    let arrays: [ArrayResult]
    /// The files that were read, with the digests of the bytes that were read.
    public let inputs: [InputFile]

    public func write(to folder: OutputFolder, provenance: Provenance) throws -> [GnuplotFigure] {
        try folder.write(coordinateTable(), as: "coordinates.csv")
        try folder.write(summaryTable(), as: "summary.csv")
        try folder.write(record(provenance).bytes(), as: "run.json")
        let figures = try figures()
        for figure in figures { try figure.write(to: folder) }
        return figures
    }

    /// `run.json`, or a part of a larger record.
    func record(_ provenance: Provenance) -> RunRecord<Parameters> {
        RunRecord(
            provenance,
            parameters: Parameters(
                steps: steps, bins: arrays.first?.histograms.first?.counts.count, beta1: experiment.beta1, beta2: experiment.beta2,
                epsilon: experiment.epsilon, level: experiment.level, correction: "Holm", skipNonfinite: experiment.skipsNonfinite),
            inputs: inputs, libraries: ["gsl": GSL.version])
    }

    struct Parameters: Encodable, Sendable {
        let steps: [Int]
        let bins: Int?
        let beta1: Double
        let beta2: Double
        let epsilon: Double
        let level: Double
        let correction: String
        let skipNonfinite: Bool
    }

    /// The command that gives the same again.
    public var command: String {
        let text = ShortestDigits.text(of:)
        let command = [
            "varlab gradients \(experiment.inputs.map(\.name.quotedForShell).joined(separator: " "))",
            "--steps \(steps.map(String.init).joined(separator: ","))",
            experiment.bins.map { "--bins \($0)" },
            "--beta1 \(text(experiment.beta1)) --beta2 \(text(experiment.beta2)) --epsilon \(text(experiment.epsilon)) --level \(text(experiment.level))",
            experiment.skipsNonfinite ? "--skip-nonfinite" : nil,
        ]
        return command.compactMap { $0 }.joined(separator: " ")
    }

    /// What came out, a line for each array, for the end of a run.
    public var summaryLines: [String] {
        arrays.map { result in
            let count = result.coordinates.count
            let dead = result.coordinates.count(where: \.isDead)
            let tests = hypotheses(result)
            func share(_ kept: [Bool?]) -> String {
                let tested = kept.compactMap { $0 }
                return tested.isEmpty ? "for none" : "for \(tested.count { $0 }) of \(tested.count)"
            }
            return "\(result.source.label): \(result.source.array.stepCount) steps of \(count) coordinates"
                + (dead > 0 ? ", \(dead) of them constant" : "")
                + (result.nonfinite > 0 ? ", \(result.nonfinite) values not finite" : "")
                + "; a zero mean is not rejected \(share(tests.zeroMean)), normality \(share(tests.gaussian))"
        }
    }

    // MARK: Tables

    /// `gradient_histogram.csv`, the figure's data: counts of ln|g| per array and step, and their share of the step's gradients.
    ///
    /// The bin below e^-20 has `-inf` below, exact zeros a row without a bin. Of an array that shares its file with others there are
    /// further rows without a step: the sums over the chosen steps, which the figure shows.
    public func histogramTable() -> Table {
        var labels: [String] = []
        var steps: [Int?] = []
        var histograms: [LogMagnitudeHistogram] = []
        for result in arrays {
            for (step, histogram) in ridges(result) {
                labels += Array(repeating: result.source.label, count: histogram.counts.count + 2)
                steps += Array(repeating: step, count: histogram.counts.count + 2)
                histograms.append(histogram)
            }
        }
        return Table([Column("array", labels), Column("step", steps)] + RidgelineFigure.columns(histograms))
    }

    /// The histograms of an array in the table's order.
    func ridges(_ result: ArrayResult) -> [(step: Int?, histogram: LogMagnitudeHistogram)] {
        var rows: [(step: Int?, histogram: LogMagnitudeHistogram)] = zip(result.steps, result.histograms).map { ($0, $1) }
        guard isOneOfSeveral(result), var sum = result.histograms.first else { return rows }
        for histogram in result.histograms.dropFirst() { sum.merge(histogram) }
        rows.append((nil, sum))
        return rows
    }

    /// Whether the array shares its file with others.
    func isOneOfSeveral(_ result: ArrayResult) -> Bool { arrays.count { $0.source.file == result.source.file } > 1 }

    /// `coordinates.csv`: moments and the Anderson-Darling test of each coordinate, counted from 0 in C order.
    public func coordinateTable() -> Table {
        let rows = arrays.flatMap(\.coordinates)
        func column(_ name: String, _ value: (CoordinateStatistics) -> Double?) -> Column { Column(name, rows.map(value)) }
        return Table([
            Column("array", arrays.flatMap { Array(repeating: $0.source.label, count: $0.coordinates.count) }),
            Column("coordinate", arrays.flatMap { Array($0.coordinates.indices) }),
            Column("n", rows.map(\.count)),
            Column("zeros", rows.map(\.zeros)),
        ] + Self.statistics.map { name, value in column(name, value) })
    }

    /// The columns of real numbers of `coordinates.csv`.
    static let statistics: [(String, @Sendable (CoordinateStatistics) -> Double?)] = [
        ("mean", \.mean),
        ("standard_deviation", \.standardDeviation),
        ("mean_over_sd", \.meanOverDeviation),
        ("skewness", \.skewness),
        ("excess_kurtosis", \.excessKurtosis),
        ("lag1_autocorrelation", \.lag1Autocorrelation),
        ("anderson_darling", \.andersonDarling),
        ("p_value", \.normalityPValue),
    ]

    /// `gradient_psi.csv`, the figure's data: ψ_t across coordinates, each divided by its root mean square, next to the
    /// exact law of that and the paper's ρ_t.
    ///
    /// `rho_observed` is the ρ at which Eq. 2 gives the observed variance over the factor by which the division lowers it.
    func psiTable() throws -> Table {
        try arrays.map { result in
            let average = try ExponentialAverage(beta2: experiment.beta2)
            let (sections, reference, leftOut) = (result.sections, result.reference, result.leftOut)
            // Where no coordinate has a deviation nothing is estimated.
            let isEstimated = leftOut < result.coordinates.count
            func exact(_ name: String, _ value: (ExactReference.Moments) -> Double) -> Column {
                Column(name, sections.indices.map { $0 < reference.count ? value(reference[$0]) : nil })
            }
            func estimated(_ name: String, _ value: (ExactReference.Moments) -> Double) -> Column {
                isEstimated ? exact(name, value) : Column(name, [Double?](repeating: nil, count: sections.count))
            }
            return Table([
                Column("array", repeating: result.source.label, count: sections.count),
                Column("t", sections.map(\.step)),
                Column("coordinates", sections.map(\.count)),
                Column("infinite", sections.map(\.infinite)),
                Column("left_out", repeating: leftOut, count: sections.count),
                Column("mean_psi", sections.map(\.mean)),
                Column("var_psi", sections.map(\.variance)),
                exact("mean_exact_zero_mu", \.meanAtZero),
                exact("var_exact_zero_mu", \.varianceAtZero),
                estimated("mean_exact_estimated_mu", \.mean),
                estimated("var_exact_estimated_mu", \.variance),
                estimated("var_exact_mixture", \.mixtureVariance),
                Column("rho_t", sections.map { average.rho(at: $0.step) }),
                Column("nu_t", sections.map { average.satterthwaite(at: $0.step) }),
                Column("rho_observed", try zip(sections, reference).map { section, exact in
                    try section.variance.flatMap { variance in
                        let whole = variance / exact.normalization
                        return whole.isFinite ? try AdaptiveRateVariance.rho(matching: whole) : nil
                    }
                } + sections.dropFirst(reference.count).map { _ in nil }),
            ])
        }.joined()
    }

    /// `gradient_ladder.csv`, the figure's data.
    func ladderTable() -> Table { arrays.map { $0.ladder.table(array: $0.source.label) }.joined() }

    /// `summary.csv`: counts, quantiles over coordinates, and the shares for which a hypothesis is not rejected.
    ///
    /// The hypotheses are a zero mean (t-test) and normality (Anderson-Darling), each corrected by Holm's method over the
    /// coordinates. Both hold where neither is rejected, so that the probability of a false rejection among all tests of both is at
    /// most twice the level.
    public func summaryTable() -> Table {
        var rows: [(array: String, quantity: String, statistic: String, value: Double?)] = []
        for result in arrays {
            func add(_ quantity: String, _ statistic: String, _ value: Double?) {
                rows.append((result.source.label, quantity, statistic, value))
            }
            let coordinates = result.coordinates
            add("steps", "count", Double(result.source.array.stepCount))
            add("coordinates", "count", Double(coordinates.count))
            add("dead", "count", Double(coordinates.count(where: \.isDead)))
            add("nonfinite", "count", Double(result.nonfinite))
            let zeros = coordinates.reduce(0) { $0 + $1.zeros }, values = coordinates.reduce(0) { $0 + $1.count }
            add("zeros", "share", values > 0 ? Double(zeros) / Double(values) : nil)
            for (name, value) in Self.statistics {
                let quantiles = Quantile.of(coordinates.compactMap(value), at: Self.probabilities)
                for (index, probability) in Self.probabilities.enumerated() {
                    let percent = Int((100 * probability).rounded())
                    add(name, "quantile_\(percent)", index < quantiles.count ? quantiles[index] : nil)
                }
            }
            let (zeroMean, gaussian) = hypotheses(result)
            let both = zip(zeroMean, gaussian).map { mean, shape in mean.flatMap { mean in shape.map { mean && $0 } } }
            for (name, kept) in [("zero_mean", zeroMean), ("gaussian", gaussian), ("zero_mean_and_gaussian", both)] {
                let tested = kept.compactMap { $0 }
                add(name, "coordinates_tested", Double(tested.count))
                add(name, "share_not_rejected", tested.isEmpty ? nil : Double(tested.count { $0 }) / Double(tested.count))
            }
        }
        return Table([
            Column("array", rows.map(\.array)), Column("quantity", rows.map(\.quantity)),
            Column("statistic", rows.map(\.statistic)), Column("value", rows.map(\.value)),
        ])
    }

    /// For each coordinate whether its hypotheses are not rejected; nil where there is no test.
    private func hypotheses(_ result: ArrayResult) -> (zeroMean: [Bool?], gaussian: [Bool?]) {
        (kept(result.coordinates.map(\.zeroMeanPValue)), kept(result.coordinates.map(\.normalityPValue)))
    }

    /// Whether each p-value is not rejected; nil where there is none.
    private func kept(_ pValues: [Double?]) -> [Bool?] {
        var rejected = Holm.rejected(pValues.compactMap { $0 }, level: experiment.level)[...]
        return pValues.map { $0 == nil ? nil : !rejected.removeFirst() }
    }

    private static let probabilities = [0.05, 0.25, 0.5, 0.75, 0.95]
}
