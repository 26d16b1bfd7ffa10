/// What of a run one process computes: whole leaves of the merge tree, and maybe the trajectories behind the last one, the rest.
public struct SimulationShare: Sendable, Equatable {
    /// Ascending, none empty, none next to another.
    public let leaves: [Range<Int>]
    public let rest: Bool

    /// - Precondition: the ranges ascend and do not overlap.
    public init(leaves: [Range<Int>], rest: Bool) {
        self.leaves = leaves.reduce(into: []) { ranges, range in
            guard !range.isEmpty else { return }
            precondition(ranges.last.map { $0.upperBound <= range.lowerBound } ?? true, "the ranges ascend")
            if let last = ranges.last, last.upperBound == range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            } else {
                ranges.append(range)
            }
        }
        self.rest = rest
    }

    public var leafCount: Int { leaves.reduce(0) { $0 + $1.count } }

    public var isEmpty: Bool { leaves.isEmpty && !rest }

    /// One of so many slices of about the same size, each contiguous but for what is not in the share, and in order; with more slices than
    /// leaves some are empty.
    /// - Precondition: `index` is in 0..<`count`, and `count` at most 2^20.
    public func slice(_ index: Int, of count: Int) -> SimulationShare {
        precondition(count >= 1 && count <= 1 << 20 && index >= 0 && index < count)
        let parts = leafCount + (rest ? 1 : 0)
        let (start, end) = (index * parts / count, (index + 1) * parts / count)
        var passed = 0
        let own = leaves.map { range in
            defer { passed += range.count }
            let lower = min(max(start - passed, 0), range.count), upper = min(max(end - passed, lower), range.count)
            return range.lowerBound + lower..<range.lowerBound + upper
        }
        return SimulationShare(leaves: own, rest: rest && start < end && end > leafCount)
    }

    /// What is not in another share.
    public func subtracting(_ other: SimulationShare) -> SimulationShare {
        var left: [Range<Int>] = []
        var others = other.leaves[...]
        for range in leaves {
            var start = range.lowerBound
            while let next = others.first, next.lowerBound < range.upperBound {
                if next.lowerBound > start { left.append(start..<next.lowerBound) }
                start = max(start, next.upperBound)
                // One that reaches further may take from the next range too.
                guard next.upperBound <= range.upperBound else { break }
                others.removeFirst()
            }
            if start < range.upperBound { left.append(start..<range.upperBound) }
        }
        return SimulationShare(leaves: left, rest: rest && !other.rest)
    }

    /// What is in both.
    public func intersection(_ other: SimulationShare) -> SimulationShare { subtracting(subtracting(other)) }

    /// All but the last leaves, and these, at most so many.
    func splitting(last count: Int) -> (first: [Range<Int>], last: [Int]) {
        var (first, last) = (leaves, [Int]())
        while last.count < count, let range = first.popLast() {
            let taken = range.suffix(count - last.count)
            last = taken + last
            if taken.lowerBound > range.lowerBound { first.append(range.lowerBound..<taken.lowerBound) }
        }
        return (first, last)
    }
}

extension SimulationState {
    /// What is there.
    public var share: SimulationShare { SimulationShare(leaves: forest.leaves, rest: rest != nil) }
}

extension MonteCarlo {
    /// The whole run.
    public var wholeShare: SimulationShare { SimulationShare(leaves: [0..<plan.leafCount], rest: !plan.rest.isEmpty) }

    /// One of so many shares of about the same size, contiguous and in order; with more shares than leaves some are empty.
    /// - Precondition: `index` is in 0..<`count`, and `count` at most 2^20.
    public func share(_ index: Int, of count: Int) -> SimulationShare {
        wholeShare.slice(index, of: count)
    }

    /// The trajectories behind the last whole leaf of a run, maybe none; nil for what is no number of trajectories.
    public static func rest(ofTrajectories trajectories: Int) -> Range<Int>? {
        (1...SimulationParameters.mostTrajectories).contains(trajectories) ? TrajectoryPlan(trajectories: trajectories).rest : nil
    }

    /// The trajectories of leaves.
    public static func trajectories(ofLeaves leaves: Range<Int>) -> Range<Int> {
        leaves.lowerBound * TrajectoryPlan.leafTrajectories..<leaves.upperBound * TrajectoryPlan.leafTrajectories
    }

    /// How many trajectories a share has.
    public func trajectoryCount(of share: SimulationShare) -> Int { trajectories(of: share).reduce(0) { $0 + $1.count } }

    /// The trajectories of a share, as the fewest ranges, ascending.
    public func trajectories(of share: SimulationShare) -> [Range<Int>] {
        var ranges = share.leaves.map(Self.trajectories(ofLeaves:))
        guard share.rest else { return ranges }
        if let last = ranges.last, last.upperBound == plan.rest.lowerBound {
            ranges[ranges.count - 1] = last.lowerBound..<plan.rest.upperBound
        } else {
            ranges.append(plan.rest)
        }
        return ranges
    }
}
