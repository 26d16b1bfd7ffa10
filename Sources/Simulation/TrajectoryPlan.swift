import CKernels

/// How the trajectories are cut, a function of their number alone, never of the number of threads or machines.
///
/// 64 chunks of 256 trajectories are a leaf of the merge tree; what is left over after the last whole leaf is the rest, cut evenly. The
/// leaves of a longer run are those of a shorter one and more.
struct TrajectoryPlan: Sendable {
    let trajectories: Int

    static let leafTrajectories = 64 * Int(VARLAB_BLOCK)

    /// The number of whole leaves.
    var leafCount: Int { trajectories / Self.leafTrajectories }

    /// The trajectories after the last whole leaf, maybe none.
    var rest: Range<Int> { leafCount * Self.leafTrajectories..<trajectories }

    /// The leaves and, unless it is empty, the rest.
    var parts: [SimulationPart] { (0..<leafCount).map { .leaf($0) } + (rest.isEmpty ? [] : [.rest]) }

    func chunks(of part: SimulationPart) -> ChunkPlan {
        switch part {
        case .leaf(let leaf):
            precondition(leaf >= 0 && leaf < leafCount)
            return ChunkPlan(leaf * Self.leafTrajectories..<(leaf + 1) * Self.leafTrajectories)
        case .rest: return ChunkPlan(rest)
        }
    }
}

/// A leaf or the rest, cut into chunks.
///
/// Chunks are as long as the kernel takes, rounded down so that all differ by at most one vector of trajectories: an even
/// share for any number of threads, and no lane idle but in the last vector.
struct ChunkPlan: Sendable {
    let count: Int
    private let trajectories: Range<Int>
    private let vectorsEach: Int
    private let longer: Int
    private static let lanes = 8

    /// - Precondition: there is at least one trajectory.
    init(_ trajectories: Range<Int>) {
        precondition(!trajectories.isEmpty)
        let vectors = (trajectories.count - 1) / Self.lanes + 1
        count = (vectors - 1) / (Int(VARLAB_BLOCK) / Self.lanes) + 1
        self.trajectories = trajectories
        (vectorsEach, longer) = vectors.quotientAndRemainder(dividingBy: count)
    }

    /// The trajectories of chunk `index`.
    subscript(index: Int) -> Range<Int> {
        start(index)..<min(start(index + 1), trajectories.upperBound)
    }

    private func start(_ index: Int) -> Int {
        trajectories.lowerBound + (index * vectorsEach + min(index, longer)) * Self.lanes
    }
}
