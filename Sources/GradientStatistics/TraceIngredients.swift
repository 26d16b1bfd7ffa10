import CKernels
import Concurrency
import Theory
import Traces

/// What a trace's gradients are made of, each coordinate divided by its root mean square: how large they are at each step, a sample of their
/// values, and how large they are in the stretches of single coordinates.
package struct TraceIngredients: Sendable {
    /// One coordinate of those that are looked at by themselves.
    package struct Member: Sendable, Equatable {
        /// Over each stretch of ``StretchScales``.
        package let meanSquares: [Double]
        /// The first step, from 1, whose gradient is not 0.
        package let firstNonzero: Int
    }

    /// So many coordinates have stretches of their own, if there are more evenly among them; fewer of traces of more than 2^19/256 steps, down to
    /// ``fewestMembers``.
    package static let mostMembers = 256, fewestMembers = 8
    private static let memberSteps = 1 << 19

    package private(set) var members: [Member] = []
    private let memberSpacing: Int
    private let stretches: [Range<Int>]
    /// The values themselves where there are no more than asked for, else every n-th of them, coordinate after coordinate.
    package private(set) var values: [Double] = []
    private let spacing: Int
    private var sums: [Double]
    private var coordinateCount = 0

    /// - Parameters:
    ///   - coordinates: as many as will be added at most.
    ///   - mostValues: that are kept. A trace of more than eight times as many steps has no mean squares, and no stretches.
    init(steps: Int, coordinates: Int, mostValues: Int) {
        sums = Array(repeating: 0, count: steps <= 8 * mostValues ? steps : 0)
        // Odd, so that a period of a power of two is not met at one phase alone. No array has more values than Int has.
        let needed = (steps * coordinates + mostValues - 1) / mostValues
        spacing = needed <= 1 ? 1 : needed | 1
        let mostMembers = max(Self.fewestMembers, min(Self.mostMembers, Self.memberSteps / max(1, steps)))
        let neededMembers = (coordinates + mostMembers - 1) / mostMembers
        memberSpacing = neededMembers <= 1 ? 1 : neededMembers | 1
        stretches = sums.isEmpty ? [] : StretchScales.bounds(steps: steps)
    }

    /// Of how many coordinates these are.
    package var count: Int { coordinateCount }

    /// The values as a law, which is made once ``close()`` was called; nil without values.
    package private(set) var marginal: GradientProcess?

    /// When all is added.
    mutating func close() { marginal = values.isEmpty ? nil : try? GradientProcess(.recorded, recorded: values) }

    /// The mean over coordinates of the square at each step, whose mean over the steps is 1; nil without coordinates and for long traces.
    package var meanSquares: [Double]? {
        coordinateCount > 0 && !sums.isEmpty ? sums.map { $0 / Double(coordinateCount) } : nil
    }

    /// Adds whole series in their order. The sums are over coordinates at each step, so that threads share the steps.
    mutating func add(_ series: some HeldSeries, columns: Range<Int>, scales: [Double?], threads: Int) throws {
        for (column, scale) in zip(columns, scales) {
            guard let scale else { continue }
            // The number of the series' first value, modulo the spacing.
            let first = (coordinateCount % spacing) * (series.stepCount % spacing) % spacing
            for step in stride(from: (spacing - first) % spacing, to: series.stepCount, by: spacing) {
                values.append(series.value(column: column, step: step) / scale)
            }
            if !stretches.isEmpty, coordinateCount % memberSpacing == 0 {
                members.append(Member(series, column: column, scale: scale, stretches: stretches))
            }
            coordinateCount += 1
        }
        if sums.isEmpty { return }
        let parts = concurrentMap(slices(of: sums.indices, count: 4 * threads), threads: threads) { [sums] steps in
            var part = Array(sums[steps])
            series.addSquares(of: columns, scales: scales, steps: steps, to: &part)
            return part
        }
        sums = parts.flatMap { $0 }
    }
}

/// Whole series of some coordinates in memory.
protocol HeldSeries: Sendable {
    var stepCount: Int { get }

    func value(column: Int, step: Int) -> Double

    /// Adds (x/scale)² of the columns that have a scale, one after the other, to the sum at each of the steps.
    func addSquares(of columns: Range<Int>, scales: [Double?], steps: Range<Int>, to sums: inout [Double])
}

extension SeriesTiles: HeldSeries {
    /// - Precondition: `columns` begins with a tile.
    func addSquares(of columns: Range<Int>, scales: [Double?], steps: Range<Int>, to sums: inout [Double]) {
        let kernels = TileKernels(self, variant: varlab_best_variant())
        for tile in columns.lowerBound / Self.width..<(columns.upperBound + Self.width - 1) / Self.width {
            let first = tile * Self.width - columns.lowerBound
            let divisors = (first..<first + Self.width).map { $0 < scales.count ? scales[$0] ?? 0 : 0 }
            if divisors.allSatisfy({ $0 == 0 }) { continue }
            kernels.addSquares(self.tile(tile, from: steps.lowerBound), count: steps.count, scales: divisors, to: &sums)
        }
    }
}

extension TraceIngredients.Member {
    fileprivate init(_ series: some HeldSeries, column: Int, scale: Double, stretches: [Range<Int>]) {
        meanSquares = stretches.map { steps in
            steps.reduce(0) { sum, step in
                let value = series.value(column: column, step: step) / scale
                return sum + value * value
            } / Double(steps.count)
        }
        // With a root mean square there is one.
        firstNonzero = 1 + ((0..<series.stepCount).first { series.value(column: column, step: $0) != 0 } ?? 0)
    }
}
