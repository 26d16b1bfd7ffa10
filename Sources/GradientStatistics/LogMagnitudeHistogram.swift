import Errors
import Foundation
import Theory

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
        withUnsafeBytes(of: gradient) { add($0.assumingMemoryBound(to: Double.self)) }
    }

    /// Adds gradients, each as ``add(_:)`` does.
    public mutating func add(_ gradients: UnsafeBufferPointer<Double>) {
        var (zeros, underflow) = (0, 0)
        let cells = cells
        counts.withUnsafeMutableBufferPointer { counts in
            cells.binOfCell.withUnsafeBufferPointer { bins in
                cells.thresholds.withUnsafeBufferPointer { thresholds in
                    for gradient in gradients {
                        let magnitude = gradient.magnitude
                        guard magnitude >= thresholds[0] else {
                            // Not a NaN.
                            if magnitude == 0 { zeros += 1 } else if magnitude > 0 { underflow += 1 }
                            continue
                        }
                        guard magnitude < .infinity else { continue }
                        let cell = min(Int(truncatingIfNeeded: magnitude.bitPattern >> cells.shift) &- cells.first, bins.count &- 1)
                        var bin = Int(bins[cell])
                        while magnitude >= thresholds[bin &+ 1] { bin &+= 1 }
                        counts[bin] &+= 1
                    }
                }
            }
        }
        self.zeros += zeros
        self.underflow += underflow
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

/// Finds the bin of ln|g| without a logarithm: the first bits of |g| name a cell no wider than a bin, whose lower end lies in a
/// known bin, and a comparison tells whether |g| is already in the next.
struct LogMagnitudeCells: Sendable, Equatable {
    /// The smallest |g| of each bin; infinity after the last, which takes what is larger.
    let thresholds: [Double]
    /// The bin of the smallest number of each cell, cells being equal in all bits above `shift`.
    let binOfCell: [UInt32]
    let shift: UInt64
    /// The number of the first cell: that of the first threshold.
    let first: Int

    /// The lower edge of a bin; of the bin after the last, the upper end.
    static func edge(_ bin: Int, lowest: Double, highest: Double, count: Int) -> Double {
        lowest + (highest - lowest) * Double(bin) / Double(count)
    }

    init(lowest: Double, highest: Double, count: Int) {
        let thresholds = (0..<count).map { Self.smallest(withLogarithm: Self.edge($0, lowest: lowest, highest: highest, count: count)) }
        // 2^-bits of a number is at most half a bin.
        var bits = 1
        while bits < 20, Double(sign: .plus, exponent: -bits, significand: 2) > (highest - lowest) / Double(count) { bits += 1 }
        shift = UInt64(52 - bits)
        let shift = shift
        let first = Int(thresholds[0].bitPattern >> shift)
        let last = Int(thresholds[count - 1].bitPattern >> shift)
        var bin = 0
        var bins: [UInt32] = []
        bins.reserveCapacity(last - first + 1)
        for cell in first...last {
            let smallest = Double(bitPattern: UInt64(cell) << shift)
            while bin + 1 < count, smallest >= thresholds[bin + 1] { bin += 1 }
            bins.append(UInt32(bin))
        }
        self.first = first
        self.thresholds = thresholds + [.infinity]
        binOfCell = bins
    }

    /// The smallest positive number whose logarithm, as `log` rounds it, is at least `edge`.
    private static func smallest(withLogarithm edge: Double) -> Double {
        var value = exp(edge)
        while log(value) >= edge { value = value.nextDown }
        while log(value) < edge { value = value.nextUp }
        return value
    }
}
