import CKernels
import Traces

/// What comes of some tiles: the statistics of their coordinates, and ψ_t and m̂_t of those that have a scale.
struct TileResults: Sendable {
    private(set) var coordinates: [CoordinateStatistics] = []
    private(set) var hasNonfinite = false
    /// Of each tile with a scale the numbers as the kernel has them, those of eight coordinates side by side, and which of these have one.
    private var rates: [Double] = []
    private var isScaled: [SIMD8<Int8>] = []
    private let numbersPerCoordinate: Int

    /// - Parameter skipsNonfinite: whether to go on after a value that is not finite.
    init(_ tiles: SeriesTiles, _ range: Range<Int>, rates trace: AdaptiveRateTrace, skipsNonfinite: Bool) {
        numbersPerCoordinate = trace.numbersPerCoordinate
        if range.isEmpty { return }
        let sorted = UnsafeMutableRawPointer.allocate(byteCount: tiles.tileBytes, alignment: 64)
        let results = UnsafeMutablePointer<Double>.allocate(capacity: SeriesTiles.width * max(1, numbersPerCoordinate))
        defer {
            sorted.deallocate()
            results.deallocate()
        }
        coordinates.reserveCapacity(range.count * SeriesTiles.width)
        rates.reserveCapacity(range.count * SeriesTiles.width * numbersPerCoordinate)
        isScaled.reserveCapacity(range.count)
        let kernels = TileKernels(tiles, variant: varlab_best_variant())
        trace.withKernelRates { kernelRates in
            for tile in range {
                let statistics = TileStatistics(tiles, tile: tile, sorted: sorted)
                hasNonfinite = hasNonfinite || statistics.hasNonfinite
                if hasNonfinite, !skipsNonfinite { return }
                coordinates += statistics.coordinates
                let scales = statistics.coordinates.map { $0.scale(steps: tiles.stepCount) }
                guard scales.contains(where: { $0 != nil }) else { continue }
                let divisors = (0..<SeriesTiles.width).map { $0 < scales.count ? scales[$0] ?? 1 : 1 }
                kernels.rates(tiles.tile(tile), scales: divisors, kernelRates, into: results)
                rates.append(contentsOf: UnsafeBufferPointer(start: results, count: SeriesTiles.width * numbersPerCoordinate))
                var columns = SIMD8<Int8>.zero
                for (column, scale) in scales.enumerated() where scale != nil { columns[column] = 1 }
                isScaled.append(columns)
            }
        }
    }

    /// In the coordinates' order.
    func addRates(to trace: inout AdaptiveRateTrace) {
        rates.withUnsafeBufferPointer { values in
            for (tile, columns) in isScaled.enumerated() {
                for column in 0..<SeriesTiles.width where columns[column] != 0 {
                    trace.add(
                        rates: values.baseAddress! + tile * SeriesTiles.width * numbersPerCoordinate + column, stride: SeriesTiles.width)
                }
            }
        }
    }
}
