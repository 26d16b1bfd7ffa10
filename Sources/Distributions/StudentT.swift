import CGSL

/// Student's t law with ν > 0 degrees of freedom, by GSL.
public enum StudentT {
    /// P(T > x), to 1e-8 of it: GSL 2.7 expands around the normal law from ν = 30 on.
    public static func upperTail(at x: Double, degreesOfFreedom: Double) -> Double {
        GSL.prepare()
        return gsl_cdf_tdist_Q(x, degreesOfFreedom)
    }
}
