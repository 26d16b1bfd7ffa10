import Concurrency

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
                if !stretches.isEmpty, coordinateCount % memberSpacing == 0 { members.append(Member(values, scale: entry.scale, stretches: stretches)) }
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

extension TraceIngredients.Member {
    fileprivate init(_ values: UnsafeBufferPointer<Double>, scale: Double, stretches: [Range<Int>]) {
        meanSquares = stretches.map { steps in
            values[steps].reduce(0) { $0 + ($1 / scale) * ($1 / scale) } / Double(steps.count)
        }
        // With a root mean square there is one.
        firstNonzero = 1 + (values.firstIndex { $0 != 0 } ?? 0)
    }
}
