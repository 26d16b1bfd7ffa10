import CKernels

/// The law of one squared gradient g² through its Laplace transform φ(s) = E e^{-s g²}, all that the law of a weighted sum of
/// independent squares is made of: E e^{-s v̂} = Π_k φ(s w_k).
protocol SquaredGradientLaw: Sendable {
    /// E[g²]; infinite where it does not exist.
    var meanSquare: Double { get }
    /// The powers of s with which -ln φ and the excess fall for s → 0: (1, 2) where g⁴ has a mean.
    var powersAtZero: (log: Double, excess: Double) { get }
    /// What P(|g| < x) does for x → 0.
    var nearZero: BehaviourNearZero { get }

    /// Whether ``values(at:)`` is dear, and analytic for |Im ln s| < π/2.
    var isDear: Bool { get }

    /// ln φ(s), and the excess ln φ(s) + s E[g²] ≥ 0 without cancellation where g² is nearly constant; s > 0. The excess means
    /// nothing where E[g²] is infinite.
    func values(at s: Double) -> TransformValues
}

extension SquaredGradientLaw {
    var isDear: Bool { false }
}

/// ln φ(s) and ln φ(s) + s E[g²].
struct TransformValues {
    let logTransform: Double
    let excess: Double
}

/// How probable gradients next to zero are, which decides what moments of ψ exist at ε = 0.
enum BehaviourNearZero {
    /// A positive density: E[ψ^k] of n squares is finite for k < n.
    case density
    /// P(g = 0) > 0: no moment is finite.
    case atom
    /// |g| is bounded away from zero: every moment is finite.
    case gap
}

extension TransformValues {
    /// Below, φ is next to the end of the range of doubles.
    static let smallestTransform = 1e-250

    /// From φ, 1 - φ and φ e^{s E g²} - 1, each without cancellation; the last is nil where it is not known.
    init(transform: Double, complement: Double, deviation: Double?, scaledMean: Double) {
        if let deviation, deviation < 0.1 * scaledMean, deviation < 0.5 {
            let excess = varlab_log1p(max(deviation, 0))
            self.init(logTransform: excess - scaledMean, excess: excess)
        } else {
            // Where the excess is most of the mean, the complement is the better way to ln φ.
            let log = Self.logTransform(complement: complement, transform: max(transform, .leastNormalMagnitude))
            self.init(logTransform: log, excess: deviation.map { varlab_log1p(max($0, 0)) } ?? (log + scaledMean))
        }
    }

    /// From the complement w = 1 - φ(s), and φ(s) itself where it is small, both without cancellation.
    static func logTransform(complement: Double, transform: Double) -> Double {
        complement < 0.5 ? -varlab_log1p(complement / (1 - complement)) : logarithm(transform)
    }

    /// ln(1+x) and x - ln(1+x) for x ≥ 0, the latter by its series where it would cancel.
    static func logarithmAndRemainder(_ x: Double) -> (log: Double, remainder: Double) {
        if x > 0.25 {
            let log = varlab_log1p(x)
            return (log, x - log)
        }
        if x < 1e-5 { return (x - 0.5 * x * x, x * x * (0.5 - x * (1.0 / 3 - 0.25 * x))) }
        // ln(1+x) = 2 artanh(y), y = x/(2+x), whose series in y² has positive terms; x = 2y/(1-y).
        let y = x / (2 + x)
        let tail = hyperbolicTangentTail(y * y, through: 19)
        return (2 * y * (1 + tail), x * y - 2 * y * tail)
    }

    /// artanh(y)/y - 1 from y², by its series to the power of y² that belongs to y^n/n.
    static func hyperbolicTangentTail(_ square: Double, through last: Double) -> Double {
        var tail = 0.0
        for n in stride(from: last, through: 3, by: -2) { tail = square * (tail + 1 / n) }
        return tail
    }

    /// e^{-d} - 1 + d ≥ 0.
    static func exponentialRemainder(_ d: Double) -> Double {
        if abs(d) > 0.5 { return varlab_expm1(-d) + d }
        // Σ_{n≥2} (-d)^n/n!.
        var sum = 1.0
        for n in stride(from: 15.0, through: 3, by: -1) { sum = 1 - d / n * sum }
        return 0.5 * d * d * sum
    }
}
