import CKernels
import Errors

/// The exponential average with decay rate β2 and its equivalent numbers of degrees of freedom.
///
/// v_t = β2 v_{t-1} + (1-β2) g_t² with bias correction v̂_t = v_t/(1-β2^t) is a weighted mean of t squared gradients.
/// The paper (section 4.1) replaces it by a simple average of ρ of them, which makes v̂_t scaled χ²; the three lengths
/// here are the candidates for ρ. All have a relative error of a few units in the last place, for β2 up to the last
/// double before 1: they are written in L = -ln β2 by functions that do not cancel.
public struct ExponentialAverage: Hashable, Sendable {
    /// The decay rate β2, in [0, 1).
    public let beta2: Double
    /// ln(1/β2); infinite at β2 = 0.
    package let decayExponent: Double

    /// - Throws: `ParameterError` unless 0 ≤ β2 < 1.
    public init(beta2: Double) throws(ParameterError) {
        try self.init(decay: beta2, parameter: .beta2)
    }

    /// That of an exact law, whose integrals would leave the range of doubles for a smaller positive β2.
    /// - Throws: `ParameterError` unless β2 is 0 or in [1e-100, 1).
    init(ofExactLaw beta2: Double) throws(ParameterError) {
        try self.init(beta2: beta2)
        guard beta2 == 0 || beta2 >= 1 / ExactLaw.largestMagnitude else {
            throw ParameterError(parameter: .beta2, value: beta2, rule: "must be 0 or at least 1e-100")
        }
    }

    /// The same average of another sequence, whose decay rate goes by another name in errors.
    package init(decay beta2: Double, parameter: Parameter) throws(ParameterError) {
        guard beta2 >= 0, beta2 < 1 else {
            throw ParameterError(parameter: parameter, value: beta2, rule: "must be in [0, 1)")
        }
        self.beta2 = beta2
        // The kernels' own logarithm, so that the bits do not depend on the C library. 1 - β2 is exact from ½ on, and
        // L = ln(1 + (1-β2)/β2) keeps every digit of it.
        if beta2 >= 0.5 {
            decayExponent = varlab_log1p((1 - beta2) / beta2)
        } else if beta2 > 0 {
            // Scaled out of the subnormal range.
            decayExponent = 100 * 0.6931471805599453 - varlab_log(beta2 * 0x1p100)
        } else {
            decayExponent = .infinity
        }
    }

    /// ρ_∞ = 2/(1-β2) - 1, the length of the average in the limit (section 4.2).
    public var rhoInfinity: Double { (1 + beta2) / (1 - beta2) }

    /// ρ_t = ρ_∞ - 2tβ2^t/(1-β2^t), the simple average with the same centre of mass (Eq. 4); 1 at t = 1.
    public func rho(at step: Int) -> Double {
        precondition(step >= 1, "steps count from 1")
        let t = Double(step)
        if step == 1 || beta2 == 0 { return 1 }
        let exponent = t * decayExponent
        if exponent > 2 { return rhoInfinity - 2 * t / varlab_expm1(exponent) }
        // ρ_t = coth(L/2) + t - t coth(tL/2), and x coth x = 1 + h(x) with h ≈ x²/3.
        return t - 2 / decayExponent
            * (hyperbolicCotangentExcess(exponent / 2) - hyperbolicCotangentExcess(decayExponent / 2))
    }

    /// ν_t = (1+β2)(1-β2^t) / ((1-β2)(1+β2^t)) = (Σw)²/Σw², Satterthwaite's moment-matched length; 1 at t = 1.
    ///
    /// F. E. Satterthwaite, "An approximate distribution of estimates of variance components", Biometrics 2 (1946).
    public func satterthwaite(at step: Int) -> Double {
        precondition(step >= 1, "steps count from 1")
        if step == 1 || beta2 == 0 { return 1 }
        let correction = biasCorrection(at: step)
        return rhoInfinity * correction / (2 - correction)
    }

    /// 1 - β2^t, Adam's bias correction.
    public func biasCorrection(at step: Int) -> Double {
        beta2 == 0 ? 1 : -varlab_expm1(-Double(step) * decayExponent)
    }
}

/// x coth x - 1 for 0 ≤ x ≤ 2, by the continued fraction x²/(3 + x²/(5 + …)).
private func hyperbolicCotangentExcess(_ x: Double) -> Double {
    let square = x * x
    var tail = 27.0
    var odd = 25.0
    while odd >= 3 {
        tail = odd + square / tail
        odd -= 2
    }
    return square / tail
}
