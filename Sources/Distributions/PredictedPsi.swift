import Errors
import Theory

/// What Scale-inv-χ² predicts for ψ_t = 1/(√v̂_t + ε): v̂_t as a simple average of ρ squared gradients with E[g²] = 1+μ²
/// (paper, section 3.1), so that 1/√v̂_t ~ Scale-inv-χ(ρ, 1/(1+μ²)).
///
/// In the paper ε = 0; here ε moves the law: P(ψ ≤ x) = P(1/√v̂ ≤ 1/(1/x - ε)).
public struct PredictedPsi: Sendable {
    private let law: ScaledInverseChi
    private let epsilon: Double

    /// - Throws: `ParameterError` unless ρ > 0 and finite and μ is finite, as ``ScaledInverseChi`` does, or ε is negative or not
    ///   finite.
    public init(rho: Double, mean: Double, epsilon: Double) throws(ParameterError) {
        guard epsilon >= 0, epsilon < .infinity else {
            throw ParameterError(parameter: .epsilon, value: epsilon, rule: "must be finite and not negative")
        }
        law = try ScaledInverseChi(degreesOfFreedom: rho, scale: 1 / (1 + mean * mean))
        self.epsilon = epsilon
    }

    /// The density at ψ; 0 outside 0 < ψ < 1/ε.
    public func density(at psi: Double) -> Double {
        let root = inverseRoot(psi)
        guard root.isFinite else { return 0 }
        let ratio = root / psi
        return law.density(at: root) * ratio * ratio
    }

    /// P(ψ' ≤ ψ); 1 from 1/ε on.
    public func distribution(at psi: Double) -> Double { law.distribution(at: inverseRoot(psi)) }

    /// The ψ with P(ψ' ≤ ψ) = p; 1/ε at p = 1.
    /// - Throws: `ParameterError` unless 0 ≤ p ≤ 1.
    public func quantile(_ probability: Double) throws(ParameterError) -> Double {
        1 / (1 / (try law.quantile(probability)) + epsilon)
    }

    /// 1/√v̂ for a value of ψ; infinite from 1/ε on.
    private func inverseRoot(_ psi: Double) -> Double {
        let root = 1 / psi - epsilon
        return root > 0 ? 1 / root : .infinity
    }
}
