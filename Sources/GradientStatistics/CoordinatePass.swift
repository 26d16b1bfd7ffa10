import Concurrency
import Theory
import Traces

/// The reading of an array that gives all but its histograms: what is not finite, the moments of each coordinate, and ψ_t across them.
///
/// The coordinates are taken in groups whose whole series fit into 100 MB, so that each is read once; in text and in deflated members,
/// which can be read from the beginning alone, into 500 MB.
package struct CoordinatePass: Sendable {
    /// What is computed, of every array alike.
    package struct Plan: Sendable {
        let average: ExponentialAverage
        let momentum: ExponentialAverage
        let epsilon: Double
        let skipsNonfinite: Bool
        let threads: Int
        let sampleSize: Int

        /// - Parameters:
        ///   - epsilon: in units of each coordinate's root mean square.
        ///   - skipsNonfinite: whether NaN and infinite gradients are left out; otherwise nothing is computed after the first.
        ///   - sampleSize: how many values of an array are kept.
        package init(
            average: ExponentialAverage, momentum: ExponentialAverage, epsilon: Double, skipsNonfinite: Bool, threads: Int,
            sampleSize: Int = 1 << 18
        ) {
            self.average = average
            self.momentum = momentum
            self.epsilon = epsilon
            self.skipsNonfinite = skipsNonfinite
            self.threads = threads
            self.sampleSize = sampleSize
        }
    }

    /// Bytes that are held for each coordinate until the tables are written: its statistics, what sorting them takes, and its rows. 344 were
    /// measured for two steps of four million coordinates.
    package static let bytesPerCoordinate = 384

    /// Doubles held at once: 96 MB. A longer series is taken in chunks of so many, and not tested for normality.
    package static let capacity = 12_000_000
    /// How much more where each group would be a reading of the file from its beginning: 480 MB.
    private static let sequentialFactor = 5
    /// So many coordinates are worked on before their results are put with the others.
    private static let batch = 1 << 14

    /// In the array's order; not all where a gradient is not finite.
    package private(set) var coordinates: [CoordinateStatistics] = []
    package private(set) var nonfinite: NonfiniteScan
    /// The largest finite |g| at the steps of the histograms.
    package private(set) var largest = 0.0
    /// ψ_t across coordinates.
    package private(set) var rates: AdaptiveRateTrace
    /// What the gradients are made of; empty of a series longer than what is held.
    package private(set) var ingredients: TraceIngredients
    private let plan: Plan
    package let stepCount: Int
    private let capacity: Int

    /// - Parameters:
    ///   - label: the array's name in errors.
    ///   - histogramSteps: those that the array has, from 1.
    ///   - rateSteps: of ψ_t, from 1, ascending.
    ///   - capacity: how many values are held at once; only that of a series longer than it has an effect on results.
    /// - Throws: `TraceError` when the file cannot be read.
    package init(
        _ array: RecordedArray, label: String, path: String, histogramSteps: [Int], rateSteps: [Int], plan: Plan, progress: ProgressCounter,
        capacity: Int = Self.capacity
    ) throws {
        self.plan = plan
        self.capacity = capacity
        stepCount = array.stepCount
        nonfinite = NonfiniteScan(path: path, array: label, remedy: "leaves such values out")
        rates = AdaptiveRateTrace(
            average: plan.average, momentum: plan.momentum, epsilon: plan.epsilon, steps: rateSteps)
        ingredients = TraceIngredients(steps: array.stepCount, coordinates: array.coordinateCount, mostValues: plan.sampleSize)
        coordinates.reserveCapacity(array.coordinateCount)
        let chosen = Set(histogramSteps)
        let width = max(1, min(capacity * (array.isSequential ? Self.sequentialFactor : 1) / array.stepCount, array.coordinateCount))
        for start in stride(from: 0, to: array.coordinateCount, by: width) {
            let group = start..<min(start + width, array.coordinateCount)
            try read(group, of: array, chosen: chosen, progress: progress)
        }
        // Of a series in chunks the root mean square was not known in time.
        if array.stepCount > capacity, !isRefused { try readRates(array, steps: rateSteps) }
    }

    /// The mean over the deviation of each coordinate that is in ψ_t.
    package var scaledMeans: [Double] {
        coordinates.compactMap { $0.scale(steps: stepCount) == nil ? nil : $0.meanOverDeviation }
    }

    /// The mean autocorrelation at lag 1 of the same coordinates; nil without one.
    package var meanAutocorrelation: Double? {
        let values = coordinates.compactMap { $0.scale(steps: stepCount) == nil ? nil : $0.lag1Autocorrelation }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// Whether nothing remains to be done but to count what is not finite.
    private var isRefused: Bool { nonfinite.first != nil && !plan.skipsNonfinite }

    private mutating func read(
        _ group: Range<Int>, of array: RecordedArray, chosen: Set<Int>, progress: ProgressCounter
    ) throws {
        var series = SeriesColumns(coordinates: group, steps: array.stepCount, capacity: capacity)
        // One look at a checksum is enough.
        try array.forEachBlock(coordinates: group, verifying: group.lowerBound == 0) { block in
            defer { progress.add(block.values.count) }
            nonfinite.look(at: block.values, steps: block.steps, coordinates: block.coordinates)
            if isRefused { return }
            for step in block.steps where chosen.contains(step + 1) {
                for value in block.row(of: step).values where value.isFinite { largest = max(largest, value.magnitude) }
            }
            series.add(block)
        }
        if !isRefused { try evaluate(series, steps: array.stepCount) }
    }

    /// The statistics of a group, by several threads, then its ψ_t, one coordinate after the other.
    private mutating func evaluate(_ series: SeriesColumns, steps: Int) throws {
        let places = steps > capacity ? 0 : rates.numbersPerCoordinate
        let trace = rates
        for start in stride(from: 0, to: series.count, by: Self.batch) {
            let columns = start..<min(start + Self.batch, series.count)
            let results = try concurrentMap(slices(of: columns, count: 8 * plan.threads), threads: plan.threads) { slice in
                let statistics = slice.map { series.statistics(of: $0, steps: steps) }
                let rates = [Double](unsafeUninitializedCapacity: slice.count * places) { values, count in
                    for (column, statistics) in zip(slice, statistics) where places > 0 {
                        guard let scale = statistics.scale(steps: steps) else { continue }
                        series.withSeries(of: column) { trace.rates(of: $0, scale: scale, into: values.baseAddress! + count) }
                        count += places
                    }
                }
                return (statistics: statistics, rates: rates)
            }
            if steps <= capacity {
                try ingredients.add(
                    series, columns: columns, scales: results.flatMap(\.statistics).map { $0.scale(steps: steps) }, threads: plan.threads)
            }
            for result in results {
                coordinates += result.statistics
                result.rates.withUnsafeBufferPointer { values in
                    for first in stride(from: 0, to: values.count, by: max(1, places)) { rates.add(rates: values.baseAddress! + first) }
                }
            }
        }
    }

    /// ψ_t in a reading of its own.
    private mutating func readRates(_ array: RecordedArray, steps: [Int]) throws {
        var trace = AdaptiveRateTrace(
            average: plan.average, momentum: plan.momentum, epsilon: plan.epsilon,
            scales: coordinates.map { $0.scale(steps: array.stepCount) }, steps: steps)
        try array.forEachBlock(verifying: false) { trace.add(steps: $0.steps, coordinates: $0.coordinates, values: $0.values) }
        rates = trace
    }
}
