import CKernels
import Errors

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
