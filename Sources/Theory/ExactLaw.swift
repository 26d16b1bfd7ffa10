import CKernels
import Errors

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
/// t = 1…T in one pass. Relative error of the variance below 1e-12 for ε ≤ 1.
public struct ExactLaw: Sendable {
    public let average: ExponentialAverage
    /// The means μ, which share all products over k.
    public let means: [Double]
    /// ε ≥ 0, added to √v̂_t.
    public let epsilon: Double

    /// Parameters beyond this size, or nearer to 0 than its inverse, would leave the range of doubles on the way.
    static let largestMagnitude = 1e100

    /// - Throws: `ParameterError` unless 0 ≤ β2 < 1, |μ| ≤ 1e100, and ε is 0 or in [1e-100, 1e100]; for a β2 that is
    ///   positive but below 1e-100.
    public init(beta2: Double, means: [Double], epsilon: Double = 0) throws(ParameterError) {
        average = try ExponentialAverage(beta2: beta2)
        guard beta2 == 0 || beta2 >= 1 / Self.largestMagnitude else {
            throw ParameterError(parameter: .beta2, value: beta2, rule: "must be 0 or at least 1e-100")
        }
        for mean in means {
            guard abs(mean) <= Self.largestMagnitude else {
                throw ParameterError(parameter: .mu, value: mean, rule: "must be finite and at most 1e100 in size")
            }
        }
        guard epsilon == 0 || (epsilon >= 1 / Self.largestMagnitude && epsilon <= Self.largestMagnitude) else {
            throw ParameterError(parameter: .epsilon, value: epsilon, rule: "must be 0 or in [1e-100, 1e100]")
        }
        self.means = means
        self.epsilon = epsilon
    }

    /// The moments at each of the steps, as `result[mean][step]`.
    ///
    /// - Parameter steps: ascending, from 1 on. Time grows with the last one up to about 70/(1-β2), and with their
    ///   number.
    public func moments(at steps: [Int]) -> [[ExactMoments]] {
        moments(at: steps, variant: varlab_best_variant())
    }

    /// The same for a long run of steps, `count` at a time: `body` gets the places in `steps` and the moments there, as
    /// `moments[mean][step]`. The values are those of `moments(at:)`.
    package func moments(
        at steps: [Int], inPiecesOf count: Int, _ body: (Range<Int>, [[ExactMoments]]) throws -> Void
    ) rethrows {
        guard let last = steps.last else { return }
        var sweep = ExactLawSweep(law: self, lastStep: last, momentum: nil, variant: varlab_best_variant())
        for start in stride(from: 0, to: steps.count, by: count) {
            let places = start..<min(start + count, steps.count)
            var moments = [[ExactMoments]](repeating: [], count: means.count)
            for place in places {
                sweep.advance(to: steps[place])
                for index in means.indices { moments[index].append(sweep.moments(meanIndex: index)) }
            }
            try body(places, moments)
        }
    }

    /// The limit t → ∞, at each mean.
    public func limit() -> [ExactMoments] {
        moments(at: [ExactLawSweep.limitStep(average)]).map { $0[0] }
    }

    package func moments(at steps: [Int], variant: varlab_variant) -> [[ExactMoments]] {
        var result = means.map { _ in
            var row: [ExactMoments] = []
            row.reserveCapacity(steps.count)
            return row
        }
        guard let last = steps.last, !means.isEmpty else { return result }
        var sweep = ExactLawSweep(law: self, lastStep: last, momentum: nil, variant: variant)
        for step in steps {
            sweep.advance(to: step)
            for index in means.indices {
                result[index].append(sweep.moments(meanIndex: index))
            }
        }
        return result
    }

    /// E[(m̂_t ψ_t)²] at each of the ascending steps, for μ = 0 and ε = 0: the second moment of the whole update.
    ///
    /// With a_i the weights of m̂_t on the same g_i: ∫ M_t(s) Σ_i a_i²/(1 + 2 s w_i) ds. It is 1 at t = 1 and finite at
    /// every t.
    /// - Throws: `ParameterError` unless both decay rates are in [0, 1), and for a positive β2 below 1e-100.
    public static func updateSecondMoment(
        beta1: Double, beta2: Double, at steps: [Int]
    ) throws(ParameterError) -> [Double] {
        let law = try ExactLaw(beta2: beta2, means: [0])
        let momentum = try ExponentialAverage(decay: beta1, parameter: .beta1)
        guard let last = steps.last else { return [] }
        var sweep = ExactLawSweep(law: law, lastStep: last, momentum: momentum, variant: varlab_best_variant())
        return steps.map { step in
            sweep.advance(to: step)
            return sweep.updateSecondMoment()
        }
    }
}
