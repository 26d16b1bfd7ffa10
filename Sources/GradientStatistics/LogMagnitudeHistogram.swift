import Errors
import Foundation
import Theory
import Traces

/// Counts of gradients by ln|g|, as in figures 2 and 3 of the paper.
///
/// Bins of equal width from -20 to an upper end; what lies below -20 is counted apart, and so are exact zeros.
public struct LogMagnitudeHistogram: Sendable, Equatable {
    /// Where the bins begin: below e^-20 is the paper's first bin.
    public static let lowest = -20.0

    /// Where they end.
    public let highest: Double
    public private(set) var counts: [Int]
    /// The number of g with 0 < |g| < e^-20.
    public private(set) var underflow = 0
    /// The number of exact zeros.
    public private(set) var zeros = 0
    /// Which bin a number belongs to.
    private let cells: LogMagnitudeCells

    /// - Parameters:
    ///   - largest: the largest |g| that will be added; the bins end at the next whole ln|g|.
    ///   - bins: nil for bins half a unit wide.
    /// - Throws: `ParameterError` unless `bins` is from 1 to 100,000.
    public init(largest: Double, bins: Int? = nil) throws(ParameterError) {
        if let bins, bins < 1 || bins > 100_000 {
            throw ParameterError(parameter: .bins, value: bins, rule: "must be from 1 to 100000")
        }
        highest = largest > 0 && largest.isFinite ? max(Self.lowest + 1, log(largest).rounded(.up)) : Self.lowest + 1
        let count = bins ?? Int(2 * (highest - Self.lowest))
        counts = Array(repeating: 0, count: count)
        cells = LogMagnitudeCells(lowest: Self.lowest, highest: highest, count: count)
    }

    /// The lower edge of a bin; of the bin after the last, the upper end.
    public func edge(_ bin: Int) -> Double {
        LogMagnitudeCells.edge(bin, lowest: Self.lowest, highest: highest, count: counts.count)
    }

    /// How many values were counted.
    public var total: Int { counts.reduce(underflow + zeros, +) }

    /// Adds one gradient; NaN and infinities are left out. A value on an edge counts above it, on the upper end below.
    public mutating func add(_ gradient: Double) {
        let magnitude = gradient.magnitude
        if magnitude == 0 {
            zeros += 1
        } else if magnitude < cells.thresholds[0] {
            underflow += 1
        } else if magnitude < .infinity {
            counts[cells.bin(of: magnitude)] += 1
        }
    }

    /// Adds gradients, each as ``add(_:)`` does.
    public mutating func add(_ gradients: UnsafeBufferPointer<Double>) {
        if gradients.count <= counts.count / 4 { return gradients.forEach { add($0) } }
        add(cells.classCounts(of: gradients))
    }

    /// The same of single precision.
    package mutating func add(_ gradients: UnsafeBufferPointer<Float>) {
        if gradients.count <= counts.count / 4 { return gradients.forEach { add(Double($0)) } }
        add(cells.classCounts(of: gradients))
    }

    /// Adds all gradients of an array, as ``add(_:)`` does.
    /// - Throws: `TraceError` when the file cannot be read.
    public mutating func add(_ array: RecordedArray, threads: Int) throws {
        var empty = self
        (empty.zeros, empty.underflow, empty.counts) = (0, 0, Array(repeating: 0, count: counts.count))
        let parts = try array.reduceRuns(into: empty, threads: threads) { histogram, run in
            switch run {
            case .single(let values): histogram.add(values)
            case .double(let values): histogram.add(values)
            }
        }
        for part in parts { merge(part) }
    }

    /// - Parameter classes: how many zeros there are, how many below the first bin, in each bin, and not finite.
    private mutating func add(_ classes: [Int]) {
        zeros += classes[0]
        underflow += classes[1]
        for bin in counts.indices { counts[bin] += classes[bin + 2] }
    }

    /// The same with bins to the next whole logarithm of a smaller largest |g|, for bins half a unit wide, whose edges do not depend on it.
    package func trimmed(largest: Double) throws(ParameterError) -> LogMagnitudeHistogram {
        var trimmed = try LogMagnitudeHistogram(largest: largest)
        precondition(counts.count >= trimmed.counts.count && edge(1) == trimmed.edge(1), "bins of another width")
        // What lies on the upper end counts below it.
        for bin in counts.indices { trimmed.counts[min(bin, trimmed.counts.count - 1)] += counts[bin] }
        (trimmed.zeros, trimmed.underflow) = (zeros, underflow)
        return trimmed
    }

    /// Adds the counts of another with the same bins.
    public mutating func merge(_ other: LogMagnitudeHistogram) {
        precondition(highest == other.highest && counts.count == other.counts.count, "histograms with different bins")
        for bin in counts.indices { counts[bin] += other.counts[bin] }
        underflow += other.underflow
        zeros += other.zeros
    }
}

extension LogMagnitudeHistogram: Codable {
    private enum CodingKeys: CodingKey {
        case highest, counts, underflow, zeros
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        highest = try container.decode(Double.self, forKey: .highest)
        counts = try container.decode([Int].self, forKey: .counts)
        underflow = try container.decode(Int.self, forKey: .underflow)
        zeros = try container.decode(Int.self, forKey: .zeros)
        guard highest > Self.lowest, highest.isFinite, !counts.isEmpty else {
            throw DecodingError.dataCorruptedError(
                forKey: .highest, in: container, debugDescription: "bins must lie above \(Self.lowest)")
        }
        cells = LogMagnitudeCells(lowest: Self.lowest, highest: highest, count: counts.count)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(highest, forKey: .highest)
        try container.encode(counts, forKey: .counts)
        try container.encode(underflow, forKey: .underflow)
        try container.encode(zeros, forKey: .zeros)
    }
}
