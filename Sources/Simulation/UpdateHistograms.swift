import CLibC
import Errors
import SpecialFunctions
import Theory

/// Counts of the update u_t in equal bins; u has no heavy tail, so that its range is no matter of taste.
public struct UpdateHistogram: Sendable, Equatable {
    /// A value on an inner edge counts above it, the upper bound as overflow.
    public let range: Range<Double>
    public private(set) var counts: [Int]
    public private(set) var underflow = 0
    public private(set) var overflow = 0

    /// - Precondition: the range is finite, and not empty; there is a bin.
    public init(range: Range<Double>, bins: Int) {
        precondition(bins > 0 && !range.isEmpty && range.lowerBound.isFinite && range.upperBound.isFinite)
        self.range = range
        counts = Array(repeating: 0, count: bins)
    }

    /// How many values there are.
    public var count: Int { counts.reduce(underflow + overflow, +) }

    /// Adds the counts of another with the same bins.
    public mutating func merge(_ other: UpdateHistogram) {
        precondition(other.range == range && other.counts.count == counts.count)
        for index in counts.indices { counts[index] += other.counts[index] }
        underflow += other.underflow
        overflow += other.overflow
    }

    public mutating func add(_ values: some Sequence<Double>) {
        let binsPerUnit = Double(counts.count) / (range.upperBound - range.lowerBound)
        for value in values {
            if value < range.lowerBound {
                underflow += 1
            } else if value < range.upperBound {
                counts[min(Int((value - range.lowerBound) * binsPerUnit), counts.count - 1)] += 1
            } else {
                overflow += 1
            }
        }
    }
}

extension UpdateHistogram {
    func encode(to numbers: inout StateNumbers) {
        numbers.append([range.lowerBound, range.upperBound])
        numbers.append([underflow] + counts + [overflow])
    }

    mutating func decode(from numbers: inout StateNumberReader, trajectories: [Range<Int>]) throws(StateNumberReader.Failure) {
        let outer = try numbers.counts(
            counts.count + 2, total: trajectories.reduce(0) { $0 + $1.count }, edges: [range.lowerBound, range.upperBound])
        (underflow, overflow) = (outer[0], outer[counts.count + 1])
        counts = Array(outer[1...counts.count])
    }
}

/// A histogram of the update for each chosen iteration and each of the first means.
public struct UpdateHistograms: SampleConsumer {
    private let meanCount: Int
    var histograms: [UpdateHistogram]  // [steps][means]

    /// - Parameters:
    ///   - ranges: of the histograms, as [steps][means].
    ///   - bins: of each.
    public init(ranges: [[Range<Double>]], bins: Int) {
        meanCount = ranges.first?.count ?? 0
        histograms = ranges.flatMap { $0.map { UpdateHistogram(range: $0, bins: bins) } }
    }

    public subscript(stepIndex stepIndex: Int, meanIndex meanIndex: Int) -> UpdateHistogram {
        histograms[stepIndex * meanCount + meanIndex]
    }

    public mutating func consume(_ block: SampleBlock) {
        for index in histograms.indices {
            histograms[index].add(block.updates(stepIndex: index / meanCount, meanIndex: index % meanCount))
        }
    }

    public mutating func merge(_ later: UpdateHistograms) {
        for index in histograms.indices { histograms[index].merge(later.histograms[index]) }
    }
}

extension UpdateHistogram {
    /// Where nearly all updates of that mean and standard deviation are: four of them about the mean, a twentieth of it where they are all
    /// alike, but no further than just beyond ±`largest`, sup |u|; with round edges.
    package static func range(mean: Double, deviation: Double, largest: Double) -> Range<Double> {
        let spread = deviation > 1e-9 * abs(mean) ? 4 * deviation : mean == 0 ? 1 : 0.05 * abs(mean)
        let end = 1.05 * largest
        let (low, high) = (max(mean - spread, -end), min(mean + spread, end))
        let unit = pow(10, log10(high - low).rounded(.down) - 2)
        return ((low / unit).rounded(.down) * unit).roundedToTenDigits..<((high / unit).rounded(.up) * unit).roundedToTenDigits
    }
}
