import Concurrency
import Errors
import Theory
import Traces

/// The reading of an array that gives all but its histograms: what is not finite, the moments of each coordinate, and ψ_t across them.
///
/// The coordinates are taken in groups whose whole series fit into 192 MB, in tiles of eight (`SeriesTiles`), so that each number is read once; series too long
/// for tiles one by one.
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

    /// Doubles held at once of series that are too long for tiles: 96 MB. A longer series is taken in chunks of so many, and not tested for normality.
    package static let capacity = 12_000_000
    /// So many values of text or of a deflated member are read once more rather than copied.
    private static let mostReadTwice = 1 << 16
    /// More are counted in a second reading, of which it is known how many bins they have: 12 KB each.
    private static let mostHistograms = 1 << 12
    /// So many coordinates are worked on before their results are put with the others.
    private static let batch = 1 << 12

    /// In the array's order; not all where a gradient is not finite.
    package private(set) var coordinates: [CoordinateStatistics] = []
    package private(set) var nonfinite: NonfiniteScan
    /// The largest finite |g| at the steps of the histograms.
    package private(set) var largest = 0.0
    /// ln|g| at these steps, in bins half a unit wide to the end of the range.
    private var histograms: [LogMagnitudeHistogram]
    private let histogramSteps: [Int]
    /// What was read: the array, or a temporary file where it would have to be read from its beginning again.
    package let source: RecordedArray
    /// ψ_t across coordinates.
    package private(set) var rates: AdaptiveRateTrace
    /// What the gradients are made of; empty of a series longer than what is held.
    package private(set) var ingredients: TraceIngredients
    private let plan: Plan
    package let stepCount: Int
    private let capacity: Int

    /// - Parameters:
    ///   - label: the array's name in errors.
    ///   - histogramSteps: from 1, ascending; those beyond the array are left out.
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
        self.histogramSteps = histogramSteps.filter { $0 <= array.stepCount }
        histograms = histogramSteps.count <= Self.mostHistograms ? StepHistograms.open(steps: self.histogramSteps) : []
        source = array.isSequential && array.stepCount * array.coordinateCount > Self.mostReadTwice ? try array.spooled(threads: plan.threads) : array
        nonfinite = NonfiniteScan(path: path, array: label, remedy: "leaves such values out")
        rates = AdaptiveRateTrace(
            average: plan.average, momentum: plan.momentum, epsilon: plan.epsilon, steps: rateSteps)
        ingredients = TraceIngredients(steps: array.stepCount, coordinates: array.coordinateCount, mostValues: plan.sampleSize)
        coordinates.reserveCapacity(array.coordinateCount)
        if array.stepCount <= capacity, SeriesTiles.suit(source) {
            try readTiles(groupBytes: 2 * capacity * MemoryLayout<Double>.stride, progress: progress)
            ingredients.close()
            return
        }
        let width = max(1, min(capacity / array.stepCount, array.coordinateCount))
        for start in stride(from: 0, to: array.coordinateCount, by: width) {
            try read(start..<min(start + width, array.coordinateCount), progress: progress)
        }
        ingredients.close()
        // Of a series in chunks the root mean square was not known in time.
        if array.stepCount > capacity, !isRefused { try readRates(steps: rateSteps) }
    }

    /// A histogram of ln|g| for each of the steps, as `StepHistograms` has them.
    /// - Parameters:
    ///   - largest: of all arrays that are compared.
    ///   - bins: nil for bins half a unit wide.
    /// - Throws: as ``StepHistograms/of(_:steps:largest:bins:)``.
    package func histograms(largest: Double, bins: Int?) throws -> [LogMagnitudeHistogram] {
        guard bins == nil, histograms.count == histogramSteps.count else {
            return try StepHistograms.of(source, steps: histogramSteps, largest: largest, bins: bins)
        }
        return try histograms.map { (histogram) throws(ParameterError) in try histogram.trimmed(largest: largest) }
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

    private mutating func readTiles(groupBytes: Int, progress: ProgressCounter) throws {
        let width = SeriesTiles.coordinates(of: source, in: groupBytes)
        let tiles = SeriesTiles(source, coordinates: width)
        let check = try ByteCheck(source)
        var hasNonfinite = false
        for start in stride(from: 0, to: source.coordinateCount, by: width) {
            let group = start..<min(start + width, source.coordinateCount)
            try source.fill(tiles, with: group, threads: plan.threads)
            let row = UnsafeMutableBufferPointer<Double>.allocate(capacity: group.count)
            defer { row.deallocate() }
            for (index, step) in histogramSteps.enumerated() {
                for column in 0..<group.count { row[column] = tiles.value(column: column, step: step - 1) }
                count(UnsafeBufferPointer(row), in: index)
            }
            let share = Double(group.upperBound) / Double(source.coordinateCount)
            let part = try evaluate(tiles, checking: check, to: share, progress: progress)
            hasNonfinite = hasNonfinite || part
            if hasNonfinite, !plan.skipsNonfinite { break }
        }
        // Which one is the first, and how many there are.
        guard hasNonfinite else { return }
        try source.forEachBlock(verifying: false) {
            nonfinite.look(at: $0.values, steps: $0.steps, coordinates: $0.coordinates)
        }
    }

    /// Values of the step of that histogram.
    private mutating func count(_ values: UnsafeBufferPointer<Double>, in histogram: Int) {
        if !histograms.isEmpty { histograms[histogram].add(values) }
        for value in values where value.isFinite { largest = max(largest, value.magnitude) }
    }

    /// The statistics of the coordinates in the tiles by several threads, then what needs them in their order. One of the threads goes on with the check.
    /// - Returns: whether a value is not finite; unless such values are skipped, nothing is kept then.
    private mutating func evaluate(
        _ tiles: SeriesTiles, checking check: ByteCheck?, to share: Double, progress: ProgressCounter
    ) throws -> Bool {
        let trace = rates, skips = plan.skipsNonfinite
        var hasNonfinite = false
        for start in stride(from: 0, to: tiles.tileCount, by: Self.batch / SeriesTiles.width) {
            let part = start..<min(start + Self.batch / SeriesTiles.width, tiles.tileCount)
            // The whole way in the first batch, so that the others need not wait for it.
            let tasks = (start == 0 && check != nil ? [0..<0] : []) + slices(of: part, count: 8 * plan.threads)
            let results = try concurrentMap(tasks, threads: plan.threads) { tasks in
                if tasks.isEmpty { try check?.advance(to: share) }
                let result = TileResults(tiles, tasks, rates: trace, skipsNonfinite: skips)
                progress.add(result.coordinates.count * tiles.stepCount)
                return result
            }
            hasNonfinite = hasNonfinite || results.contains(where: \.hasNonfinite)
            if hasNonfinite, !skips { return true }
            let columns = part.lowerBound * SeriesTiles.width..<min(part.upperBound * SeriesTiles.width, tiles.coordinates.count)
            let scales = results.flatMap(\.coordinates).map { $0.scale(steps: tiles.stepCount) }
            try ingredients.add(tiles, columns: columns, scales: scales, threads: plan.threads)
            for result in results {
                coordinates += result.coordinates
                result.addRates(to: &rates)
            }
        }
        return hasNonfinite
    }

    private mutating func read(_ group: Range<Int>, progress: ProgressCounter) throws {
        let steps = source.stepCount
        var series = SeriesColumns(coordinates: group, steps: steps, capacity: capacity)
        // One look at a checksum is enough.
        try source.forEachBlock(coordinates: group, verifying: group.lowerBound == 0) { block in
            defer { progress.add(block.values.count) }
            nonfinite.look(at: block.values, steps: block.steps, coordinates: block.coordinates)
            if isRefused { return }
            for (index, step) in histogramSteps.enumerated() where block.steps.contains(step - 1) {
                count(block.row(of: step - 1).values, in: index)
            }
            series.add(block)
        }
        if !isRefused { try evaluate(series, steps: steps) }
    }

    /// The statistics of series too long for tiles, by several threads, then their ψ_t, one coordinate after the other.
    private mutating func evaluate(_ series: SeriesColumns, steps: Int) throws {
        let places = steps > capacity ? 0 : rates.numbersPerCoordinate
        let trace = rates
        let results = concurrentMap(Array(0..<series.count), threads: plan.threads) { column in
            let statistics = series.statistics(of: column, steps: steps)
            var rates: [Double] = []
            if places > 0, let scale = statistics.scale(steps: steps) {
                rates = [Double](unsafeUninitializedCapacity: places) { values, count in
                    series.withSeries(of: column) { trace.rates(of: $0, scale: scale, into: values.baseAddress!) }
                    count = places
                }
            }
            return (statistics: statistics, rates: rates)
        }
        if steps <= capacity {
            try ingredients.add(
                series, columns: 0..<series.count, scales: results.map { $0.statistics.scale(steps: steps) }, threads: plan.threads)
        }
        for result in results {
            coordinates.append(result.statistics)
            if !result.rates.isEmpty { result.rates.withUnsafeBufferPointer { rates.add(rates: $0.baseAddress!) } }
        }
    }

    /// ψ_t in a reading of its own.
    private mutating func readRates(steps: [Int]) throws {
        var trace = AdaptiveRateTrace(
            average: plan.average, momentum: plan.momentum, epsilon: plan.epsilon,
            scales: coordinates.map { $0.scale(steps: stepCount) }, steps: steps)
        try source.forEachBlock(verifying: false) { trace.add(steps: $0.steps, coordinates: $0.coordinates, values: $0.values) }
        rates = trace
    }
}
