import Training

/// What is looked at along a run.
public struct RunObservation: Hashable, Codable, Sendable {
    /// The steps whose gradients are counted by ln|g|, ascending.
    public var histogramSteps: [Int] = []
    /// An evaluation after every so many steps and after the last.
    public var evaluationInterval: Int
    /// The parameters whose gradients are recorded at every iteration, as places in the flat buffer, ascending.
    public var recordedCoordinates: [Int] = []

    func evaluates(after step: Int, of plan: RunPlan) -> Bool {
        step > 0 && (step % evaluationInterval == 0 || step == plan.steps)
    }
}
