import Concurrency

/// What a trace's gradients are made of, each coordinate divided by its root mean square: how large they are at each step, and a sample of their
/// values.
package struct TraceIngredients: Sendable {
    /// The values themselves where there are no more than asked for, else every n-th of them, coordinate after coordinate.
    package private(set) var values: [Double] = []
    private let spacing: Int
    private var sums: [Double]
    private var coordinateCount = 0

    /// - Parameters:
    ///   - coordinates: as many as will be added at most.
    ///   - mostValues: that are kept. A trace of more than eight times as many steps has no mean squares.
    init(steps: Int, coordinates: Int, mostValues: Int) {
        sums = Array(repeating: 0, count: steps <= 8 * mostValues ? steps : 0)
        // Odd, so that a period of a power of two is not met at one phase alone. No array has more values than Int has.
        let needed = (steps * coordinates + mostValues - 1) / mostValues
        spacing = needed <= 1 ? 1 : needed | 1
    }

    /// The mean over coordinates of the square at each step, whose mean over the steps is 1; nil without coordinates and for long traces.
    package var meanSquares: [Double]? {
        coordinateCount > 0 && !sums.isEmpty ? sums.map { $0 / Double(coordinateCount) } : nil
    }

    /// Adds whole series in their order. The sums are over coordinates at each step, so that threads share the steps.
    mutating func add(_ series: SeriesColumns, columns: Range<Int>, scales: [Double?], threads: Int) throws {
        let included = zip(columns, scales).compactMap { column, scale in scale.map { (column: column, scale: $0) } }
        for entry in included {
            series.withSeries(of: entry.column) { values in
                // The number of the series' first value, modulo the spacing.
                let first = (coordinateCount % spacing) * (values.count % spacing) % spacing
                for index in stride(from: (spacing - first) % spacing, to: values.count, by: spacing) {
                    self.values.append(values[index] / entry.scale)
                }
            }
            coordinateCount += 1
        }
        if sums.isEmpty { return }
        let parts = try concurrentMap(slices(of: sums.indices, count: 4 * threads), threads: threads) { [sums] steps in
            var part = Array(sums[steps])
            for entry in included {
                series.withSeries(of: entry.column) { values in
                    for (index, step) in steps.enumerated() {
                        let value = values[step] / entry.scale
                        part[index] += value * value
                    }
                }
            }
            return part
        }
        sums = parts.flatMap { $0 }
    }
}
