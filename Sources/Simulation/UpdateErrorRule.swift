import Theory

/// How large the kurtosis of the update u_t = m̂_t ψ_t can be, which decides whether a sample's own standard errors are worth printing.
///
/// Two bounds, of which the smaller counts. By Cauchy and Schwarz |u_t| ≤ L, L² = Σ a_k²/w_k, so that κ ≤ 4L²/Var[u_t]: the one that serves
/// the first steps. Beyond, as if v̂_t were χ² with its own first two moments and m̂_t a normal number apart from it: 3(ν-2)/(ν-4), or the
/// kurtosis of ψ_t where that is larger. The latter is the one for β2 < β1², where L grows without bound.
///
/// A standard error of the variance is given where √((κ-1)/n) ≤ 1/3, as for ψ_t, that of the mean where it is at most 1.
struct UpdateErrorRule {
    private var moments: SequenceMoments

    init(_ parameters: SimulationParameters, mean: Double) { moments = SequenceMoments(parameters, mean: mean) }

    /// κ at the next step; infinite where neither bound says anything.
    mutating func nextKurtosis(variance: Double) -> Double {
        moments.advance()
        let bound = 4 * moments.largestSquaredUpdate / variance
        let nu = moments.degreesOfFreedom
        guard nu > 4 else { return bound.isNaN ? .infinity : bound }
        return min(bound.isNaN ? .infinity : bound, max(3 * (nu - 2) / (nu - 4), AdaptiveRateVariance.kurtosis(rho: nu)))
    }

    static func hasMeanError(kurtosis: Double, n: Double) -> Bool { n >= 2 && kurtosis - 1 <= n }

    static func hasVarianceError(kurtosis: Double, n: Double) -> Bool {
        n >= 4 && kurtosis - 1 <= n * StandardErrorRule.largestRelativeError * StandardErrorRule.largestRelativeError
    }
}
