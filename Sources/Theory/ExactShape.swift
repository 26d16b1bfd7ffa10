import CLibC
import Errors
import SpecialFunctions

/// How far from normal a sample's moments of ψ_t are: its relative variance and its kurtosis under the exact law of
/// g ~ N(μ, 1), step after step from t = 1 on.
///
/// As in ``ExactLaw`` the powers are taken about f = 1/(√m + ε), m = 1 + μ², where hardly anything cancels:
///
///     d_k = E[ψ^k] - f^k = ∫ c_k s^{k/2-1} ê_k(ε√s) (M_t(s) - e^{-sm}) ds,    c = 1, 4, 12, 32,
///
/// from which E[(ψ-f)^k] follows by the binomial theorem, and from that the central moments. On fixed nodes in a = 2 s c_t a step
/// costs one factor a node. Meant for decisions: relative error below 1e-6 for ε ≤ 1 and |μ| ≤ 1e3.
package struct ExactShape {
    /// Var[ψ]/E[ψ]² and E[(ψ-E[ψ])⁴]/Var[ψ]²; infinite where a moment is.
    package struct Moments: Sendable {
        package let relativeVariance: Double
        package let kurtosis: Double
    }

    private let average: ExponentialAverage
    private let squaredMean: Double
    private let epsilon: Double
    /// The last step that was taken in.
    package private(set) var step = 0
    private let nodes: [Double]
    /// At each node: Σ ln(1 + a_k), Σ (a_k - ln(1 + a_k)), Σ a_k/(1 + a_k) and Σ a_k²/(1 + a_k) over a_k = a β2^k.
    private var logFactor: [Double]
    private var logExcess: [Double]
    private var shift: [Double]
    private var shiftExcess: [Double]

    private static let spacing = 0.25

    /// - Throws: `ParameterError` unless 0 ≤ β2 < 1, μ is finite and ε ≥ 0 finite.
    package init(beta2: Double, mean: Double, epsilon: Double) throws(ParameterError) {
        average = try ExponentialAverage(beta2: beta2)
        guard mean.magnitude < .infinity else { throw ParameterError(parameter: .mu, value: mean, rule: "must be finite") }
        guard epsilon >= 0, epsilon < .infinity else {
            throw ParameterError(parameter: .epsilon, value: epsilon, rule: "must be finite and not negative")
        }
        squaredMean = mean * mean
        self.epsilon = epsilon
        // From where M - e^{-sm} vanishes to where s² M does: at t = 5 like s^{-1/2} beyond the smallest weight, with ε > 0 like 1/s
        // beyond 1/ε². Doubles end at e^{709}.
        let lowest = log(2 * (1 - beta2) / (1 + squaredMean)) - (epsilon > 0 ? 30 : 20)
        let highest = epsilon > 0
            ? 50 + max(0, -2 * log(epsilon)) : 60 + (beta2 > 0 ? 5 * min(average.decayExponent, 100) : 0)
        nodes = stride(from: lowest, through: min(highest, 690), by: Self.spacing).map { exp($0) }
        logFactor = Array(repeating: 0, count: nodes.count)
        (logExcess, shift, shiftExcess) = (logFactor, logFactor, logFactor)
    }

    /// Takes in the next step.
    package mutating func advance() {
        let decay = average.beta2 == 0 ? (step == 0 ? 1 : 0) : exp(-Double(step) * average.decayExponent)
        step += 1
        guard decay > 0 else { return }
        for index in nodes.indices {
            let a = nodes[index] * decay
            let logarithm = log1p(a)
            logFactor[index] += logarithm
            // a - ln(1 + a) where it cancels.
            logExcess[index] += a < 1e-3 ? a * a * (0.5 - a * (1 / 3.0 - a * (0.25 - a * 0.2))) : a - logarithm
            shift[index] += a / (1 + a)
            shiftExcess[index] += a * (a / (1 + a))
        }
    }

    /// The moments at ``step``.
    /// - Precondition: a step was taken in.
    package func moments() -> Moments {
        precondition(step > 0, "steps count from 1")
        let terms = average.beta2 == 0 ? 1 : step
        if epsilon == 0, terms <= 2 { return Moments(relativeVariance: .infinity, kurtosis: .infinity) }
        let twoWeights = 2 * (1 - average.beta2) / average.biasCorrection(at: step)
        var d = (0.0, 0.0, 0.0, 0.0)
        let atZero = fourScaledErrorIntegrals(0)
        for (index, a) in nodes.enumerated() {
            let s = a / twoWeights
            let root = s.squareRoot()
            let transform = exp(-0.5 * (logFactor[index] + squaredMean * shift[index]))
            let difference = -transform * expm1(-0.5 * (logExcess[index] + squaredMean * shiftExcess[index]))
            guard difference > 0 else { continue }
            let kernel = epsilon > 0 ? fourScaledErrorIntegrals(epsilon * root) : atZero
            // Products of which no part leaves the range before the whole does.
            d.0 += kernel.0 * (root * difference)
            d.1 += 4 * kernel.1 * root * (root * difference)
            d.2 += 12 * kernel.2 * s * (root * difference)
            d.3 += 32 * kernel.3 * s * (s * difference)
        }
        let h = Self.spacing
        let f = 1 / ((1 + squaredMean).squareRoot() + epsilon)
        // In units of f: E[(ψ/f - 1)^k].
        let e = (d.0 * h / f, d.1 * h / (f * f), d.2 * h / (f * f * f), d.3 * h / (f * f * f * f))
        let first = e.0
        let second = e.1 - 2 * e.0
        let third = e.2 - 3 * e.1 + 3 * e.0
        let fourth = e.3 - 4 * e.2 + 6 * e.1 - 4 * e.0
        let variance = second - first * first
        let central = fourth - first * (4 * third - first * (6 * second - 3 * first * first))
        return Moments(
            relativeVariance: variance / ((1 + first) * (1 + first)),
            kurtosis: epsilon == 0 && terms <= 4 ? .infinity : central / (variance * variance))
    }
}
