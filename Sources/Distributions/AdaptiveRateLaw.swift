import Errors
import Foundation
import Theory

/// The exact law of ψ_t = 1/(√v̂_t + ε), by that of v̂_t.
public struct AdaptiveRateLaw: Sendable {
    /// The law of v̂_t.
    public let secondMoment: SecondMomentLaw
    public let epsilon: Double

    /// - Throws: `ParameterError` unless 0 ≤ ε ≤ 1e8 (beyond, ψ is 1/ε in too many of its digits), and as `SecondMomentLaw`.
    public init(beta2: Double, mean: Double, epsilon: Double = 0, step: Int) throws(ParameterError) {
        guard epsilon >= 0, epsilon <= 1e8 else {
            throw ParameterError(parameter: .epsilon, value: epsilon, rule: "must be in [0, 1e8] for the law of psi")
        }
        secondMoment = try SecondMomentLaw(beta2: beta2, mean: mean, step: step)
        self.epsilon = epsilon
    }

    /// f_v(v) 2√v/ψ² at v = (1/ψ - ε)²; 0 outside 0 < ψ < 1/ε.
    public func density(at psi: Double) -> Double {
        guard let root = root(psi) else { return psi.isNaN ? .nan : 0 }
        return secondMoment.density(at: root * root) * 2 * root / (psi * psi)
    }

    /// P(ψ' ≤ ψ) = P(v̂ ≥ (1/ψ - ε)²).
    public func distribution(at psi: Double) -> Double {
        guard let root = root(psi) else { return psi.isNaN ? .nan : psi <= 0 ? 0 : 1 }
        return secondMoment.tails(at: root * root).upper
    }

    /// The ψ with P(ψ' ≤ ψ) = p; 0 at p = 0, 1/ε at p = 1.
    /// - Throws: `ParameterError` unless 0 ≤ p ≤ 1; `ComputationError` if the root finder fails.
    public func quantile(_ probability: Double) throws -> Double {
        1 / (try secondMoment.upperQuantile(probability).squareRoot() + epsilon)
    }

    /// √v̂ for a value of ψ that the law can take.
    private func root(_ psi: Double) -> Double? {
        guard psi > 0 else { return nil }
        var root = 1 / psi - epsilon
        // With what the quotient's rounding took, which beside a large ε would be much of the root.
        if epsilon > 0, root.isFinite { root += (1.0).addingProduct(-psi, 1 / psi) / psi }
        return root > 0 ? root : nil
    }
}
