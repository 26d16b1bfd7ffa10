import Distributions
import Errors
import Theory

/// What Scale-inv-χ² predicts for ψ_t = 1/(√v̂_t + ε): v̂_t as a simple average of ρ squared gradients with E[g²] = 1+μ².
struct PredictedPsi: Sendable {
    private let law: ScaledInverseChi
    private let epsilon: Double

    init(rho: Double, mean: Double, epsilon: Double) throws(ParameterError) {
        law = try ScaledInverseChi(degreesOfFreedom: rho, scale: 1 / (1 + mean * mean))
        self.epsilon = epsilon
    }

    func density(at psi: Double) -> Double {
        let root = inverseRoot(psi)
        guard root.isFinite else { return 0 }
        let ratio = root / psi
        return law.density(at: root) * ratio * ratio
    }

    func distribution(at psi: Double) -> Double { law.distribution(at: inverseRoot(psi)) }

    func quantile(_ probability: Double) throws(ParameterError) -> Double {
        1 / (1 / (try law.quantile(probability)) + epsilon)
    }

    /// 1/√v̂ for a value of ψ; infinite from 1/ε on.
    private func inverseRoot(_ psi: Double) -> Double {
        let root = 1 / psi - epsilon
        return root > 0 ? 1 / root : .infinity
    }
}
