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
}
