import Optimizers
import Report
import Training

/// A run and the names it has in tables and files.
public struct LabelledRun: Hashable, Codable, Sendable {
    /// The optimizer as it was asked for, such as `adam-warmup:200`.
    public var optimizer: String
    public var learningRate: Double
    public var plan: RunPlan

    /// The same for no other run of a grid, and fit for a file: `adam-warmup-200_lr0.0015_seed1`.
    public var fileName: String {
        let name = String(optimizer.map { $0.isLetter || $0.isNumber || "-.".contains($0) ? $0 : "-" })
        return "\(name)_lr\(ShortestDigits.text(of: learningRate))_seed\(plan.seed)"
    }
}
