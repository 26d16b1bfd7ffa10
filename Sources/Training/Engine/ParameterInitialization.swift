import Simulation

/// How a tensor's numbers are drawn before training.
public enum ParameterInitialization: Sendable, Equatable {
    case zeros
    case ones
    /// N(0, σ²).
    case normal(standardDeviation: Double)
    /// Uniform on (-`bound`, `bound`).
    case uniform(bound: Double)

    /// Glorot and Bengio's uniform law for a weight [`outputs`, `inputs`]: the bound is √(6/(inputs + outputs)).
    ///
    /// The stacked weights of query, key and value [3d, d] are one such tensor, bound √(6/4d), as PyTorch's
    /// `MultiheadAttention` has it; fairseq draws the three apart with gain 1/√2, which is the same law.
    public static func xavierUniform(inputs: Int, outputs: Int) -> ParameterInitialization {
        .uniform(bound: (6 / Double(inputs + outputs)).squareRoot())
    }

    /// He et al.'s normal law for a layer before a rectifier: σ = √(2/inputs).
    public static func heNormal(inputs: Int) -> ParameterInitialization {
        .normal(standardDeviation: (2 / Double(inputs)).squareRoot())
    }

    // This law has no parameter that could be outside its domain.
    private static let unitVariance = try! GradientSource(.uniform)

    func values(seed: UInt64, trajectory: Int, count: Int) -> [Double] {
        switch self {
        case .zeros: return [Double](repeating: 0, count: count)
        case .ones: return [Double](repeating: 1, count: count)
        case .normal(let standardDeviation):
            return NoiseStream.normals(seed: seed, trajectory: trajectory, count: count).map { $0 * standardDeviation }
        case .uniform(let bound):
            // Uniform on (-√3, √3).
            let scale = bound / 3.0.squareRoot()
            return NoiseStream.values(of: Self.unitVariance, seed: seed, trajectory: trajectory, count: count).map { $0 * scale }
        }
    }
}
