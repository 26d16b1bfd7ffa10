/// What one iteration of a run did.
public struct TrainingStep: Hashable, Codable, Sendable {
    /// Counted from 1, and in a freeze of N iterations from -(N-1).
    public var index: Int
    /// Of this iteration's batch before the update: what the gradient is of, label smoothing included.
    public var loss: Double
    /// ‖g‖ before clipping.
    public var gradientNorm: Double
    /// The root mean square over all parameters of the update that is subtracted from θ_{t-1}, before θ_t rounds it; nil where they
    /// are held at θ_0.
    public var updateRMS: Double?
    /// α_t; nil where the parameters are held.
    public var stepSize: Double?
    /// r_t; nil where the step is not rectified.
    public var rectification: Double?

    /// Whether the loss and the gradient are numbers.
    public var isFinite: Bool { loss.isFinite && gradientNorm.isFinite }
}
