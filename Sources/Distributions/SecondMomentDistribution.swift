/// A law of v̂_t > 0 with a density.
public protocol SecondMomentDistribution: Sendable {
    /// E[v̂_t]; infinite where it does not exist.
    var mean: Double { get }
    /// Var[v̂_t]; infinite where it does not exist.
    var variance: Double { get }
    /// The density at v; 0 for v ≤ 0.
    func density(at v: Double) -> Double
    /// P(v̂ ≤ v) and P(v̂ > v).
    func tails(at v: Double) -> (lower: Double, upper: Double)
    /// The v with P(v̂ ≤ v) = p; 0 or the least value at p = 0, infinity or the largest at p = 1.
    /// - Throws: `ParameterError` unless 0 ≤ p ≤ 1; `ComputationError` if the root finder fails.
    func quantile(_ probability: Double) throws -> Double
    /// The v with P(v̂ > v) = p; infinity at p = 0 and 0 at p = 1.
    /// - Throws: `ParameterError` unless 0 ≤ p ≤ 1; `ComputationError` if the root finder fails.
    func upperQuantile(_ probability: Double) throws -> Double
}

extension SecondMomentDistribution {
    /// P(v̂ ≤ v).
    public func distribution(at v: Double) -> Double { tails(at: v).lower }
}
