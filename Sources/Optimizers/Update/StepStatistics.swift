/// How large a step was and with which adaptive rates it was made, over the coordinates.
public struct StepStatistics: Hashable, Sendable {
    /// √(Σ u²/n) of the update u = θ_{t-1} - θ_t, weight decay included.
    public let updateRootMeanSquare: Double
    /// max |u|.
    public let largestUpdate: Double
    /// The mean of ψ_t, infinite where some v_t and ε are 0; nil without adaptive rate.
    public let meanAdaptiveRate: Double?
    /// The sample variance (n - 1) of ψ_t; nil also for a single coordinate and where the mean is infinite.
    public let varianceOfAdaptiveRate: Double?
}
