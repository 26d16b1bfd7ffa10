import CKernels
import Errors
import SpecialFunctions

/// The exact law of ψ_t for gradients that are divided by their own root mean square: R_t = S ψ_t = S/√v̂_t with S² = Σ_{i≤T} g_i²/T,
/// for independent g_i ~ N(0, σ²), ε = 0 and t ≤ T.
///
/// That is all that recorded gradients show of ψ_t when σ is taken from the very steps that are looked at, and it varies less than
/// ψ_t itself: not at all at t = T as β2 → 1. The law of ψ_t is its limit T → ∞.
///
/// R_t does not depend on σ, and S² is a complete sufficient statistic of it, so that the two are independent (D. Basu, "On statistics
/// independent of a complete sufficient statistic", Sankhyā 15, 1955). Hence at σ = 1, where ψ_t = R_t/S,
///
///     E[R] = E[ψ_t]/k,   E[R²] = E[ψ_t²] (T-2)/T,   k = E[1/S] = √(T/2) Γ((T-1)/2)/Γ(T/2),   E[1/S²] = T/(T-2),
///
/// and the variance is their difference,
///
///     Var[R] = (T-2)/T (Var[ψ_t] - E[ψ_t]² D/(1-D)),   D = 1 - (T-2)/T k².
///
/// Where that leaves less than a thousandth of Var[ψ_t], for t near T and T(1-β2) ≪ 1, the variance is computed without it: with
/// x = 2s/T and y_i = x (T w_i - 1)/(1+x), where the weight w_i of a gradient after t is 0, Σ y_i = 0 makes the Laplace transform of
/// v̂_t relative to that of S²
///
///     M_t(s)/(1+x)^{-T/2} = e^Λ,   Λ = ½ Σ_{i≤T} (y_i - ln(1+y_i)),
///
/// all of whose terms are positive, and so are e₁ = E[R] - 1 = k^{-1} π^{-½} ∫ s^{-½} M_t (1-e^{-Λ}) ds and
/// e₂ = E[R²] - 1 = (T-2)/T ∫ M_t (1-e^{-Λ}) ds. Of Var[R] = e₂ - 2e₁ - e₁² a quarter remains. Relative error of the variance below
/// 1e-9 + 1e-15/(T(1-β2)).
public struct SelfNormalizedLaw: Sendable {
    /// Of the squared gradients.
    public let average: ExponentialAverage
    /// T, the number of steps whose root mean square is 1.
    public let stepCount: Int

    /// - Throws: `ParameterError` unless β2 is 0 or in [1e-100, 1), and T ≥ 3: the root mean square of fewer has no finite E[1/S²].
    public init(beta2: Double, stepCount: Int) throws(ParameterError) {
        average = try ExponentialAverage(ofExactLaw: beta2)
        guard stepCount >= 3 else { throw ParameterError(parameter: .steps, value: stepCount, rule: "must be at least 3") }
        self.stepCount = stepCount
    }

    /// k = E[1/S] at σ = 1, which tends to 1 as T grows.
    public var meanInverseRootMeanSquare: Double {
        let half = Double(stepCount) / 2
        return (half * squaredHalfGammaRatio(half - 1)).squareRoot()
    }

    /// E[R], E[R²] and Var[R] at each of the ascending steps; infinite where those of ψ_t are.
    /// - Precondition: the steps are from 1 to ``stepCount``.
    public func moments(at steps: [Int]) -> [ExactMoments] {
        // β2 is in its domain.
        moments(at: steps, unnormalized: try! ExactLaw(beta2: average.beta2, means: [0]).moments(at: steps)[0])
    }

    /// The same where the moments of ψ_t at μ = 0 and ε = 0 are known.
    package func moments(at steps: [Int], unnormalized: [ExactMoments]) -> [ExactMoments] {
        precondition(steps.allSatisfy { $0 >= 1 && $0 <= stepCount }, "steps among those of the root mean square")
        let freedom = Double(stepCount - 2) / Double(stepCount)
        let deficit = squaredHalfGammaRatioDeficit(Double(stepCount - 2) / 2)
        return zip(steps, unnormalized).map { step, rate in
            guard rate.variance.isFinite else {
                return ExactMoments(mean: rate.mean / meanInverseRootMeanSquare, meanSquare: .infinity, variance: .infinity)
            }
            let variance = rate.variance - rate.mean * rate.mean * (deficit / (1 - deficit))
            if variance < 1e-3 * rate.variance { return momentsNearOne(at: step) }
            return ExactMoments(
                mean: rate.mean / meanInverseRootMeanSquare, meanSquare: freedom * rate.meanSquare, variance: freedom * variance)
        }
    }

    /// The same at one step from t = 3 on, relative to R = 1.
    func momentsNearOne(at step: Int) -> ExactMoments {
        let weights = Weights(average, step: step, stepCount: stepCount)
        var (first, second) = (0.0, 0.0)
        var index = Self.start / Self.spacing
        var small = 0
        while small < 3, index * Self.spacing < 700 {
            let s = varlab_exp(index * Self.spacing)
            let transform = weights.transform(s)
            let excess = -varlab_expm1(-transform.excess) * varlab_exp(transform.logarithm)
            let (firstTerm, secondTerm) = (0.5641895835477563 * s.squareRoot() * excess, s * excess)
            first += firstTerm
            second += secondTerm
            // Before the mass at s ≈ 1 the terms only grow.
            small = index > 0 && !(max(firstTerm / first, secondTerm / second) > 1e-19) ? small + 1 : 0
            index += 1
        }
        let e1 = first * Self.spacing / meanInverseRootMeanSquare
        let e2 = second * Self.spacing * (Double(stepCount - 2) / Double(stepCount))
        return ExactMoments(mean: 1 + e1, meanSquare: 1 + e2, variance: e2 - e1 * (2 + e1))
    }

    /// The trapezoid rule in ln s, as for the law of ψ_t; below, (1-e^{-Λ}) √s is less than 1e-19 of its maximum.
    private static let spacing = 0.2, start = -18.0
}

extension SelfNormalizedLaw {
    /// Those of v̂_t over all T steps, long runs of them by the nodes of `UniformSumRule`.
    private struct Weights {
        /// w_i and how many steps have it.
        private let terms: [(weight: Double, count: Double)]
        /// The steps of weight 0.
        private let unweighted: Double
        private let total: Double

        init(_ average: ExponentialAverage, step: Int, stepCount: Int) {
            // No momentum: its decay rate of 0 changes nothing in these weights.
            let sum = UpdateTerms(momentum: .withoutMemory, square: average, step: step)
            terms = zip(sum.relativeWeights, sum.multiplicities).map { (sum.largestWeight * $0, $1) }
            total = Double(stepCount)
            unweighted = (total - sum.multiplicities.reduce(0, +)).rounded()
        }

        /// ln M_t(s) and Λ.
        func transform(_ s: Double) -> (logarithm: Double, excess: Double) {
            let x = 2 * s / total
            let relative = x / (1 + x)
            let logarithmOfEqual = varlab_log1p(x)
            var logarithm = 0.0
            var excess = unweighted * Self.excess(-relative, logarithm: -logarithmOfEqual)
            for term in terms {
                let one = varlab_log1p(2 * s * term.weight)
                logarithm += term.count * one
                excess += term.count * Self.excess(relative * (total * term.weight - 1), logarithm: one - logarithmOfEqual)
            }
            return (-0.5 * logarithm, 0.5 * excess)
        }

        /// y - ln(1+y) for y > -1, given ln(1+y) for where it does not cancel.
        private static func excess(_ y: Double, logarithm: Double) -> Double {
            if abs(y) > 0.25 { return y - logarithm }
            // ln(1+y) = 2 artanh(z), z = y/(2+y), and y - 2z = yz.
            let z = y / (2 + y)
            return z * (y - 2 * TransformValues.hyperbolicTangentTail(z * z, through: 21))
        }
    }
}

extension ExponentialAverage {
    /// The newest value alone.
    fileprivate static let withoutMemory: ExponentialAverage = {
        // 0 is in [0, 1).
        try! ExponentialAverage(decay: 0, parameter: .beta1)
    }()
}
