import CLibC
import Errors
import SpecialFunctions
import Theory

/// The distribution of Adam's update u_t = m̂_t/(√v̂_t + ε) for independent g_i ~ N(μ, 1): tails, density, and the quantiles of |u|.
///
/// For x > 0, u > x where m̂ > xε and R = (m̂/x - ε)² - v̂ > 0. Under e^{-z v̂} the momentum is normal (`UpdateLaw`), so that
///
///     E[e^{zR}; m̂ > xε] = M(z) ∫_{xε}^∞ e^{z(y/x-ε)²} N(y; A(z), B(z)) dy
///
/// is a half-line Gaussian integral, an error function of a complex argument, and the tail is the inverse Laplace transform
/// (2πi)⁻¹ ∫ E[e^{zR}; m̂ > xε] dz/z along a contour through the saddle point. The smaller tail and the density have a relative error of about
/// 1e-12, times |μ| where that is large, as the rounding of x itself; where ε > 0, values so far out that they are below 1e-14 of what the
/// contour can resolve are 0.
public struct UpdateDistribution: Sendable {
    public let law: UpdateLaw
    let sums: UpdateTransformSums

    /// What is known at a place.
    public struct Values: Hashable, Sendable {
        /// P(U ≤ x).
        public let lower: Double
        /// P(U > x).
        public let upper: Double
        /// The density of U; nil where u is a sign, ±1: at t = 1 and ε = 0.
        public let density: Double?
    }

    public init(_ law: UpdateLaw) {
        self.law = law
        sums = UpdateTransformSums(law.terms)
    }

    /// Tails and density of u at x.
    public func values(at x: Double) -> Values {
        if x.isNaN { return Values(lower: .nan, upper: .nan, density: .nan) }
        if isSign {
            let (negative, positive) = gaussian(law.mean).tails(beyond: 0)
            return Values(lower: x < -1 ? 0 : x < 1 ? negative : 1, upper: x < -1 ? 1 : x < 1 ? positive : 0, density: nil)
        }
        if x < 0 {
            let mirrored = values(at: -x, mean: -law.mean, isSize: false)
            return Values(lower: mirrored.upper, upper: mirrored.lower, density: mirrored.density)
        }
        return values(at: x, mean: law.mean, isSize: false)
    }

    /// Tails and density of |u| at x.
    public func valuesOfSize(at x: Double) -> Values {
        if x.isNaN { return Values(lower: .nan, upper: .nan, density: .nan) }
        if isSign { return Values(lower: x < 1 ? 0 : 1, upper: x < 1 ? 1 : 0, density: nil) }
        return x < 0 ? Values(lower: 0, upper: 1, density: 0) : values(at: x, mean: law.mean, isSize: true)
    }

    /// Whether |u| = 1 always.
    var isSign: Bool { law.epsilon == 0 && hasOneGradient }

    /// Whether u depends on one gradient alone: g/(|g|+ε).
    var hasOneGradient: Bool { law.step == 1 || (law.beta1 == 0 && law.beta2 == 0) }

    private func gaussian(_ mean: Double) -> MomentumGaussian {
        MomentumGaussian(mean: mean, deviation: law.terms.momentumVariance.squareRoot())
    }

    /// The side u > x; for `isSize` with the side u < -x.
    func sides(at x: Double, mean: Double, isSize: Bool) -> [UpdateSide] {
        // At 0 the density is that of a limit.
        let x = max(x, Self.smallest)
        let side = UpdateSide(x: x, mean: mean, epsilon: law.epsilon, weight: isSize && mean == 0 ? 2 : 1)
        return isSize && mean != 0 ? [side, UpdateSide(x: x, mean: -mean, epsilon: law.epsilon)] : [side]
    }

    /// Below, all probabilities between 0 and x are proportional to x; the squares of larger ones are normal numbers.
    private static let smallest = 1e-140

    /// The values at x ≥ 0 of the law with the mean ±μ.
    private func values(at x: Double, mean: Double, isSize: Bool) -> Values {
        if x >= law.largest { return Values(lower: 1, upper: 0, density: 0) }
        if hasOneGradient { return valuesOfOneGradient(at: x, mean: mean, isSize: isSize) }
        let sides = sides(at: x, mean: mean, isSize: isSize)
        return values(at: x, mean: mean, isSize: isSize, on: UpdateContour(sums, sides))!
    }

    /// The values by a contour; nil where it does not serve.
    func values(at x: Double, mean: Double, isSize: Bool, on contour: UpdateContour) -> Values? {
        guard let integrals = contour.integrals(sides(at: x, mean: mean, isSize: isSize)) else { return nil }
        if integrals.isUpper {
            let upper = min(1, integrals.probability)
            return Values(lower: 1 - upper, upper: upper, density: integrals.density)
        }
        let inside = integrals.probability * min(1, x / Self.smallest)
        let tails = gaussian(mean).tails(beyond: x * law.epsilon, isSize: isSize)
        return Values(lower: min(1, tails.lower + inside), upper: max(0, tails.upper - inside), density: integrals.density)
    }

    /// u = g/(|g|+ε) > x where g > xε/(1-x).
    private func valuesOfOneGradient(at x: Double, mean: Double, isSize: Bool) -> Values {
        let place = x * law.epsilon / (1 - x)
        let tails = gaussian(mean).tails(beyond: place, isSize: isSize)
        let density = gaussian(mean).density(place) + (isSize ? gaussian(-mean).density(place) : 0)
        return Values(lower: tails.lower, upper: tails.upper, density: density * law.epsilon / ((1 - x) * (1 - x)))
    }
}

/// The normal law of m̂.
private struct MomentumGaussian {
    let mean: Double
    let deviation: Double

    /// P(m̂ ≤ y) and P(m̂ > y); for `isSize` of |m̂|, y ≥ 0.
    func tails(beyond y: Double, isSize: Bool = false) -> (lower: Double, upper: Double) {
        func tail(_ distance: Double) -> Double { 0.5 * erfc(distance / deviation / 2.0.squareRoot()) }
        return isSize ? (within(y), tail(y - mean) + tail(y + mean)) : (tail(mean - y), tail(y - mean))
    }

    func density(_ y: Double) -> Double {
        let distance = (y - mean) / deviation
        return exp(-distance * distance / 2) / (deviation * (2 * Double.pi).squareRoot())
    }

    /// P(|m̂| ≤ y).
    private func within(_ y: Double) -> Double {
        let (a, b) = (y / deviation, abs(mean) / deviation)
        if b == 0 { return erf(a / 2.0.squareRoot()) }
        // Where the difference of tails would cancel: the density over the width, with its curvature.
        if a * (1 + b) < 1e-3 { return 2 * y * density(0) * (1 + (b * b - 1) * a * a / 6) }
        return 0.5 * (erfc((b - a) / 2.0.squareRoot()) - erfc((b + a) / 2.0.squareRoot()))
    }
}
