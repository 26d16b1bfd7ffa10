import Concurrency
import GradientStatistics
import Theory
import Traces

/// The first pass over an array: what is not finite, and the rows of the chosen steps as histograms.
struct TraceScan: Sendable {
    private let source: LabelledArray
    /// The chosen steps that the array has, from 1.
    let steps: [Int]
    /// How many values are NaN or infinite.
    private(set) var nonfinite = 0
    private(set) var firstNonfinite: NonfiniteGradient?
    /// The largest finite |g| at the chosen steps.
    private(set) var largest = 0.0
    /// One for each of `steps`, after ``addHistograms(largest:bins:)``.
    private(set) var histograms: [LogMagnitudeHistogram] = []

    init(_ source: LabelledArray, steps: [Int], progress: ProgressCounter) throws {
        self.source = source
        let array = source.array
        self.steps = steps.filter { $0 <= array.stepCount }
        let chosen = Set(self.steps)
        var first: (step: Int, coordinate: Int, value: Double)?
        try array.forEachBlock { block in
            defer { progress.add(block.values.count) }
            // 0 · x is 0 for a finite x and NaN for others: one sum tells whether a closer look is needed.
            var sum = 0.0
            for value in block.values { sum += value * 0 }
            if sum.isNaN {
                for (index, value) in block.values.enumerated() where !value.isFinite {
                    nonfinite += 1
                    let step = block.steps.lowerBound + index / block.coordinates.count
                    let coordinate = block.coordinates.lowerBound + index % block.coordinates.count
                    if first.map({ (step, coordinate) < ($0.step, $0.coordinate) }) ?? true { first = (step, coordinate, value) }
                }
            }
            for step in block.steps where chosen.contains(step + 1) {
                let start = (step - block.steps.lowerBound) * block.coordinates.count
                for value in block.values[start..<start + block.coordinates.count] where value.isFinite {
                    largest = max(largest, value.magnitude)
                }
            }
        }
        firstNonfinite = first.map { first in
            NonfiniteGradient(
                count: nonfinite, path: source.path, array: source.label, step: first.step + 1, coordinate: first.coordinate,
                value: first.value)
        }
    }

    /// A second look, when the largest |g| of all arrays is known, so that all histograms have the same bins.
    mutating func addHistograms(largest: Double, bins: Int?) throws {
        let empty = try LogMagnitudeHistogram(largest: largest, bins: bins)
        var result = Array(repeating: empty, count: steps.count)
        guard let last = steps.last else { return }
        let positions = Dictionary(uniqueKeysWithValues: steps.enumerated().map { ($1, $0) })
        try source.array.forEachBlock { block in
            guard block.steps.lowerBound < last else { return }
            for step in block.steps {
                guard let position = positions[step + 1] else { continue }
                let start = (step - block.steps.lowerBound) * block.coordinates.count
                let row = UnsafeBufferPointer(rebasing: block.values[start..<start + block.coordinates.count])
                result[position].add(row)
            }
        }
        histograms = result
    }
}
