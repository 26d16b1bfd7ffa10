/// The rectification factor r = √(C_var/Var[ψ_t]), by which RAdam holds the variance of r ψ at its limit C_var.
///
/// The three ways to know the variance: the paper's first order, Eq. 2, and the exact law.
public enum Rectification {
    /// r_t = √[(ρ_t-4)(ρ_t-2)ρ_∞ / ((ρ_∞-4)(ρ_∞-2)ρ_t)] (section 4.2, algorithm 2).
    /// - Returns: nil where ρ_t ≤ 4 or ρ_t ≤ `threshold`: the paper does not rectify there.
    public static func firstOrder(rho: Double, rhoInfinity: Double, threshold: Double = 4) -> Double? {
        guard rho > 4, rho > threshold, rhoInfinity > 4 else { return nil }
        // As a product of ratios, none of which overflows or cancels further than ρ itself.
        return ((rho - 4) / (rhoInfinity - 4) * ((rho - 2) / (rhoInfinity - 2)) * (rhoInfinity / rho)).squareRoot()
    }

    /// √(Var at ρ_∞ / Var at ρ), both by Eq. 2.
    /// - Returns: nil where ρ ≤ 2 or ρ_∞ ≤ 2: the variance is infinite there.
    public static func closedForm(rho: Double, rhoInfinity: Double) -> Double? {
        guard rho > 2, rhoInfinity > 2 else { return nil }
        return (AdaptiveRateVariance.uncheckedClosedForm(rho: rhoInfinity)
            / AdaptiveRateVariance.uncheckedClosedForm(rho: rho)).squareRoot()
    }

    /// √(limit/variance) of the exact law.
    /// - Returns: nil where either is infinite (t ≤ 2 at ε = 0).
    public static func exact(variance: Double, limit: Double) -> Double? {
        guard variance.isFinite, limit.isFinite, variance > 0 else { return nil }
        return (limit / variance).squareRoot()
    }
}
