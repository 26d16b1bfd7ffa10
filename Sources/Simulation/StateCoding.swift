extension SimulationState where Counts: StateCoding, Samples: StateCoding {
    /// The numbers: of each node in the order of the trajectories, then of the rest, then the counts.
    public var numbers: StateNumbers {
        var numbers = StateNumbers()
        for node in forest.nodes { forest[node]!.encode(to: &numbers) }
        rest?.encode(to: &numbers)
        counts.encode(to: &numbers)
        if rest != nil { restCounts.encode(to: &numbers) }
        return numbers
    }
}

extension MonteCarlo {
    /// The state that was written as numbers.
    /// - Parameters:
    ///   - nodes: of the merge tree, in their order, as the state had them.
    ///   - rest: the trajectories of its rest, if it had one; that of a shorter run is left out.
    ///   - empty: a state of this run with nothing in it.
    /// - Throws: when it cannot be a state of this run, or of a shorter one with the same batches.
    public func state<Counts: StateCoding, Samples: StateCoding>(
        nodes: [TreeNode], rest: Range<Int>?, numbers: inout StateNumberReader, empty: SimulationState<Counts, Samples>
    ) throws(StateNumberReader.Failure) -> SimulationState<Counts, Samples> {
        var state = empty
        var end = 0
        for node in nodes {
            guard node.leaves.lowerBound >= end, node.leaves.upperBound <= plan.leafCount else {
                throw StateNumberReader.Failure("are of nodes that this run does not have")
            }
            end = node.leaves.upperBound
            state.forest.insert(try sums(of: Self.trajectories(ofLeaves: node.leaves), &numbers, empty.emptySamples), at: node)
        }
        var restSums: NodeSums<Samples>?
        if let rest {
            guard rest.lowerBound >= 0, rest.upperBound <= parameters.trajectories, !rest.isEmpty, rest.count < TrajectoryPlan.leafTrajectories else {
                throw StateNumberReader.Failure("are of a rest that this run does not have")
            }
            restSums = try sums(of: rest, &numbers, empty.emptySamples)
        }
        try state.counts.decode(
            from: &numbers, trajectories: trajectories(of: SimulationShare(leaves: state.forest.leaves, rest: false)))
        var restCounts = empty.emptyCounts
        if let rest { try restCounts.decode(from: &numbers, trajectories: [rest]) }
        try numbers.finish()
        if rest == plan.rest { (state.rest, state.restCounts) = (restSums, restCounts) }
        return state
    }

    private func sums<Samples: StateCoding>(
        of trajectories: Range<Int>, _ numbers: inout StateNumberReader, _ empty: Samples
    ) throws(StateNumberReader.Failure) -> NodeSums<Samples> {
        let count = 4 * parameters.means.count * parameters.iterations * (parameters.beta1 == nil ? 1 : 2)
        let sums = PowerSums(try numbers.reals(count))
        var samples = empty
        try samples.decode(from: &numbers, trajectories: [trajectories])
        return NodeSums(sums: sums, samples: samples)
    }
}

extension NodeSums where Samples: StateCoding {
    fileprivate func encode(to numbers: inout StateNumbers) {
        numbers.append(sums.values)
        samples.encode(to: &numbers)
    }
}

extension BatchMoments: StateCoding {
    public func encode(to numbers: inout StateNumbers) {
        numbers.append([touched.lowerBound, touched.upperBound])
        for series in moments {
            numbers.append(series.flatMap { [$0.mean, $0.squares] })
            numbers.append(series.map(\.count))
        }
    }

    public mutating func decode(from numbers: inout StateNumberReader, trajectories: [Range<Int>]) throws(StateNumberReader.Failure) {
        let range = trajectories.first ?? 0..<0
        let bounds = try numbers.integers(2)
        guard trajectories.count == 1, bounds == [batch(of: range.lowerBound), batch(of: range.upperBound - 1) + 1] else {
            throw StateNumberReader.Failure("are of other batches than the trajectories")
        }
        touched = bounds[0]..<bounds[1]
        let counts = touched.map { self.trajectories(ofBatch: $0).clamped(to: range).count }
        for series in moments.indices {
            let values = try numbers.reals(2 * touched.count)
            guard try numbers.integers(touched.count) == counts else {
                throw StateNumberReader.Failure("are of other batches than the trajectories")
            }
            moments[series] = counts.indices.map { StreamMoments(count: counts[$0], mean: values[2 * $0], squares: values[2 * $0 + 1]) }
        }
    }
}

extension SampleHistograms: StateCoding {
    public func encode(to numbers: inout StateNumbers) {
        for histogram in histograms { histogram.encode(to: &numbers) }
    }

    public mutating func decode(from numbers: inout StateNumberReader, trajectories: [Range<Int>]) throws(StateNumberReader.Failure) {
        for index in histograms.indices { try histograms[index].decode(from: &numbers, trajectories: trajectories) }
    }
}

extension UpdateHistograms: StateCoding {
    public func encode(to numbers: inout StateNumbers) {
        for histogram in histograms { histogram.encode(to: &numbers) }
    }

    public mutating func decode(from numbers: inout StateNumberReader, trajectories: [Range<Int>]) throws(StateNumberReader.Failure) {
        for index in histograms.indices { try histograms[index].decode(from: &numbers, trajectories: trajectories) }
    }
}
