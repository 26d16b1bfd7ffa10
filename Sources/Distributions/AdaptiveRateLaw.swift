import CLibC
import Errors
import SpecialFunctions
import Theory

/// The exact law of ψ_t = 1/(√v̂_t + ε), by that of v̂_t.
public struct AdaptiveRateLaw: Sendable {
    /// The law of v̂_t.
    public let secondMoment: any SecondMomentDistribution
    public let epsilon: Double

    /// - Throws: `ParameterError` unless 0 ≤ ε ≤ 1e8 (beyond, ψ is 1/ε in too many of its digits), and as `SecondMomentLaw`.
    public init(beta2: Double, mean: Double, epsilon: Double = 0, step: Int) throws(ParameterError) {
        try self.init(epsilon: epsilon) { () throws(ParameterError) in try SecondMomentLaw(beta2: beta2, mean: mean, step: step) }
    }

    /// The same for gradients of any `GradientProcess`; independent normal ones by `SecondMomentLaw`.
    /// - Throws: likewise, and as `ProcessSecondMomentLaw`.
    public init(beta2: Double, process: GradientProcess, epsilon: Double = 0, step: Int) throws(ParameterError) {
        let isStandard = process.law == .normal && process.autocorrelation == 0 && process.isStationary
        try self.init(epsilon: epsilon) { () throws(ParameterError) -> any SecondMomentDistribution in
            if isStandard { return try SecondMomentLaw(beta2: beta2, mean: process.mean, step: step) }
            return try ProcessSecondMomentLaw(beta2: beta2, process: process, step: step)
        }
    }

    private init(
        epsilon: Double, _ secondMoment: () throws(ParameterError) -> any SecondMomentDistribution
    ) throws(ParameterError) {
        guard epsilon >= 0, epsilon <= 1e8 else {
            throw ParameterError(parameter: .epsilon, value: epsilon, rule: "must be in [0, 1e8] for the law of psi")
        }
        self.secondMoment = try secondMoment()
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

/// An ``AdaptiveRateLaw`` made fast: its density and distribution function for many points, from a few dozen evaluations.
///
/// In x = ln(√v̂/√E[v̂]) the logarithm of the density, ln(2v f_v(v)), is a smooth function for every law: towards small v̂ it
/// becomes a straight line of slope t, towards large ones it falls like -v̂. Chebyshev polynomials interpolate it between the
/// points where Chernoff's bound on the tails is e^{-25}, to a relative 1e-11 of the density; for a narrow law to
/// 1e-14 E[v̂]/√Var[v̂], about what the rounding of v̂ leaves. The density is expanded once more and integrated term by term,
/// between the exact tails at the two ends. Outside, and where no interpolant converges, the law itself is evaluated; also everywhere for
/// gradients that are not independent N(μ, 1), whose law may have edges.
public struct InterpolatedRateLaw: Sendable {
    public let law: AdaptiveRateLaw
    private let center: Double
    private let inside: Inside?

    /// Between the ends of the range of x.
    private struct Inside: Sendable {
        let logDensity: ChebyshevSeries
        /// ∫ of the density from the lower end.
        let mass: ChebyshevSeries
        /// P(x' ≤ lower end) and P(x' > upper end).
        let lowerTail: Double
        let upperTail: Double
    }

    public init(_ law: AdaptiveRateLaw) {
        self.law = law
        let center = law.secondMoment.mean.squareRoot()
        self.center = center
        inside = (law.secondMoment as? SecondMomentLaw).flatMap { Self.interpolate($0, center: center) }
    }

    /// The degree of the interpolant, one less than the evaluations of the density that it took; nil if there is none.
    public var degree: Int? { (inside?.logDensity.coefficients.count).map { $0 - 1 } }

    private static func interpolate(_ law: SecondMomentLaw, center: Double) -> Inside? {
        let ends = law.range(exponent: 25)
        let range = position(of: ends.lower.squareRoot(), center)...position(of: ends.upper.squareRoot(), center)
        func v(_ x: Double) -> Double {
            let root = abs(x) < 0.5 ? center + center * expm1(x) : center * exp(x)
            return root * root
        }
        let tolerance = max(1e-11, 1e-14 * law.mean / law.variance.squareRoot())
        guard
            let logDensity = ChebyshevSeries(
                on: range, tolerance: tolerance, largestDegree: 512,
                of: { x in
                    let v = v(x)
                    return log(2 * v * law.density(at: v))
                }),
            // Of a total of 1 over the range.
            let density = ChebyshevSeries(
                on: range, tolerance: 1e-14 / (range.upperBound - range.lowerBound), of: { exp(logDensity.value(at: $0)) })
        else { return nil }
        return Inside(
            logDensity: logDensity, mass: density.integral,
            lowerTail: law.tails(at: v(range.lowerBound)).lower, upperTail: law.tails(at: v(range.upperBound)).upper)
    }

    /// As `AdaptiveRateLaw.density`.
    public func density(at psi: Double) -> Double {
        guard let (inside, x) = place(psi) else { return law.density(at: psi) }
        return exp(inside.logDensity.value(at: x)) / ((1 / psi - law.epsilon) * psi * psi)
    }

    /// As `AdaptiveRateLaw.distribution`.
    public func distribution(at psi: Double) -> Double {
        guard let (inside, x) = place(psi) else { return law.distribution(at: psi) }
        let lower = inside.lowerTail + inside.mass.value(at: x)
        if lower < 0.5 { return 1 - lower }
        return inside.upperTail + (inside.mass.value(at: inside.mass.range.upperBound) - inside.mass.value(at: x))
    }

    /// Where a value of ψ is inside the interpolant, if it is.
    private func place(_ psi: Double) -> (Inside, Double)? {
        guard let inside, psi > 0 else { return nil }
        let root = 1 / psi - law.epsilon
        guard root > 0 else { return nil }
        let x = Self.position(of: root, center)
        return inside.mass.range.contains(x) ? (inside, x) : nil
    }

    /// ln(root/center), also where that is near 0.
    private static func position(of root: Double, _ center: Double) -> Double {
        abs(root - center) < 0.5 * center ? log1p((root - center) / center) : log(root / center)
    }
}
