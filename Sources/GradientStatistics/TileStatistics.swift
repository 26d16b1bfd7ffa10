import CKernels
import Traces

/// The statistics of the coordinates of one tile, by kernels for eight at a time. What they cannot do, gaps and numbers whose fourth powers leave the
/// range of doubles, is done coordinate by coordinate.
struct TileStatistics {
    let coordinates: [CoordinateStatistics]
    /// Whether a value is NaN or infinite.
    let hasNonfinite: Bool

    private static let variant = varlab_best_variant()

    /// - Parameter sorted: room for a tile.
    init(_ tiles: SeriesTiles, tile: Int, sorted: UnsafeMutableRawPointer) {
        let columns = 0..<tiles.count(inTile: tile)
        let kernels = TileKernels(tiles, variant: Self.variant)
        let values = tiles.tile(tile)
        let extremes = kernels.extremes(values)
        var centres = [Double](repeating: 0, count: SeriesTiles.width)
        let first = columns.map { tiles.value(column: tile * SeriesTiles.width + $0, step: 0) }
        for column in columns { centres[column] = first[column] + extremes[column].sum / Double(tiles.stepCount) }
        let powers = kernels.powers(values, centres: centres)
        let series = UnsafeMutableBufferPointer<Double>.allocate(capacity: 2 * tiles.stepCount)
        defer { series.deallocate() }
        var moments: [SeriesMoments] = []
        var hasNonfinite = false
        for column in columns {
            hasNonfinite = hasNonfinite || !extremes[column].isFinite
            let number = tile * SeriesTiles.width + column
            if extremes[column].isFinite, SeriesMoments.isInRange(extremes[column].minimum, extremes[column].maximum) {
                moments.append(
                    SeriesMoments(
                        count: tiles.stepCount, extremes: extremes[column], centre: centres[column], powers: powers[column], first: first[column],
                        last: tiles.value(column: number, step: tiles.stepCount - 1)))
            } else {
                tiles.copyColumn(number, to: series.baseAddress!)
                moments.append(SeriesMoments(UnsafeBufferPointer(rebasing: series[..<tiles.stepCount])))
            }
        }
        self.hasNonfinite = hasNonfinite
        let tested = columns.map { extremes[$0].isFinite ? AndersonDarling.parameters(moments[$0]) : nil }
        let sums = tested.contains { $0 != nil } ? kernels.andersonDarling(values, tested, sorted: sorted) : []
        coordinates = columns.map { column in
            let normality: AndersonDarling?
            if extremes[column].isFinite {
                normality = tested[column].flatMap { _ in AndersonDarling(sum: sums[column], count: tiles.stepCount) }
            } else {
                tiles.copyColumn(tile * SeriesTiles.width + column, to: series.baseAddress!)
                normality = AndersonDarling(moments[column], of: UnsafeBufferPointer(rebasing: series[..<tiles.stepCount]))
            }
            return CoordinateStatistics(moments[column], normality: normality)
        }
    }
}

/// The kernels for the precision of some tiles.
struct TileKernels {
    private let isSingle: Bool
    private let steps: Int
    private let variant: varlab_variant

    /// Of one column.
    struct Extremes {
        let minimum, maximum: Double
        let zeros: Int
        /// Σ (x_t - x_1).
        let sum: Double
        let isFinite: Bool
    }

    /// Of one column, about a centre.
    struct Powers {
        let second, third, fourth, pairProduct, pairSum: Double
    }

    init(_ tiles: SeriesTiles, variant: varlab_variant) {
        isSingle = tiles.isSingle
        steps = tiles.stepCount
        self.variant = variant
    }

    func extremes(_ tile: UnsafeRawPointer) -> [Extremes] {
        var result = varlab_series_extremes()
        if isSingle {
            varlab_series_extremes_of_float(tile.assumingMemoryBound(to: Float.self), steps, &result, variant)
        } else {
            varlab_series_extremes_of_double(tile.assumingMemoryBound(to: Double.self), steps, &result, variant)
        }
        return withUnsafeBytes(of: result) { bytes in
            let numbers = bytes.assumingMemoryBound(to: Double.self)
            return (0..<SeriesTiles.width).map { column in
                func number(_ row: Int) -> Double { numbers[row * SeriesTiles.width + column] }
                let isFinite = number(4) == 0
                return Extremes(
                    minimum: number(0), maximum: number(1), zeros: isFinite ? Int(number(2)) : 0, sum: number(3), isFinite: isFinite)
            }
        }
    }

    func powers(_ tile: UnsafeRawPointer, centres: [Double]) -> [Powers] {
        var result = varlab_series_powers()
        if isSingle {
            varlab_series_powers_of_float(tile.assumingMemoryBound(to: Float.self), steps, centres, &result, variant)
        } else {
            varlab_series_powers_of_double(tile.assumingMemoryBound(to: Double.self), steps, centres, &result, variant)
        }
        return withUnsafeBytes(of: result) { bytes in
            let numbers = bytes.assumingMemoryBound(to: Double.self)
            return (0..<SeriesTiles.width).map { column in
                func number(_ row: Int) -> Double { numbers[row * SeriesTiles.width + column] }
                return Powers(second: number(0), third: number(1), fourth: number(2), pairProduct: number(3), pairSum: number(4))
            }
        }
    }

    /// For each column with a mean and a deviation the sum that A² comes from, in two parts.
    func andersonDarling(
        _ tile: UnsafeRawPointer, _ parameters: [(mean: Double, deviation: Double)?], sorted: UnsafeMutableRawPointer
    ) -> [(Double, Double)] {
        var means = [Double](repeating: 0, count: SeriesTiles.width), deviations = means
        for (column, parameters) in parameters.enumerated() {
            means[column] = parameters?.mean ?? 0
            deviations[column] = parameters?.deviation ?? 0
        }
        var sums = [Double](repeating: 0, count: 2 * SeriesTiles.width)
        if isSingle {
            let sorted = sorted.assumingMemoryBound(to: Float.self)
            varlab_sort_tile_float(tile.assumingMemoryBound(to: Float.self), steps, sorted, variant)
            varlab_anderson_darling_tile_float(sorted, steps, means, deviations, &sums, variant)
        } else {
            let sorted = sorted.assumingMemoryBound(to: Double.self)
            varlab_sort_tile_double(tile.assumingMemoryBound(to: Double.self), steps, sorted, variant)
            varlab_anderson_darling_tile_double(sorted, steps, means, deviations, &sums, variant)
        }
        return (0..<SeriesTiles.width).map { (sums[2 * $0], sums[2 * $0 + 1]) }
    }

    /// ψ_t and m̂_t: two numbers for each chosen step and column.
    func rates(_ tile: UnsafeRawPointer, scales: [Double], _ rates: varlab_series_rates, into results: UnsafeMutablePointer<Double>) {
        withUnsafePointer(to: rates) { rates in
            if isSingle {
                varlab_series_rates_of_float(tile.assumingMemoryBound(to: Float.self), scales, rates, results, variant)
            } else {
                varlab_series_rates_of_double(tile.assumingMemoryBound(to: Double.self), scales, rates, results, variant)
            }
        }
    }

    /// Adds (x/scale)² of the columns whose scale is not 0 to the sums of some steps, of which `tile` has the first.
    func addSquares(_ tile: UnsafeRawPointer, count: Int, scales: [Double], to sums: UnsafeMutablePointer<Double>) {
        if isSingle {
            varlab_series_squares_of_float(tile.assumingMemoryBound(to: Float.self), count, scales, sums, variant)
        } else {
            varlab_series_squares_of_double(tile.assumingMemoryBound(to: Double.self), count, scales, sums, variant)
        }
    }
}
