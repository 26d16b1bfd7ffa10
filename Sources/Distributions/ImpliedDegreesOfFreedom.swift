import Errors
import Theory

extension AdaptiveRateVariance {
    /// The ρ > 2 at which Eq. 2 gives this variance: the number of degrees of freedom that a variance implies.
    ///
    /// By Brent's method (`gsl_root_fsolver_brent`) from a bracket that the first term of the continued fraction gives.
    /// - Returns: infinity for a variance of 0; nil where no double reaches the variance (it is infinite or larger than
    ///   at the first double after 2).
    /// - Throws: `ParameterError` for a negative variance or NaN; `ComputationError` if the root finder fails.
    public static func rho(matching variance: Double) throws -> Double? {
        try rho(matching: variance, finder: RootFinder())
    }

    /// The same with a root finder for many.
    package static func rho(matching variance: Double, finder: RootFinder) throws -> Double? {
        guard variance >= 0 else {
            throw ParameterError(parameter: .variance, value: variance, rule: "must not be negative")
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
        return try ComputationError.naming("the rho at which Eq. 2 gives the variance \(variance)") { () throws(GSLError) in
            try finder.root(in: lower, upper) { uncheckedClosedForm(rho: $0) / variance - 1 }
        }
    }

    /// The root of ρ/((ρ-2)(2ρ-3)) = v, the larger one of 2vρ² - (7v+1)ρ + 6v = 0.
    private static func rhoWithoutTail(_ v: Double) -> Double {
        // Divided by v, so that neither end of the range overflows.
        let b = 7 + 1 / v
        return (b + (b * b - 48).squareRoot()) / 4
    }
}
