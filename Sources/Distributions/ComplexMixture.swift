import CLibC
import SpecialFunctions
import Theory

/// E e^{-s g²} for complex s and g normal about μ with a variance V from a discrete law: Σ p (1+z)^{-1/2} e^{-μ² s/(1+z)}, z = 2sV.
struct ComplexMixture: Sendable {
    private let shares, variances: [Double]
    private let squaredMean: Double

    /// Probabilities and parts of φ at large s, p/√V, that change nothing.
    private static let negligible = 1e-20

    /// - Precondition: the law is a mixture of normal ones.
    init(_ law: GradientLaw, mean: Double) {
        squaredMean = mean * mean
        // The exponential grows near the end of the strip of analyticity.
        let parts = law.normalParts(refinement: mean == 0 ? 1 : 1.5)!
        let weights = zip(parts.shares, parts.variances).map { $0 / $1.squareRoot() }
        let largest = weights.reduce(0, +)
        let kept = parts.shares.indices.filter { parts.shares[$0] > Self.negligible || weights[$0] > Self.negligible * largest }
        shares = kept.map { parts.shares[$0] }
        variances = kept.map { parts.variances[$0] }
    }

    /// ln φ(s), for `isCentred` ln φ(s) + s μ².
    func logarithm(at s: Complex, isCentred: Bool) -> Complex {
        // φ, and 1 - φ without cancellation.
        var sum = Complex(0), complement = Complex(0)
        for index in shares.indices {
            let share = shares[index], factor = 2 * variances[index]
            let (x, y) = (factor * s.real, factor * s.imaginary)
            let norm = (1 + x) * (1 + x) + y * y
            // Nothing of φ, and no square in the range of doubles.
            guard norm < 1e300 else {
                complement.real += share
                continue
            }
            // √(1+z), in the right half plane.
            let magnitude = norm.squareRoot()
            let larger = ((magnitude + abs(1 + x)) / 2).squareRoot(), smaller = 0.5 * y / larger
            let root = 1 + x >= 0 ? Complex(larger, smaller) : Complex(abs(smaller), y < 0 ? -larger : larger)
            var value = Complex(root.real / magnitude, -root.imaginary / magnitude)
            // 1 - 1/√(1+z) = z/((1+√(1+z)) √(1+z)).
            let nextNorm = (1 + root.real) * (1 + root.real) + root.imaginary * root.imaginary
            var missing = (Complex(x, y) * value) * Complex((1 + root.real) / nextNorm, -root.imaginary / nextNorm)
            if squaredMean > 0 {
                let inverse = Complex((1 + x) / norm, -y / norm)
                let exponent = isCentred ? squaredMean * (s * (Complex(x, y) * inverse)) : -squaredMean * (s * inverse)
                if abs(exponent.real) + abs(exponent.imaginary) < 0.5 {
                    let change = value * exponent.exponentialMinusOne
                    missing = missing - change
                    value = value + change
                } else {
                    let changed = value * exponent.exponential
                    missing = missing + (value - changed)
                    value = changed
                }
            }
            sum = sum + share * value
            complement = complement + share * missing
        }
        return complement.squaredMagnitude < 0.25 ? (-complement).logarithmOfOnePlus : sum.logarithm
    }
}
