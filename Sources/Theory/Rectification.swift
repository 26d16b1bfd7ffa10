import CKernels
import Errors

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

/// Warmup factors ω_t in (0, 1] that multiply the step size.
public enum Warmup {
    /// min(t, T_w)/T_w (section 2 of the paper).
    /// - Throws: `ParameterError` unless T_w ≥ 1.
    public static func linear(step: Int, length: Int) throws(ParameterError) -> Double {
        guard length >= 1 else {
            throw ParameterError(parameter: .warmupSteps, value: length, rule: "must be at least 1")
        }
        return uncheckedLinear(step: step, length: length)
    }

    package static func uncheckedLinear(step: Int, length: Int) -> Double {
        step >= length ? 1 : Double(step) / Double(length)
    }

    /// min(1, (1-β2)/2 · t) (Ma and Yarats, "On the adequacy of untuned warmup for adaptive optimization", 2019).
    public static func untunedLinear(_ average: ExponentialAverage, step: Int) -> Double {
        min(1, (1 - average.beta2) / 2 * Double(step))
    }

    /// 1 - exp(-(1-β2) t) (ibid.).
    public static func untunedExponential(_ average: ExponentialAverage, step: Int) -> Double {
        -varlab_expm1(-(1 - average.beta2) * Double(step))
    }
}
