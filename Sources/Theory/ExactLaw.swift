import CKernels
import Errors

/// Moments of ψ_t = 1/(√v̂_t + ε) under the exponential average. Each is `inf` only where it is infinite or beyond the range of
/// doubles, and 0 only below it.
public struct ExactMoments: Hashable, Sendable {
    /// E[ψ]; infinite at t = 1 when ε = 0.
    public let mean: Double
    /// E[ψ²]; infinite for t ≤ 2 when ε = 0.
    public let meanSquare: Double
    /// Var[ψ], computed without subtracting the two; infinite for t ≤ 2 when ε = 0.
    public let variance: Double
}

/// The exact law of ψ_t = 1/(√v̂_t + ε) when the g_i are independent N(μ, 1), without simulation.
///
/// v̂_t = Σ_k w_k g² with w_k = c_t β2^k, c_t = (1-β2)/(1-β2^t), is a weighted sum of noncentral χ²_1 variables with
/// E[v̂_t] = m = 1 + μ² and Laplace transform
///
///     M_t(s) = E e^{-s v̂} = Π_k (1 + 2 s w_k)^{-1/2} exp(-μ² Σ_k s w_k/(1 + 2 s w_k)).
///
/// 1/(√v+ε) and its square are Laplace transforms themselves, of k(s) = s^{-1/2} E₁(ε√s) and E₂(ε√s), with the scaled
/// repeated error integrals E₁ and E₂ (1/√π and 1 at ε = 0). Instead of E[ψ²] - E[ψ]², which loses up to ten digits,
/// the moments are taken relative to a v̂ that always equals m: with f = 1/(√m + ε),
///
///     d₁ = E[ψ] - f = ∫ k(s) (M_t(s) - e^{-sm}) ds,    d₂ = E[ψ²] - f² = ∫ E₂(ε√s) (M_t(s) - e^{-sm}) ds,
///     Var[ψ] = d₂ - 2 f d₁ - d₁²,
///
/// where M - e^{-sm} = M (1 - e^{-Λ}) and Λ = ln M + sm is a sum of positive terms. In u = ln s the trapezoid rule
/// converges geometrically, and on fixed nodes in a = 2 s c_t every sum over k grows by one term a step: a whole curve
/// t = 1…T in one pass. Relative error of the variance below 1e-12.
///
/// Two ends of ε need more. Where ε is far above √m the terms of the variance cancel; with E₃(x) = 12 e^{x²} i³erfc(x), which is
/// 2E₁ - xE₂, the same variance is
///
///     Var[ψ] = f (√m d₂ - d₃) - d₁²,    d₃ = ∫ s^{-1/2} E₃(ε√s) (M_t(s) - e^{-sm}) ds.
///
/// Where ε is tiny the moments of the first two steps come from s = 1/ε²; `ExactLawTail` goes on to there. From |μ| = 1e50 on
/// the leading order Var[ψ] = f⁴/ν_t, ν_t Satterthwaite's length, is exact to the last digit.
public struct ExactLaw: Sendable {
    public let average: ExponentialAverage
    /// The means μ, which share all products over k.
    public let means: [Double]
    /// ε ≥ 0, added to √v̂_t.
    public let epsilon: Double

    /// Parameters beyond this size, or nearer to 0 than its inverse, would leave the range of doubles on the way.
    static let largestMagnitude = 1e100
    /// From this |μ| on the law is its leading order in 1/μ.
    static let leadingOrderFrom = 1e50

    /// Any finite ε ≥ 0 is allowed.
    /// - Throws: `ParameterError` unless 0 ≤ β2 < 1, |μ| ≤ 1e100 and 0 ≤ ε < ∞; for a β2 that is positive but below 1e-100.
    public init(beta2: Double, means: [Double], epsilon: Double = 0) throws(ParameterError) {
        average = try ExponentialAverage(ofExactLaw: beta2)
        for mean in means {
            guard abs(mean) <= Self.largestMagnitude else {
                throw ParameterError(parameter: .mu, value: mean, rule: "must be finite and at most 1e100 in size")
            }
        }
        guard epsilon >= 0, epsilon.isFinite else {
            throw ParameterError(parameter: .epsilon, value: epsilon, rule: "must be finite and not negative")
        }
        self.means = means
        self.epsilon = epsilon
    }

    /// The domain of ε for laws that have no other form at its two ends, as this one has.
    static func requireMagnitude(epsilon: Double) throws(ParameterError) {
        guard epsilon == 0 || (epsilon >= 1 / largestMagnitude && epsilon <= largestMagnitude) else {
            throw ParameterError(parameter: .epsilon, value: epsilon, rule: "must be 0 or in [1e-100, 1e100]")
        }
    }

    /// Whether ε is so far above √m that the terms of the variance cancel.
    func dominates(mean: Double) -> Bool { epsilon > 32 * (1 + mean * mean).squareRoot() }

    /// The moments at each of the steps, as `result[mean][step]`.
    ///
    /// - Parameter steps: ascending, from 1 on. Time grows with the last one up to about 70/(1-β2), and with their
    ///   number.
    public func moments(at steps: [Int]) -> [[ExactMoments]] {
        moments(at: steps, variant: varlab_best_variant())
    }

    /// The limit t → ∞, at each mean.
    public func limit() -> [ExactMoments] {
        // A step at which nothing changes any more.
        moments(at: [Int((800 / average.decayExponent).rounded(.up)) + 3]).map { $0[0] }
    }

    /// A walk over ascending steps that is asked for the moments piece by piece.
    /// - Parameter lastStep: no later step will be asked for.
    public func sweep(through lastStep: Int) -> ExactLawSweep {
        ExactLawSweep(law: self, lastStep: lastStep, variant: varlab_best_variant())
    }

    package func moments(at steps: [Int], variant: varlab_variant) -> [[ExactMoments]] {
        ExactLawSweep(law: self, lastStep: steps.last ?? 1, variant: variant).moments(at: steps)
    }

    /// E[(m̂_t ψ_t)²] at each of the ascending steps, for μ = 0 and ε = 0: the second moment of the whole update, by an
    /// ``UpdateSecondMomentSweep``.
    /// - Throws: `ParameterError` unless both decay rates are in [0, 1), and for a positive β2 below 1e-100.
    public static func updateSecondMoment(
        beta1: Double, beta2: Double, at steps: [Int]
    ) throws(ParameterError) -> [Double] {
        try UpdateSecondMomentSweep(beta1: beta1, beta2: beta2, lastStep: steps.last ?? 1).secondMoments(at: steps)
    }
}
