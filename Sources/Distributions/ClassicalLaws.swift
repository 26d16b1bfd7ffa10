import CGSL
import CLibC

/// The χ² law with ν > 0 degrees of freedom, by GSL. Arguments are checked by the callers: they must be in the domain.
package enum ChiSquare {
    /// The density at `x` > 0, accurate also for large ν:
    /// x^{ν/2-1} e^{-x/2} / (2^{ν/2} Γ(ν/2)) = √(a/2π) / (x Γ*(a)) · exp(-a (u - ln(1+u))), a = ν/2, u = x/ν - 1,
    /// with Γ* the scaled gamma function (`gsl_sf_gammastar`), so that no large logarithms cancel.
    package static func density(at x: Double, degreesOfFreedom: Double) -> Double {
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
    package static func lowerTail(at x: Double, degreesOfFreedom: Double) -> Double {
        if x <= 0 { return 0 }
        if degreesOfFreedom <= largestForGSL {
            GSL.prepare()
            return gsl_cdf_chisq_P(x, degreesOfFreedom)
        }
        return x < degreesOfFreedom
            ? smallerTail(at: x, degreesOfFreedom: degreesOfFreedom)
            : 1 - smallerTail(at: x, degreesOfFreedom: degreesOfFreedom)
    }

    /// P(X > x).
    package static func upperTail(at x: Double, degreesOfFreedom: Double) -> Double {
        if x <= 0 { return 1 }
        if degreesOfFreedom <= largestForGSL {
            GSL.prepare()
            return gsl_cdf_chisq_Q(x, degreesOfFreedom)
        }
        return x < degreesOfFreedom
            ? 1 - smallerTail(at: x, degreesOfFreedom: degreesOfFreedom)
            : smallerTail(at: x, degreesOfFreedom: degreesOfFreedom)
    }

    /// The x with P(X > x) = `probability`, which is in (0, 1).
    ///
    /// Brent's method on the logarithm of the smaller tail: `gsl_cdf_chisq_Qinv` (GSL 2.7) stops at eight digits,
    /// and has none from ν = 5·10⁴ on.
    package static func upperQuantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
        GSL.prepare()
        let usesUpperTail = probability < 0.5
        let target = log(usesUpperTail ? probability : 1 - probability)
        func excess(_ x: Double) -> Double {
            usesUpperTail
                ? max(log(upperTail(at: x, degreesOfFreedom: degreesOfFreedom)), -800) - target
                : target - max(log(lowerTail(at: x, degreesOfFreedom: degreesOfFreedom)), -800)
        }
        // Wilson and Hilferty's cube, or where that fails the leading term of the lower tail, (x/2)^a/Γ(a+1).
        let spread = (2 / (9 * degreesOfFreedom)).squareRoot()
        let cubeRoot = 1 - spread * spread + gsl_cdf_ugaussian_Qinv(probability) * spread
        let a = degreesOfFreedom / 2
        let guess = cubeRoot > 0.3
            ? log(degreesOfFreedom) + 3 * log(cubeRoot) : log(2) + (log1p(-probability) + lgamma(a + 1)) / a
        var step = 0.1 * spread + 1e-3 * abs(guess) * spread
        var (lower, upper) = (guess - step, guess + step)
        while excess(exp(lower)) < 0, lower > -1e5 { (lower, upper, step) = (lower - 2 * step, lower, 2 * step) }
        while excess(exp(upper)) > 0, upper < 1e5 { (lower, upper, step) = (upper, upper + 2 * step, 2 * step) }
        return (try? RootFinder().root(in: exp(lower), exp(upper), of: excess)) ?? .nan
    }

    /// Up to here GSL's tails have a relative error below 1e-12. Beyond, those of GSL 2.7 lose digits: 1e-9 at 10⁵, 1e-2
    /// at 10⁷ (its continued fraction stops too early).
    private static let largestForGSL = 2000.0

    /// The upper tail from ν on, the lower tail below: the integral of the density, which is log-concave.
    private static func smallerTail(at x: Double, degreesOfFreedom: Double) -> Double {
        let rate = abs(0.5 - (degreesOfFreedom / 2 - 1) / x)
        let length = min(45 / rate, 14 * (2 * degreesOfFreedom).squareRoot())
        let ends = x < degreesOfFreedom ? (max(x - length, 0), x) : (x, x + length)
        let tail = try? integrate(from: ends.0, to: ends.1) { density(at: $0, degreesOfFreedom: degreesOfFreedom) }
        return tail?.value ?? .nan
    }
}

/// Student's t law with ν > 0 degrees of freedom, by GSL.
package enum StudentT {
    /// P(T > x), to 1e-8 of it: GSL 2.7 expands around the normal law from ν = 30 on.
    package static func upperTail(at x: Double, degreesOfFreedom: Double) -> Double {
        GSL.prepare()
        return gsl_cdf_tdist_Q(x, degreesOfFreedom)
    }
}
