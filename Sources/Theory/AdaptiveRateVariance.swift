import SpecialFunctions

/// The moments of ψ = √(τ² ρ/χ²_ρ) at τ = 1: the adaptive learning rate when v̂ is a simple average of ρ squared
/// gradients of unit variance. For other scales multiply a mean by τ and a variance by τ².
public enum AdaptiveRateVariance {
    /// E[ψ] = √(ρ/2) Γ((ρ-1)/2)/Γ(ρ/2) for ρ > 1, infinite for ρ ≤ 1 (appendix B.1 of the paper).
    /// - Throws: `ParameterError` unless ρ > 0.
    public static func mean(rho: Double) throws(ParameterError) -> Double {
        try requirePositive(rho)
        if rho <= 1 { return .infinity }
        return (rho / 2 * squaredHalfGammaRatio(rho / 2 - 1)).squareRoot()
    }

    /// E[ψ²] = ρ/(ρ-2) for ρ > 2, infinite for ρ ≤ 2.
    /// - Throws: `ParameterError` unless ρ > 0.
    public static func secondMoment(rho: Double) throws(ParameterError) -> Double {
        try requirePositive(rho)
        return rho <= 2 ? .infinity : rho / (rho - 2)
    }

    /// Var[ψ] = ρ/(ρ-2) - ρ 2^{2ρ-5}/π B((ρ-1)/2, (ρ-1)/2)², Eq. 2, for ρ > 2; infinite for ρ ≤ 2.
    ///
    /// The paper states it for ρ > 4 and calls it numerically unstable. Written as
    /// ρ/(ρ-2) · (1 - z [Γ(z+½)/Γ(z+1)]²) with z = ρ/2 - 1 it loses nothing: the relative error is a few units in the
    /// last place for every ρ.
    /// - Throws: `ParameterError` unless ρ > 0.
    public static func closedForm(rho: Double) throws(ParameterError) -> Double {
        try requirePositive(rho)
        return rho <= 2 ? .infinity : uncheckedClosedForm(rho: rho)
    }

    /// Var[ψ] ≈ ρ/(2(ρ-2)(ρ-4)), the first-order approximation of Eq. 5.
    /// - Throws: `ParameterError` unless ρ > 4.
    public static func firstOrder(rho: Double) throws(ParameterError) -> Double {
        guard rho > 4 else { throw ParameterError(parameter: "rho", value: rho, rule: "must be greater than 4") }
        return rho / (rho - 2) / (2 * (rho - 4))
    }

    /// The ρ > 2 at which Eq. 2 gives this variance: the number of degrees of freedom that a variance implies.
    ///
    /// By Brent's method (`gsl_root_fsolver_brent`) from a bracket that the first term of the continued fraction gives.
    /// - Returns: infinity for a variance of 0; nil where no double reaches the variance (it is infinite or larger than
    ///   at the first double after 2).
    /// - Throws: `ParameterError` for a negative variance or NaN; `GSLError` if the root finder fails.
    public static func rho(matching variance: Double, finder: RootFinder = RootFinder()) throws -> Double? {
        guard variance >= 0 else {
            throw ParameterError(parameter: "variance", value: variance, rule: "must not be negative")
        }
        if variance == 0 { return .infinity }
        // In Var = ρ/(ρ-2) · (1+K)/(x+K), x = 2ρ-3, leaving out K (0 < K < 1/(2x)) makes the variance smaller, by at most
        // the factor 1 + K: the root without K is below ρ, and not far.
        let withoutTail = rhoWithoutTail(variance)
        guard withoutTail < 1e300 else { return 1 / (2 * variance) }
        var lower = 2 + (withoutTail - 2) * (1 - 8 * Double.ulpOfOne)
        var upper = (2 + (withoutTail - 2) * (1 + 1 / (2 * (2 * withoutTail - 3)))).nextUp
        if lower <= 2 || uncheckedClosedForm(rho: lower) < variance { lower = 2.0.nextUp }
        if uncheckedClosedForm(rho: lower) < variance { return nil }
        while uncheckedClosedForm(rho: upper) > variance { upper = 2 + (upper - 2) * 1.5 }
        return try finder.root(in: lower, upper) { uncheckedClosedForm(rho: $0) / variance - 1 }
    }

    /// Eq. 2 for a ρ known to be above 2.
    static func uncheckedClosedForm(rho: Double) -> Double {
        rho / (rho - 2) * squaredHalfGammaRatioDeficit(rho / 2 - 1)
    }

    /// The root of ρ/((ρ-2)(2ρ-3)) = v, the larger one of 2vρ² - (7v+1)ρ + 6v = 0.
    private static func rhoWithoutTail(_ v: Double) -> Double {
        // Divided by v, so that neither end of the range overflows.
        let b = 7 + 1 / v
        return (b + (b * b - 48).squareRoot()) / 4
    }

    private static func requirePositive(_ rho: Double) throws(ParameterError) {
        guard rho > 0 else { throw ParameterError(parameter: "rho", value: rho, rule: "must be greater than 0") }
    }
}
