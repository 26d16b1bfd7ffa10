import Errors
import Theory

/// Mean and variance of ψ_t in batches of consecutive trajectories, at the chosen iterations.
///
/// The spread between the batches is an error estimate that asks nothing of the law of ψ. Batch b holds the trajectories
/// from ⌊b n/B⌋ on, so that sizes differ by at most one. Of a part of the run it holds only the batches that the part reaches into.
public struct BatchMoments: SampleConsumer {
    /// B.
    public let batchCount: Int
    private let trajectories: Int
    private let meanCount: Int
    /// Those that there are, contiguous.
    public internal(set) var touched: Range<Int>
    var moments: [[StreamMoments]]  // [steps · means][touched]

    /// - Throws: `ParameterError` unless `batchCount` is in 1...`parameters.trajectories`.
    public init(_ parameters: SimulationParameters, batchCount: Int) throws(ParameterError) {
        guard batchCount >= 1, batchCount <= parameters.trajectories else {
            throw ParameterError(
                parameter: .batchCount, value: batchCount, rule: "must be in 1...\(parameters.trajectories)")
        }
        self.batchCount = batchCount
        trajectories = parameters.trajectories
        meanCount = parameters.means.count
        touched = 0..<0
        moments = Array(repeating: [], count: parameters.sampleSteps.count * parameters.means.count)
    }

    /// The batches at positions in `sampleSteps` and `means`, those that there are.
    public func batches(stepIndex: Int, meanIndex: Int) -> [StreamMoments] { moments[stepIndex * meanCount + meanIndex] }

    /// The trajectories of a batch.
    public func trajectories(ofBatch batch: Int) -> Range<Int> {
        start(batch)..<start(batch + 1)
    }

    private func start(_ batch: Int) -> Int {
        let (high, low) = batch.multipliedFullWidth(by: trajectories)
        return batchCount.dividingFullWidth((high, low)).quotient
    }

    /// The batch of a trajectory: the last one that starts at or before it.
    func batch(of trajectory: Int) -> Int {
        var batch = 0
        var beyond = batchCount
        while beyond - batch > 1 {
            let middle = (batch + beyond) / 2
            if start(middle) <= trajectory { batch = middle } else { beyond = middle }
        }
        return batch
    }

    public mutating func consume(_ block: SampleBlock) {
        var batch = batch(of: block.trajectories.lowerBound)
        while batch < batchCount {
            let part = trajectories(ofBatch: batch).clamped(to: block.trajectories)
            if part.isEmpty { break }
            if touched.isEmpty { touched = batch..<batch }
            precondition(batch == touched.upperBound || batch == touched.upperBound - 1, "blocks come in order")
            let isNew = batch == touched.upperBound
            let offset = part.lowerBound - block.trajectories.lowerBound
            for series in moments.indices {
                let values = block.values(stepIndex: series / meanCount, meanIndex: series % meanCount)
                let first = values.startIndex + offset
                if isNew { moments[series].append(StreamMoments()) }
                moments[series][batch - touched.lowerBound].add(values[first..<first + part.count])
            }
            if isNew { touched = touched.lowerBound..<batch + 1 }
            batch += 1
        }
    }

    /// Adds the batches of the trajectories that follow; the one that both reach into by the formula of Chan, Golub and LeVeque.
    public mutating func merge(_ later: BatchMoments) {
        guard !later.touched.isEmpty else { return }
        guard !touched.isEmpty else {
            self = later
            return
        }
        let isShared = later.touched.lowerBound == touched.upperBound - 1
        precondition(isShared || later.touched.lowerBound == touched.upperBound, "not the trajectories that follow")
        for series in moments.indices {
            var others = later.moments[series][...]
            if isShared { moments[series][touched.count - 1].merge(others.removeFirst()) }
            moments[series] += others
        }
        touched = touched.lowerBound..<later.touched.upperBound
    }
}

/// Count, mean and variance of a stream of values, by Welford's recurrence; both infinite from an infinite value on.
public struct StreamMoments: Sendable, Equatable {
    public private(set) var count = 0
    /// The mean; 0 for no values.
    public private(set) var mean = 0.0
    private(set) var squares = 0.0

    public init() {}

    /// As they were.
    init(count: Int, mean: Double, squares: Double) { (self.count, self.mean, self.squares) = (count, mean, squares) }

    /// The unbiased variance, divisor n-1; nil for fewer than two values.
    public var variance: Double? { count < 2 ? nil : squares / Double(count - 1) }

    public mutating func add(_ values: some Sequence<Double>) {
        for value in values {
            count += 1
            // An infinite value leaves both infinite, and no difference of infinities.
            guard value.isFinite, mean.isFinite else {
                (mean, squares) = (.infinity, .infinity)
                continue
            }
            let distance = value - mean
            mean += distance / Double(count)
            squares += distance * (value - mean)
        }
    }

    /// Adds another stream: T. F. Chan, G. H. Golub and R. J. LeVeque, "Algorithms for computing the sample variance", The American
    /// Statistician 37, 1983.
    public mutating func merge(_ other: StreamMoments) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let (own, others) = (Double(count), Double(other.count))
        count += other.count
        guard mean.isFinite, other.mean.isFinite else {
            (mean, squares) = (.infinity, .infinity)
            return
        }
        let distance = other.mean - mean
        mean += distance * (others / (own + others))
        squares += other.squares + distance * distance * (own * others / (own + others))
    }
}
