import Errors
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
        guard rho > 4 else { throw ParameterError(parameter: .rho, value: rho, rule: "must be greater than 4") }
        return rho / (rho - 2) / 2 / (rho - 4)
    }

    /// Eq. 2 for a ρ known to be above 2.
    package static func uncheckedClosedForm(rho: Double) -> Double {
        rho / (rho - 2) * squaredHalfGammaRatioDeficit(rho / 2 - 1)
    }

    /// Var[ψ]/E[ψ]², for any ρ > 0; infinite for ρ ≤ 2.
    package static func relativeVariance(rho: Double) -> Double {
        if !(rho > 2) { return .infinity }
        let deficit = squaredHalfGammaRatioDeficit(rho / 2 - 1)
        return deficit / (1 - deficit)
    }

    /// E[(ψ-E[ψ])⁴]/Var[ψ]² to four digits, for any ρ > 0; infinite for ρ ≤ 4.
    ///
    /// With M = E[ψ]²: E[ψ³] = E[ψ] ρ/(ρ-3) and E[ψ⁴] = ρ²/((ρ-2)(ρ-4)). From ρ = 1000 on, where they cancel, 3 + 24/ρ.
    package static func kurtosis(rho: Double) -> Double {
        if !(rho > 4) { return .infinity }
        if rho > 1000 { return 3 + 24 / rho }
        let variance = uncheckedClosedForm(rho: rho), second = rho / (rho - 2), squaredMean = second - variance
        let fourth = second * (rho / (rho - 4)) - squaredMean * (4 * rho / (rho - 3) - 6 * second + 3 * squaredMean)
        return fourth / (variance * variance)
    }

    private static func requirePositive(_ rho: Double) throws(ParameterError) {
        guard rho > 0 else { throw ParameterError(parameter: .rho, value: rho, rule: "must be greater than 0") }
    }
}

extension AdaptiveRateVariance {
    /// By how much the first-order approximation, Eq. 5, exceeds the closed form, Eq. 2, for ρ > 4.
    ///
    /// The two agree in more and more digits as ρ grows, and their difference goes like 9/(8ρ²). With Brouncker's fraction
    /// (`squaredHalfGammaRatio`), x = 2ρ-3 and K ≈ 1/(2x), the closed form is ρ/(ρ-2) · (1+K)/(x+K), and
    ///
    ///     Eq. 5 - Eq. 2 = ρ/(ρ-2) · (5 - K(2ρ-9)) / (2(ρ-4)(x+K)),
    ///
    /// where K(2ρ-9) < ½, so that nothing cancels: the relative error is a few units in the last place for every ρ.
    /// - Throws: `ParameterError` unless ρ > 4.
    public static func firstOrderExcess(rho: Double) throws(ParameterError) -> Double {
        let firstOrder = try firstOrder(rho: rho)
        // Below, where Eq. 5 is at least 1.7 times Eq. 2, the fraction would need more and more terms.
        if rho < 8 { return firstOrder - uncheckedClosedForm(rho: rho) }
        if rho > 1e100 { return 1.125 / rho / rho }
        let x = 2 * rho - 3
        let tail = brounckerTail(x, terms: rho < 20 ? 40 : 10)
        return rho / (rho - 2) * (5 - tail * (2 * rho - 9)) / (2 * (rho - 4) * (x + tail))
    }

    /// The same divided by Eq. 2: (5 - K(2ρ-9)) / (2(ρ-4)(1+K)), which goes like 9/(4ρ).
    /// - Throws: `ParameterError` unless ρ > 4.
    public static func relativeFirstOrderExcess(rho: Double) throws(ParameterError) -> Double {
        if rho > 1e100 { return 2.25 / rho }
        return try firstOrderExcess(rho: rho) / uncheckedClosedForm(rho: rho)
    }
}
