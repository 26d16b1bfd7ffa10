import Errors
import Foundation
import Theory

/// The law of ψ = √X with X ~ Scale-inv-χ²(ρ, τ²): the adaptive learning rate itself.
public struct ScaledInverseChi: Hashable, Sendable {
    /// The law of ψ².
    public let square: ScaledInverseChiSquare

    /// - Throws: `ParameterError` unless ρ and τ² are positive and finite.
    public init(degreesOfFreedom: Double, scale: Double = 1) throws(ParameterError) {
        square = try ScaledInverseChiSquare(degreesOfFreedom: degreesOfFreedom, scale: scale)
    }

    /// 2ψ f(ψ²), with f the density of ψ²; 0 for ψ ≤ 0.
    public func density(at psi: Double) -> Double {
        if !(psi > 0) { return psi.isNaN ? .nan : 0 }
        return 2 * psi * square.density(at: psi * psi)
    }

    /// P(ψ' ≤ ψ); 0 for ψ ≤ 0.
    public func distribution(at psi: Double) -> Double {
        if !(psi > 0) { return psi.isNaN ? .nan : 0 }
        return square.distribution(at: psi * psi)
    }

    /// The ψ below which the given probability lies.
    /// - Throws: `ParameterError` unless 0 ≤ p ≤ 1.
    public func quantile(_ probability: Double) throws(ParameterError) -> Double {
        try square.quantile(probability).squareRoot()
    }

    /// τ √(ρ/2) Γ((ρ-1)/2)/Γ(ρ/2) for ρ > 1, else infinite.
    public var mean: Double {
        // The initialiser has checked what `AdaptiveRateVariance` checks.
        square.scale.squareRoot() * (try! AdaptiveRateVariance.mean(rho: square.degreesOfFreedom))
    }

    /// Eq. 2 times τ² for ρ > 2, else infinite.
    public var variance: Double {
        square.scale * (try! AdaptiveRateVariance.closedForm(rho: square.degreesOfFreedom))
    }

    /// One draw, by inversion of the distribution function.
    public func sample(using generator: inout some RandomNumberGenerator) -> Double {
        square.sample(using: &generator).squareRoot()
    }

    /// Var[ψ] by numerical integration of the density: the path that does not know the closed form.
    ///
    /// ∫ (ψ-c)² f dψ - (∫ (ψ-c) f dψ)² with c the mode of ψ, integrated in ln ψ (`gsl_integration_qag`) with the
    /// bound on the error that GSL reports, propagated. Infinite for ρ ≤ 2.
    /// - Throws: `GSLError` if an integral does not converge.
    public func varianceByQuadrature() throws(GSLError) -> Quadrature {
        let rho = square.degreesOfFreedom
        if rho <= 2 { return Quadrature(value: .infinity, absoluteError: 0) }
        // In y = ln(ψ/τ) the density is exp(-ρ/2 (2y + e^{-2y} - 1)) up to a constant: a peak of width 1/√(2ρ) at 0
        // with a tail e^{-ρy}, against which the integrand grows as e^{2y}.
        let width = 1 / (2 * rho).squareRoot()
        let lower = -min(40 * width, 0.5 * log(1600 / rho + 40))
        let upper = max(40 * width, 45 / (rho - 2) + 10 * width)
        let breakpoints = [-12, -4, 0, 4, 12].map { $0 * width }
        func density(_ y: Double) -> Double {
            let x = exp(-2 * y) * rho
            return 2 * ChiSquare.density(at: x, degreesOfFreedom: rho) * x
        }
        // From here on χ² is below ρ 1e-14 and the density a pure exponential; it would underflow before the integrand.
        let tailStart = 16.0
        let tailDensity = density(tailStart)
        func moment(_ power: Double) throws(GSLError) -> Quadrature {
            try integrate(from: lower, to: upper, breakpoints: breakpoints + [1, 4, tailStart]) { y in
                if y <= tailStart { return density(y) * pow(expm1(y), power) }
                return tailDensity * exp(power * tailStart + (power - rho) * (y - tailStart)) * pow(-expm1(-y), power)
            }
        }
        let first = try moment(1)
        let second = try moment(2)
        let scale = square.scale
        return Quadrature(
            value: scale * (second.value - first.value * first.value),
            absoluteError: scale * (second.absoluteError + 2 * abs(first.value) * first.absoluteError))
    }
}
