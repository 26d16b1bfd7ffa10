import GradientStatistics
import Report

extension GradientsOutcome {
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
            add("dead", "count", Double(coordinates.count(where: \.moments.isDead)))
            add("nonfinite", "count", Double(result.scan.nonfinite))
            let zeros = coordinates.map(\.moments.zeros).reduce(0, +), values = coordinates.map(\.moments.count).reduce(0, +)
            add("zeros", "share", values > 0 ? Double(zeros) / Double(values) : nil)
            for (name, value) in Self.statistics {
                let quantiles = Quantile.of(coordinates.compactMap(value), at: Self.probabilities)
                for (index, probability) in Self.probabilities.enumerated() {
                    let percent = Int((100 * probability).rounded())
                    add(name, "quantile_\(percent)", index < quantiles.count ? quantiles[index] : nil)
                }
            }
            let means = coordinates.map { ZeroMeanTest.pValue($0.moments) }
            let shapes = coordinates.map { $0.normality?.pValue }
            let zeroMean = kept(means), gaussian = kept(shapes)
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

    /// Whether each p-value is not rejected; nil where there is none.
    private func kept(_ pValues: [Double?]) -> [Bool?] {
        var rejected = Holm.rejected(pValues.compactMap { $0 }, level: experiment.level)[...]
        return pValues.map { $0 == nil ? nil : !rejected.removeFirst() }
    }

    private static let probabilities = [0.05, 0.25, 0.5, 0.75, 0.95]
}
