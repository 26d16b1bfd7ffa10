/// Takes the ψ_t of the chosen iterations as they are merged, so that no run holds all its trajectories.
///
/// ``MonteCarlo`` gives each leaf of its merge tree to a copy of the empty consumer, the blocks in the order of the trajectories, and
/// merges the copies along the tree: neither depends on the number of threads.
public protocol SampleConsumer: Mergeable {
    mutating func consume(_ block: SampleBlock)
}

/// ψ, and with a `beta1` the update, of consecutive trajectories at the chosen iterations.
public struct SampleBlock: Sendable {
    /// The trajectories, counted from 0.
    public let trajectories: Range<Int>
    private let meanCount: Int
    private let values: [Double]
    /// Where the updates begin; at the end without.
    private let updateStart: Int

    init(trajectories: Range<Int>, meanCount: Int, values: [Double], hasUpdates: Bool = false) {
        self.trajectories = trajectories
        self.meanCount = meanCount
        self.values = values
        updateStart = hasUpdates ? values.count / 2 : values.count
    }

    /// ψ of each trajectory, in order, for the given positions in `sampleSteps` and `means`.
    public func values(stepIndex: Int, meanIndex: Int) -> ArraySlice<Double> {
        let start = (stepIndex * meanCount + meanIndex) * trajectories.count
        return values[start..<start + trajectories.count]
    }

    /// The update u of each trajectory, likewise.
    /// - Precondition: the simulation has a `beta1`.
    public func updates(stepIndex: Int, meanIndex: Int) -> ArraySlice<Double> {
        let start = updateStart + (stepIndex * meanCount + meanIndex) * trajectories.count
        return values[start..<start + trajectories.count]
    }
}

/// Drops the samples.
public struct NoSamples: SampleConsumer {
    public init() {}
    public mutating func consume(_ block: SampleBlock) {}
    public mutating func merge(_ later: NoSamples) {}
}
