import Errors
import Theory

/// Mean and variance of ψ_t in batches of consecutive trajectories, at the chosen iterations.
///
/// The spread between the batches is an error estimate that asks nothing of the law of ψ. Batch b holds the trajectories
/// from ⌊b n/B⌋ on, so that sizes differ by at most one.
public struct BatchMoments: SampleConsumer {
    /// B.
    public let batchCount: Int
    private let trajectories: Int
    private let meanCount: Int
    private var moments: [StreamMoments]  // [steps][means][batches]

    /// - Throws: `ParameterError` unless `batchCount` is in 1...`parameters.trajectories`.
    public init(_ parameters: SimulationParameters, batchCount: Int) throws(ParameterError) {
        guard batchCount >= 1, batchCount <= parameters.trajectories else {
            throw ParameterError(
                parameter: .batchCount, value: batchCount, rule: "must be in 1...\(parameters.trajectories)")
        }
        self.batchCount = batchCount
        trajectories = parameters.trajectories
        meanCount = parameters.means.count
        moments = Array(
            repeating: StreamMoments(), count: parameters.sampleSteps.count * parameters.means.count * batchCount)
    }

    /// The batches at positions in `sampleSteps` and `means`.
    public func batches(stepIndex: Int, meanIndex: Int) -> ArraySlice<StreamMoments> {
        let start = (stepIndex * meanCount + meanIndex) * batchCount
        return moments[start..<start + batchCount]
    }

    /// The trajectories of a batch.
    public func trajectories(ofBatch batch: Int) -> Range<Int> {
        start(batch)..<start(batch + 1)
    }

    private func start(_ batch: Int) -> Int {
        let (high, low) = batch.multipliedFullWidth(by: trajectories)
        return batchCount.dividingFullWidth((high, low)).quotient
    }

    public mutating func consume(_ block: SampleBlock) {
        // The batch of the first trajectory: the last one that starts at or before it.
        var batch = 0
        var beyond = batchCount
        while beyond - batch > 1 {
            let middle = (batch + beyond) / 2
            if start(middle) <= block.trajectories.lowerBound { batch = middle } else { beyond = middle }
        }
        while batch < batchCount {
            let part = trajectories(ofBatch: batch).clamped(to: block.trajectories)
            if part.isEmpty { break }
            let offset = part.lowerBound - block.trajectories.lowerBound
            for series in 0..<moments.count / batchCount {
                let values = block.values(stepIndex: series / meanCount, meanIndex: series % meanCount)
                let first = values.startIndex + offset
                moments[series * batchCount + batch].add(values[first..<first + part.count])
            }
            batch += 1
        }
    }
}

/// Count, mean and variance of a stream of values, by Welford's recurrence; both infinite from an infinite value on.
public struct StreamMoments: Sendable, Equatable {
    public private(set) var count = 0
    /// The mean; 0 for no values.
    public private(set) var mean = 0.0
    private var squares = 0.0

    public init() {}

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
}
