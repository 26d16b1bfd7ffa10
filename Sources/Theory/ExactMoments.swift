/// Moments of ψ_t = 1/(√v̂_t + ε) under the exponential average.
public struct ExactMoments: Hashable, Sendable {
    /// E[ψ]; infinite at t = 1 when ε = 0.
    public let mean: Double
    /// E[ψ²]; infinite for t ≤ 2 when ε = 0.
    public let meanSquare: Double
    /// Var[ψ], computed without subtracting the two; infinite for t ≤ 2 when ε = 0.
    public let variance: Double
}
