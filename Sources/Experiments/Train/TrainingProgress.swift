/// Where a run is, for whoever watches it.
public struct TrainingProgress: Sendable {
    /// Its place among the runs.
    public let run: Int
    public let name: String
    public let iterationsDone: Int
    public let iterations: Int
    public let loss: Double
    public let isFinished: Bool
}
