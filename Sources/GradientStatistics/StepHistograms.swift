import Errors
import Traces

/// Histograms of ln|g| over the coordinates at some steps.
///
/// Bins half a unit wide are where they are whatever the largest |g| is, so that values are counted as they come. Those of a given number of bins need a second
/// reading of the array, of these steps alone.
package enum StepHistograms {
    /// Bins that are held at once, 512 MB of counts.
    package static let mostBins = 1 << 26

    /// Bins half a unit wide to the largest number there is, for what comes; to be cut by ``LogMagnitudeHistogram/trimmed(largest:)``.
    static func open(steps: [Int]) -> [LogMagnitudeHistogram] {
        // The number of bins is not given, and so not wrong.
        Array(repeating: try! LogMagnitudeHistogram(largest: .greatestFiniteMagnitude), count: steps.count)
    }

    /// One for each step, all with the same bins.
    ///
    /// - Parameters:
    ///   - steps: from 1, ascending.
    ///   - largest: the largest finite |g| at the steps of all arrays that are compared.
    ///   - bins: nil for bins half a unit wide.
    /// - Throws: `ParameterError` for the number of bins, and where the histograms have more than ``mostBins``; `TraceError` when the
    ///   file cannot be read.
    package static func of(
        _ array: RecordedArray, steps: [Int], largest: Double, bins: Int?
    ) throws -> [LogMagnitudeHistogram] {
        let empty = try LogMagnitudeHistogram(largest: largest, bins: bins)
        guard steps.count <= mostBins / empty.counts.count else {
            throw ParameterError(
                parameter: .steps, value: "\(steps.count) steps",
                rule: "of \(empty.counts.count) bins each are more than \(mostBins) bins")
        }
        var histograms = Array(repeating: empty, count: steps.count)
        let positions = Dictionary(uniqueKeysWithValues: steps.enumerated().map { ($1 - 1, $0) })
        try array.forEachRow(of: steps.map { $0 - 1 }) { row in
            histograms[positions[row.steps.lowerBound]!].add(row.values)
        }
        return histograms
    }
}
