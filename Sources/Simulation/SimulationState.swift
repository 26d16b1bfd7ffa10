import Synchronization

/// What a simulation, or a part of one, has so far: whole leaves of the merge tree, and maybe the rest behind the last.
///
/// States of different parts of one run merge, in any order, into the one of the whole run: the same bits.
public struct SimulationState<Counts: SampleConsumer, Samples: SampleConsumer>: Sendable {
    public internal(set) var forest = MergeForest<NodeSums<Samples>>()
    public internal(set) var rest: NodeSums<Samples>?
    /// Of the leaves.
    public internal(set) var counts: Counts
    public internal(set) var restCounts: Counts
    let emptyCounts: Counts
    let emptySamples: Samples

    /// - Parameters:
    ///   - counts: empty; what it holds must not depend on the order in which it sees the trajectories.
    ///   - samples: empty; it sees the trajectories of a leaf in their order, and is merged along the tree.
    public init(counts: Counts, samples: Samples) {
        self.counts = counts
        restCounts = counts
        (emptyCounts, emptySamples) = (counts, samples)
    }

    /// Of the leaves and the rest.
    public var allCounts: Counts {
        var all = counts
        all.merge(restCounts)
        return all
    }

    mutating func insert(_ result: PartResult<Counts, Samples>, of part: SimulationPart) {
        switch part {
        case .leaf(let leaf):
            forest.insert(result.node, at: .leaf(leaf))
            counts.merge(result.counts)
        case .rest:
            rest = result.node
            restCounts = result.counts
        }
    }

    /// Adds what another part of the same run has.
    /// - Precondition: nothing is in both.
    public mutating func merge(_ other: SimulationState) {
        forest.merge(other.forest)
        counts.merge(other.counts)
        if let otherRest = other.rest {
            precondition(rest == nil, "the rest is there")
            rest = otherRest
            restCounts = other.restCounts
        }
    }
}

/// A leaf of the merge tree, or the trajectories behind the last one.
enum SimulationPart: Hashable, Sendable {
    case leaf(Int)
    case rest
}

struct PartResult<Counts: SampleConsumer, Samples: SampleConsumer>: Sendable {
    var node: NodeSums<Samples>
    var counts: Counts

    /// Takes one chunk; chunks come in their order.
    mutating func add(_ sums: [Double], _ block: SampleBlock) {
        node.sums.add(sums)
        node.samples.consume(block)
        counts.consume(block)
    }
}

/// The sums over the trajectories of a node.
public struct NodeSums<Samples: SampleConsumer>: Mergeable {
    public internal(set) var sums: PowerSums
    public internal(set) var samples: Samples

    public mutating func merge(_ later: NodeSums) {
        sums.add(later.sums.values)
        samples.merge(later.samples)
    }
}

/// The sums of d, d², d³ and d⁴ of every iteration and mean, d = ψ/scale - shift, and behind them those of updates; merging is addition.
public struct PowerSums: Sendable {
    /// [iterations][means][4], twice with updates; empty for no trajectories.
    public private(set) var values: [Double] = []

    /// Of no trajectories.
    init() {}

    /// As they were.
    init(_ values: [Double]) { self.values = values }

    mutating func add(_ other: [Double]) {
        guard !values.isEmpty else {
            values = other
            return
        }
        precondition(other.count == values.count)
        values.withUnsafeMutableBufferPointer { sums in
            other.withUnsafeBufferPointer { terms in
                for index in 0..<terms.count { sums[index] += terms[index] }
            }
        }
    }
}
