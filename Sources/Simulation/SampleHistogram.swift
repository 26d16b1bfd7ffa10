import Errors
import Theory

/// Counts of ψ in bins for display, and in bins fine enough for its distance from a law.
///
/// The fine bins are linear in 1/ψ = √v̂ + ε, which stays bounded where ψ has its heavy tail.
public struct SampleHistogram: Sendable, Equatable {
    /// The range of ψ of the display bins; a value on an inner edge counts above it, the upper bound counts as overflow.
    public let range: Range<Double>
    /// The display bins' counts.
    public private(set) var counts: [Int]
    /// How many values lie below the range.
    public private(set) var underflow = 0
    /// How many values lie at or above its upper bound; infinite ones are among them.
    public private(set) var overflow = 0
    /// How many values there are.
    public private(set) var count = 0

    /// The range of 1/ψ of the fine bins.
    public let inverseRange: Range<Double>
    /// One bin more at either end for the tails, in ascending 1/ψ.
    private var fineCounts: [Int]

    /// The number of fine bins, not counting the tails.
    public static let fineBinCount = 16_384

    /// - Parameters:
    ///   - range: of ψ for display.
    ///   - bins: how many display bins.
    ///   - inverseRange: of 1/ψ for the fine bins; it should leave hardly any value outside.
    /// - Throws: `ParameterError` when a range is empty or not finite, a bound negative, or `bins` not in 1...2^20.
    public init(range: Range<Double>, bins: Int, inverseRange: Range<Double>) throws(ParameterError) {
        for (name, range) in [(Parameter.range, range), (Parameter.inverseRange, inverseRange)] {
            guard range.lowerBound >= 0, range.lowerBound < range.upperBound, range.upperBound.isFinite else {
                throw ParameterError(parameter: name, value: "\(range)", rule: "must be finite, not negative, not empty")
            }
        }
        guard bins >= 1, bins <= 1 << 20 else {
            throw ParameterError(parameter: .bins, value: bins, rule: "must be in 1...2^20")
        }
        self.range = range
        self.inverseRange = inverseRange
        counts = Array(repeating: 0, count: bins)
        fineCounts = Array(repeating: 0, count: Self.fineBinCount + 2)
    }

    public mutating func add(_ values: some Sequence<Double>) {
        let binsPerUnit = Double(counts.count) / (range.upperBound - range.lowerBound)
        for value in values {
            count += 1
            fineCounts[fineBin(1 / value)] += 1
            if value < range.lowerBound {
                underflow += 1
            } else if value < range.upperBound {
                counts[min(Int((value - range.lowerBound) * binsPerUnit), counts.count - 1)] += 1
            } else {
                overflow += 1
            }
        }
    }

    /// Adds the counts of another with the same bins.
    public mutating func merge(_ other: SampleHistogram) {
        precondition(other.range == range && other.inverseRange == inverseRange && other.counts.count == counts.count)
        for index in counts.indices { counts[index] += other.counts[index] }
        for index in fineCounts.indices { fineCounts[index] += other.fineCounts[index] }
        underflow += other.underflow
        overflow += other.overflow
        count += other.count
    }

    func encode(to numbers: inout StateNumbers) {
        numbers.append([range.lowerBound, range.upperBound, inverseRange.lowerBound, inverseRange.upperBound])
        numbers.append([underflow] + counts + [overflow])
        numbers.append(fineCounts)
    }

    mutating func decode(from numbers: inout StateNumberReader, trajectories: [Range<Int>]) throws(StateNumberReader.Failure) {
        let edges = [range.lowerBound, range.upperBound, inverseRange.lowerBound, inverseRange.upperBound]
        let total = trajectories.reduce(0) { $0 + $1.count }
        let outer = try numbers.counts(counts.count + 2, total: total, edges: edges)
        (underflow, overflow, count) = (outer[0], outer[counts.count + 1], total)
        counts = Array(outer[1...counts.count])
        fineCounts = try numbers.counts(fineCounts.count, total: total, edges: [])
    }

    /// The fine bin of 1/ψ, 0 and fineBinCount + 1 for the tails.
    private func fineBin(_ inverse: Double) -> Int {
        if inverse < inverseRange.lowerBound { return 0 }
        if !(inverse < inverseRange.upperBound) { return Self.fineBinCount + 1 }
        let binsPerUnit = Double(Self.fineBinCount) / (inverseRange.upperBound - inverseRange.lowerBound)
        return 1 + min(Int((inverse - inverseRange.lowerBound) * binsPerUnit), Self.fineBinCount - 1)
    }

    /// sup |F_n - F| at the edges of the fine bins.
    public struct Distance: Sendable, Equatable {
        /// The largest distance at an edge: the Kolmogorov-Smirnov distance is not below it, and not above it by more than
        /// `resolution`.
        public let value: Double
        /// The largest share of the sample in one fine bin or one tail.
        public let resolution: Double
        /// How often the law was evaluated.
        public let evaluations: Int
    }

    /// The Kolmogorov-Smirnov distance of the sample from a law.
    ///
    /// Both functions increase, so between two edges i < j the distance is at most max(F_n(j) - F(i), F(j) - F_n(i)); an
    /// interval is split only when that exceeds the largest distance found. A few hundred evaluations do.
    ///
    /// - Parameter cdf: F, the probability of a value at or below ψ.
    /// - Throws: what `cdf` throws.
    /// - Precondition: there is a value.
    public func kolmogorovSmirnovDistance<Failure>(
        to cdf: (_ psi: Double) throws(Failure) -> Double
    ) throws(Failure) -> Distance {
        precondition(count > 0)
        // In ascending ψ: edge k lies between the k-th and the following fine bins counted from the largest 1/ψ.
        let edgeCount = Self.fineBinCount + 1
        var empirical: [Double] = []
        empirical.reserveCapacity(edgeCount)
        var below = 0
        for bin in stride(from: Self.fineBinCount + 1, to: 0, by: -1) {
            below += fineCounts[bin]
            empirical.append(Double(below) / Double(count))
        }
        let width = (inverseRange.upperBound - inverseRange.lowerBound) / Double(Self.fineBinCount)
        var evaluations = 0
        func law(_ edge: Int) throws(Failure) -> Double {
            let inverse = inverseRange.lowerBound + width * Double(Self.fineBinCount - edge)
            if inverse == 0 { return 1 }
            evaluations += 1
            return try cdf(1 / inverse)
        }
        let first = try law(0)
        let last = try law(edgeCount - 1)
        var largest = max(abs(empirical[0] - first), abs(empirical[edgeCount - 1] - last))
        var open = [(low: 0, lowLaw: first, high: edgeCount - 1, highLaw: last)]
        func bound(_ low: Int, _ lowLaw: Double, _ high: Int, _ highLaw: Double) -> Double {
            max(empirical[high] - lowLaw, highLaw - empirical[low])
        }
        while let (low, lowLaw, high, highLaw) = open.popLast() {
            guard high - low > 1, bound(low, lowLaw, high, highLaw) > largest else { continue }
            let middle = (low + high) / 2
            let middleLaw = try law(middle)
            largest = max(largest, abs(empirical[middle] - middleLaw))
            // The more promising half last, so that it is split first.
            let halves = [(low, lowLaw, middle, middleLaw), (middle, middleLaw, high, highLaw)]
            let lowerFirst = bound(low, lowLaw, middle, middleLaw) > bound(middle, middleLaw, high, highLaw)
            open.append(lowerFirst ? halves[1] : halves[0])
            open.append(lowerFirst ? halves[0] : halves[1])
        }
        let resolution = Double(fineCounts.max() ?? 0) / Double(count)
        return Distance(value: largest, resolution: resolution, evaluations: evaluations)
    }
}

/// A histogram for each chosen iteration and mean.
public struct SampleHistograms: SampleConsumer {
    /// Of how many means, the first ones.
    public let meanCount: Int
    var histograms: [SampleHistogram]  // [steps][means]

    /// - Parameters:
    ///   - parameters: of the simulation that is counted.
    ///   - meanCount: only the first so many means are counted; nil for all.
    ///   - makeHistogram: the empty histogram of positions in `sampleSteps` and `means`.
    public init<Failure>(
        _ parameters: SimulationParameters, meanCount: Int? = nil,
        makeHistogram: (_ stepIndex: Int, _ meanIndex: Int) throws(Failure) -> SampleHistogram
    ) throws(Failure) {
        self.meanCount = min(meanCount ?? .max, parameters.means.count)
        histograms = []
        for stepIndex in parameters.sampleSteps.indices {
            for meanIndex in 0..<self.meanCount {
                histograms.append(try makeHistogram(stepIndex, meanIndex))
            }
        }
    }

    public subscript(stepIndex stepIndex: Int, meanIndex meanIndex: Int) -> SampleHistogram {
        histograms[stepIndex * meanCount + meanIndex]
    }

    public mutating func consume(_ block: SampleBlock) {
        for index in histograms.indices {
            histograms[index].add(block.values(stepIndex: index / meanCount, meanIndex: index % meanCount))
        }
    }

    public mutating func merge(_ later: SampleHistograms) {
        for index in histograms.indices { histograms[index].merge(later.histograms[index]) }
    }
}
