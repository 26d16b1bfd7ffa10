import Errors
import SpecialFunctions

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
