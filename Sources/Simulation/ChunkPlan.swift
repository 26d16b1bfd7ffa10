import CKernels

/// How the trajectories are cut into chunks: a function of their number alone, never of the number of threads.
///
/// Chunks are as long as the kernel takes, rounded down so that all differ by at most one vector of trajectories: an even
/// share for any number of threads, and no lane idle but in the last vector.
struct ChunkPlan: Sendable {
    let count: Int
    private let trajectories: Int
    private let vectorsEach: Int
    private let longer: Int
    private static let lanes = 8

    init(trajectories: Int) {
        let vectors = (trajectories - 1) / Self.lanes + 1
        count = (vectors - 1) / (Int(VARLAB_BLOCK) / Self.lanes) + 1
        self.trajectories = trajectories
        (vectorsEach, longer) = vectors.quotientAndRemainder(dividingBy: count)
    }

    /// The trajectories of chunk `index`.
    subscript(index: Int) -> Range<Int> {
        start(index)..<min(start(index + 1), trajectories)
    }

    private func start(_ index: Int) -> Int {
        (index * vectorsEach + min(index, longer)) * Self.lanes
    }
}
