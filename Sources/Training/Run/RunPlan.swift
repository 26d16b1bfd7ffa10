import Optimizers

/// Everything that decides the numbers of one run on a workload.
public struct RunPlan: Hashable, Codable, Sendable {
    /// The method of each stretch of steps.
    public var stretches: [Stretch]
    /// Of the initial parameters, the order of the batches and dropout.
    public var seed: UInt64
    /// Updates of the parameters; a freeze comes before them.
    public var steps: Int
    /// Whether the parameters stay at their initial values, so that the gradients differ by the batch alone.
    public var freezesParameters: Bool

    public init(stretches: [Stretch], seed: UInt64, steps: Int, freezesParameters: Bool = false) {
        self.stretches = stretches
        self.seed = seed
        self.steps = steps
        self.freezesParameters = freezesParameters
    }

    /// N of an Adam-Nk: iterations before the first update, which are counted -(N-1), …, 0 as in the paper.
    public var frozenIterations: Int { freezesParameters ? 0 : stretches.first?.method.freeze?.steps ?? 0 }
    /// All iterations.
    public var iterations: Int { frozenIterations + steps }
}
