import CGSL
import Foundation

/// The χ² law with ν > 0 degrees of freedom, by GSL. Arguments are checked by the callers: they must be in the domain.
public enum ChiSquare {
    /// The density at `x` > 0, accurate also for large ν:
    /// x^{ν/2-1} e^{-x/2} / (2^{ν/2} Γ(ν/2)) = √(a/2π) / (x Γ*(a)) · exp(-a (u - ln(1+u))), a = ν/2, u = x/ν - 1,
    /// with Γ* the scaled gamma function (`gsl_sf_gammastar`), so that no large logarithms cancel.
    public static func density(at x: Double, degreesOfFreedom: Double) -> Double {
        GSL.prepare()
        if x <= 0 || x == .infinity { return 0 }
        let a = degreesOfFreedom / 2
        var excess = gsl_sf_result()
        // ln(1+u) - u; for x far below ν it is ln(x/ν) - u without loss.
        let u = (x - degreesOfFreedom) / degreesOfFreedom
        if abs(u) < 0.5 {
            guard gsl_sf_log_1plusx_mx_e(u, &excess) == 0 else { return .nan }
        } else {
            excess.val = log(x / degreesOfFreedom) - u
        }
        if a < 1e-5 {
            // Γ* is not computed for tiny arguments; nothing cancels there.
            return exp(a * log(x / 2) - x / 2 - lgamma(a)) / x
        }
        var gammaStar = gsl_sf_result()
        guard gsl_sf_gammastar_e(a, &gammaStar) == 0 else { return .nan }
        return exp(a * excess.val) * (a / (2 * .pi)).squareRoot() / (gammaStar.val * x)
    }

    /// P(X ≤ x).
    public static func lowerTail(at x: Double, degreesOfFreedom: Double) -> Double {
        GSL.prepare()
        return x <= 0 ? 0 : gsl_cdf_chisq_P(x, degreesOfFreedom)
    }

    /// P(X > x).
    public static func upperTail(at x: Double, degreesOfFreedom: Double) -> Double {
        GSL.prepare()
        return x <= 0 ? 1 : gsl_cdf_chisq_Q(x, degreesOfFreedom)
    }

    /// The x with P(X > x) = `probability`, which is in (0, 1).
    ///
    /// GSL's `gsl_cdf_chisq_Qinv` stops at about eight digits in the tails; two Newton steps on the logarithm of the
    /// smaller tail finish it.
    public static func upperQuantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
        GSL.prepare()
        var x = gsl_cdf_chisq_Qinv(probability, degreesOfFreedom)
        guard x.isFinite, x > 0 else { return x }
        for _ in 0..<3 {
            let density = density(at: x, degreesOfFreedom: degreesOfFreedom)
            let upper = upperTail(at: x, degreesOfFreedom: degreesOfFreedom)
            let lower = lowerTail(at: x, degreesOfFreedom: degreesOfFreedom)
            guard density > 0, upper > 0, lower > 0 else { break }
            // In ln x, on the logarithm of the smaller tail: both nearly linear there.
            let step = upper < 0.5
                ? log(upper / probability) * upper / (density * x)
                : -log(lower / (1 - probability)) * lower / (density * x)
            guard step.isFinite, abs(step) < 1 else { break }
            x *= exp(step)
            if abs(step) < Double.ulpOfOne { break }
        }
        return x
    }
}
