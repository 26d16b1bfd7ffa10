/// The first iterations, in which only v is updated while momentum and parameters stay fixed (Adam-2k, section 3.1).
///
/// The step size counts from the end of the freeze, as the paper's iterations do, whose first one is -(N-1); the bias
/// correction of v counts every iteration.
public struct Freeze: Hashable, Codable, Sendable {
    /// N ≥ 0.
    public var steps: Int
    /// Whether the momentum's bias correction counts from the end of the freeze. In the authors' code it counts every
    /// iteration, so that after a long freeze the momentum starts small and uncorrected: a short warmup of its own.
    public var restartsMomentumCorrection: Bool

    public init(steps: Int, restartsMomentumCorrection: Bool = false) {
        self.steps = steps
        self.restartsMomentumCorrection = restartsMomentumCorrection
    }
}
