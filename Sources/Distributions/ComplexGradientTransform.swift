import CLibC
import SpecialFunctions
import Theory

/// φ(s) = E e^{-s g²} of one gradient for complex s, the cut along the negative axis.
///
/// What the law's density does off the real axis decides how far into the left half plane φ stays small: with its singularity nearest to the
/// line from 0 through μ at an angle of δ from it, φ has a term that grows where |arg s| > 90° + 2δ.
struct ComplexGradientTransform: Sendable {
    private enum Form: Sendable {
        /// Normal laws of different variances about μ.
        case mixture(ComplexMixture)
        case uniform
        /// About 0: √π x erfcx x, x = 1/√(2s).
        case centredLaplace
        /// About μ, in closed form, with a mixture for small s.
        case laplace(ComplexMixture)
    }

    let law: GradientLaw
    /// |μ|.
    let mean: Double
    private let form: Form
    /// Whether ln φ of small s has a small relative error, which counts when it is multiplied, and not an absolute one alone.
    var keepsSmallDigits = true

    /// - Precondition: the law is in closed form.
    init(_ law: GradientLaw, mean: Double) {
        self.law = law
        self.mean = abs(mean)
        switch law {
        case .uniform: form = .uniform
        case .laplace: form = mean == 0 ? .centredLaplace : .laplace(ComplexMixture(law, mean: mean))
        default: form = .mixture(ComplexMixture(law, mean: mean))
        }
    }

    /// By how much |arg s| may exceed 90° before φ has a term that grows; 0 where the density is not analytic on the real axis.
    var bend: Double {
        switch law {
        case .normal, .mixture: .pi / 2
        case .laplace: mean == 0 ? .pi / 2 : 0
        case .uniform, .recorded: 0
        case .logistic: 2 * atan2(3.0.squareRoot(), mean)
        case .studentT(let nu): 2 * atan2((nu > 2 ? nu - 2 : nu).squareRoot(), mean)
        }
    }

    /// The power of s with which 1 - φ falls for s → 0.
    var powerAtZero: Double { if case .studentT(let nu) = law { min(1, nu / 2) } else { 1 } }

    /// E[g²]; infinite where it does not exist.
    var meanSquare: Double { law.hasUnitVariance ? 1 + mean * mean : .infinity }

    /// ln φ(s), for `isCentred` ln φ(s) + s μ², which turns slowly where μ is large; the imaginary part in (-π, π].
    func logarithm(at s: Complex, isCentred: Bool) -> Complex {
        switch form {
        case .mixture(let mixture): return mixture.logarithm(at: s, isCentred: isCentred)
        case .uniform: return uniform(s, isCentred)
        case .centredLaplace:
            let integrals = halfLineIntegrals(Complex(0.5.squareRoot()) / s.squareRoot)
            let complement = integrals.first
            return complement.squaredMagnitude < 0.25
                ? (-complement).logarithmOfOnePlus : (Complex(0.5.squareRoot()) / s.squareRoot * integrals.zeroth).logarithm
        case .laplace(let mixture):
            let isSmall = s.squaredMagnitude * (1 + mean * mean) * (1 + mean * mean) < 1e-4
            return isSmall && keepsSmallDigits ? mixture.logarithm(at: s, isCentred: isCentred) : laplace(s, isCentred)
        }
    }

    private static let halfWidth = 3.0.squareRoot()

    private func uniform(_ s: Complex, _ isCentred: Bool) -> Complex {
        let width = Self.halfWidth
        if s.squaredMagnitude.squareRoot() * (2 * mean * width + 3) < 5 {
            // Gauss' rule is exact while the exponent varies by little.
            let (nodes, weights) = gaussLegendreRule
            var complement = Complex(0)
            for (node, weight) in zip(nodes, weights) {
                let x = width * node
                complement = complement - 0.5 * weight * (-(x * (2 * mean + x)) * s).exponentialMinusOne
            }
            let centred = complement.squaredMagnitude < 0.25
                ? (-complement).logarithmOfOnePlus : (Complex(1) - complement).logarithm
            return isCentred ? centred : centred - mean * mean * s
        }
        let root = s.squareRoot
        let (low, high) = (mean - width, mean + width)
        /// e^{-a² s + …} erfcx(a √s).
        func edge(_ a: Double) -> Complex {
            ((mean * mean - a * a) * s).exponential * scaledComplementaryError(a * root)
        }
        let centred = low > 0 ? edge(low) - edge(high) : 2 * (mean * mean * s).exponential - edge(-low) - edge(high)
        let value = (Double.pi.squareRoot() / (4 * width) * centred) / root
        return value.logarithm - (isCentred ? Complex(0) : mean * mean * s)
    }

    private func laplace(_ s: Complex, _ isCentred: Bool) -> Complex {
        let root = s.squareRoot
        let inverse = Complex(0.5.squareRoot()) / root
        let right = mean * root + inverse, left = mean * root - inverse
        var sum = scaledComplementaryError(right)
        if left.real < 0 {
            sum = sum + scaledComplementaryError(-left)
        } else {
            sum = sum - scaledComplementaryError(left) + 2 * (left * left).exponential
        }
        let value = (Double.pi.squareRoot() / 8.0.squareRoot() * sum) / root
        return value.logarithm - (isCentred ? Complex(0) : mean * mean * s)
    }
}
