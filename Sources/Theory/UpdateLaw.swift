import CKernels
import Errors
import SpecialFunctions

/// The exact law of Adam's whole update u_t = m̂_t/(√v̂_t + ε) for independent g_i ~ N(μ, 1): its moments.
///
/// Under e^{-s v̂}, normalised, the gradients stay independent and normal, so that m̂ ~ N(A(s), B(s)) with x_k = 2 s w_k and
///
///     A = Σ a_k μ/(1+x_k),   B = Σ a_k²/(1+x_k),   M(s) = E e^{-s v̂}.
///
/// With the Laplace transforms k(s) of 1/(√v+ε) and E₂(ε√s) of its square, as in ``ExactLaw``,
///
///     E[u] = ∫ k(s) M A ds,    E[u²] = ∫ E₂(ε√s) M (B + A²) ds,
///
/// both taken relative to gradients that always equal their root mean square, so that the variance does not cancel where |μ| is
/// large. For gradients of standard deviation σ pass μ/σ and ε/σ: u has no scale.
public struct UpdateLaw: Sendable {
    /// The decay rates of m̂ and v̂.
    public let beta1, beta2: Double
    /// μ, in units of σ.
    public let mean: Double
    /// ε ≥ 0, added to √v̂_t, in units of σ.
    public let epsilon: Double
    /// t, from 1.
    public let step: Int
    package let terms: UpdateTerms

    /// - Throws: `ParameterError` unless both decay rates are in [0, 1) and β2 is 0 or at least 1e-100, |μ| ≤ 1e6, ε is 0 or in [1e-100, 1e100]
    ///   and t ≥ 1.
    public init(beta1: Double, beta2: Double, mean: Double = 0, epsilon: Double = 0, step: Int) throws(ParameterError) {
        let momentum = try ExponentialAverage(decay: beta1, parameter: .beta1)
        let square = try ExponentialAverage(ofExactLaw: beta2)
        guard abs(mean) <= 1e6 else { throw ParameterError(parameter: .mu, value: mean, rule: "must be at most 1e6 in size") }
        try ExactLaw.requireMagnitude(epsilon: epsilon)
        guard step >= 1 else { throw ParameterError(parameter: .steps, value: step, rule: "must be at least 1") }
        (self.beta1, self.beta2, self.mean, self.epsilon, self.step) = (beta1, beta2, mean, epsilon, step)
        terms = UpdateTerms(momentum: momentum, square: square, step: step)
    }

    /// The same for another mean, at most 1e6 in size, and another ε.
    init(_ law: UpdateLaw, mean: Double, epsilon: Double? = nil) {
        precondition(abs(mean) <= 1e6, "a mean beyond the law's domain")
        (beta1, beta2, self.mean, self.epsilon, step, terms) = (law.beta1, law.beta2, mean, epsilon ?? law.epsilon, law.step, law.terms)
    }

    /// sup |u_t| over all gradients: √(Σ a_k²/w_k) by Cauchy and Schwarz, 1 at t = 1; a supremum that ε > 0 keeps from being reached.
    public var largest: Double { terms.largestUpdate }

    /// Moments of u_t.
    public struct Moments: Hashable, Sendable {
        /// E[u]; nil where it does not exist (β2 = 0 < β1, μ ≠ 0, ε = 0 and t ≥ 2).
        public let mean: Double?
        /// E[u²], at most the square of ``UpdateLaw/largest``.
        public let secondMoment: Double
        /// Var[u].
        public let variance: Double

        /// √E[u²]: the root mean square over many coordinates.
        public var rootMeanSquare: Double { secondMoment.squareRoot() }

        /// |E[u]|/√Var[u]; nil where the variance is 0 or infinite.
        public var signalToNoise: Double? {
            guard let mean, variance > 0, variance.isFinite else { return nil }
            return abs(mean) / variance.squareRoot()
        }
    }

    /// E[u], E[u²] and Var[u]; the relative error of each is below 1e-12.
    public func moments() -> Moments { elementaryMoments ?? moments { node($0, squaredMean: mean * mean) } }

    /// Those that take no integral.
    var elementaryMoments: Moments? {
        // With ε = 0 the first update is the sign of the first gradient, and every one is where both averages have length 1.
        if epsilon == 0, step == 1 || (beta1 == 0 && beta2 == 0) {
            let positive = 0.5 * Self.complementaryError(-mean / 2.0.squareRoot())
            let negative = 0.5 * Self.complementaryError(mean / 2.0.squareRoot())
            return Moments(mean: positive - negative, secondMoment: 1, variance: 4 * positive * negative)
        }
        if epsilon == 0, beta2 == 0 { return Moments(mean: mean == 0 ? 0 : nil, secondMoment: .infinity, variance: .infinity) }
        return nil
    }

    /// The moments from the law under e^{-s v̂} at any s.
    func moments(_ node: (Double) -> Node) -> Moments {
        let square = 1 + mean * mean
        let atPointMass = mean / (square.squareRoot() + epsilon)
        var (first, second) = (0.0, 0.0)
        integrate(node) { node in
            let kernels = node.kernels(epsilon)
            // (A - μ e^{-Λ})/μ and (A² - μ² e^{-Λ})/μ²: where Λ is small from 1 - e^{-Λ} and S, where A itself is small from that.
            let defect = -varlab_expm1(-node.excess), rest = varlab_exp(max(-node.excess, -745))
            let isNear = node.excess < 1
            let firstPart = isNear ? defect - node.shrinkage : node.kept - rest
            let secondPart = isNear ? defect - node.shrinkage * (2 - node.shrinkage) : node.kept * node.kept - rest
            let firstTerm = node.transform * kernels.first * mean * firstPart
            let secondTerm = node.transform * kernels.second * (node.momentumVariance + mean * mean * secondPart)
            first += firstTerm
            second += secondTerm
            let share = abs(secondTerm) / abs(second)
            return mean == 0 ? share : max(abs(firstTerm) / max(abs(first), abs(atPointMass) / Self.spacing), share)
        }
        first *= Self.spacing
        second *= Self.spacing
        return Moments(
            mean: atPointMass + first, secondMoment: atPointMass * atPointMass + second,
            variance: second - first * (2 * atPointMass + first))
    }

    /// P(u_t μ < 0): the step goes uphill. Φ(-|μ|/√Σa_k²), whatever β2 and ε are; nil at μ = 0.
    public var wrongSignProbability: Double? {
        mean == 0 ? nil : wrongSignProbability(momentumVariance: terms.momentumVariance)
    }

    /// Φ(-|μ|/√Var[m̂]).
    func wrongSignProbability(momentumVariance: Double) -> Double {
        0.5 * Self.complementaryError(abs(mean) / (2 * momentumVariance).squareRoot())
    }
}

extension UpdateLaw {
    /// The spacing of the trapezoid rule in ln s, as for the exact law of ψ_t.
    static let spacing = 0.2

    /// The transform at a node s, and m̂'s law under it.
    struct Node {
        let s: Double
        /// x_0 = 2 s c.
        let argument: Double
        /// M(s).
        let transform: Double
        /// Λ = ln M + s E[v̂], a sum of positive terms.
        let excess: Double
        /// S = 1 - A/μ = Σ a_k x_k/(1+x_k), in [0, 1].
        let shrinkage: Double
        /// A/μ = Σ a_k/(1+x_k), without cancellation.
        let kept: Double
        /// B.
        let momentumVariance: Double

        /// s k(s) and s E₂(ε√s).
        func kernels(_ epsilon: Double) -> (first: Double, second: Double) {
            let root = s.squareRoot()
            if epsilon == 0 { return (root * 0.5641895835477563, s) }
            let integrals = scaledRepeatedErrorIntegrals(epsilon * root)
            return (root * integrals.first, s * integrals.second)
        }
    }

    /// Visits the nodes from small s up.
    /// - Parameter visit: returns the share of the node in the sums; three small ones in a row end the visits.
    func integrate(_ visit: (Node) -> Double) {
        integrate({ node($0, squaredMean: mean * mean) }, visit)
    }

    /// The same with the law under e^{-s v̂} from elsewhere.
    func integrate(_ node: (Double) -> Node, _ visit: (Node) -> Double) {
        let square = 1 + mean * mean
        let start = -varlab_log(max(square, epsilon * epsilon)) - 46
        var index = (start / Self.spacing).rounded(.down)
        var small = 0
        // Where both scales are passed the integrands only fall.
        let passed = max(-varlab_log(square), epsilon > 0 ? -2 * varlab_log(epsilon) : -.infinity)
        while small < 3, index * Self.spacing < 700 {
            let logarithm = index * Self.spacing
            let share = visit(node(varlab_exp(logarithm)))
            small = logarithm > passed && share < 1e-19 ? small + 1 : 0
            index += 1
        }
    }

    func node(_ s: Double, squaredMean: Double) -> Node {
        let largest = 2 * s * terms.largestWeight
        var sums = [0.0, 0.0, 0.0, 0.0, 0.0]
        terms.withKernelTerms { varlab_update_law_node(varlab_best_variant(), $0, largest, squaredMean, &sums) }
        return Node(
            s: s, argument: largest, transform: varlab_exp(sums[0]), excess: sums[1], shrinkage: sums[2], kept: sums[4],
            momentumVariance: sums[3])
    }

    /// erfc by the scaled functions of this module: the same bits on every processor.
    static func complementaryError(_ x: Double) -> Double {
        if x < 0 { return 2 - Self.complementaryError(-x) }
        // erfcx = e^{x²} erfc x = (4 e^{x²} i²erfc + 2x e^{x²} i¹erfc ...): from i²erfc = (erfc - 2x i¹erfc)/4.
        let integrals = scaledRepeatedErrorIntegrals(x)
        return varlab_exp(-x * x) * (integrals.second + 2 * x * integrals.first)
    }
}
