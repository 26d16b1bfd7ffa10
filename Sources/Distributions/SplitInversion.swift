import CLibC
import SpecialFunctions
import Theory

/// The law of few squares whose density has edges, of uniform gradients and of Laplace's about μ ≠ 0, where Φ decays slowly.
///
/// φ is a sum of terms e^{-ps} a(s) with a place p of an edge and a(s) analytic but for the negative axis, where it decays as a power of s. In the
/// product each choice of terms has the inverse transform at x = v - Σ p w of a product of the a(s w), which is 0 for x < 0, else an integral
/// along a hyperbola about the negative axis (Weideman and Trefethen, Math. Comp. 76 (2007) 1341-1356). Squares whose weights are small beside x
/// need not be split.
struct SplitInversion: TransformInversion {
    private let transform: ComplexGradientTransform
    /// The largest first.
    private let weights: [Double]
    /// On half of each hyperbola: of Laplace's law, whose terms have an essential singularity at 0, more, although they cost digits.
    private var nodes: Int
    /// The place of the last edge times the weights from k on.
    private let remaining: [Double]
    /// Of the weights from k on, and of their squares.
    private let sums: [(first: Double, second: Double)]
    private let moments: SquareMoments

    /// - Precondition: the weights are one by one.
    init(_ transform: ComplexGradientTransform, _ runs: WeightRuns) {
        self.transform = transform
        weights = runs.weights
        nodes = transform.law == .uniform ? 24 : 32
        let extent = transform.law == .uniform
            ? (transform.mean + 3.0.squareRoot()) * (transform.mean + 3.0.squareRoot()) : transform.mean * transform.mean
        sums = runs.tails
        remaining = sums.map { extent * $0.first }
        moments = SquareMoments(transform.law, mean: transform.mean)
    }

    func density(at v: Double) -> Double { sum(at: v, power: 0) }
    func distribution(at v: Double) -> Double { sum(at: v, power: 1) }

    /// Whether a value at v takes at most so many integrals.
    func takes(atMost limit: Int, at v: Double) -> Bool {
        let places = parts.map(\.place)
        func count(_ x: Double, _ index: Int) -> Int {
            if remaining[index] < Self.negligible * x || index == weights.count { return 1 }
            var sum = 0
            for place in places where x > place * weights[index] && sum <= limit { sum += count(x - place * weights[index], index + 1) }
            return sum
        }
        return count(v, 0) <= limit
    }

    private typealias Choice = (weight: Double, part: Part)

    private struct Part {
        let place: Double
        let value: (_ s: Complex, _ root: Complex) -> Complex
    }

    private var parts: [Part] {
        let mean = transform.mean
        if transform.law == .uniform {
            let width = 3.0.squareRoot()
            let factor = Double.pi.squareRoot() / (4 * width)
            let (low, high) = (mean - width, mean + width)
            func edge(_ a: Double, _ sign: Double) -> Part {
                Part(place: a * a) { _, root in (sign * factor * scaledComplementaryError(abs(a) * root)) / root }
            }
            if low > 0 { return [edge(low, 1), edge(high, -1)] }
            let whole = Part(place: 0) { _, root in Complex(2 * factor) / root }
            return mean == 0 ? [whole, edge(high, -2)] : [whole, edge(low, -1), edge(high, -1)]
        }
        let factor = Double.pi.squareRoot() / 8.0.squareRoot()
        return [
            Part(place: 0) { s, root in (2 * factor * (Complex(-2.0.squareRoot() * mean) + Complex(0.5) / s).exponential) / root },
            Part(place: mean * mean) { s, root in
                let inverse = Complex(0.5.squareRoot()) / root
                let left = mean * root - inverse
                let right = scaledComplementaryError(mean * root + inverse)
                let both = left.real >= 0
                    ? right - scaledComplementaryError(left) : right + scaledComplementaryError(-left) - 2 * (left * left).exponential
                return (factor * both) / root
            },
        ]
    }

    private func visit(_ x: Double, chosen: [Choice], parts: [Part]? = nil, _ body: (Double, [Choice]) -> Void) {
        let index = chosen.count
        if remaining[index] < Self.negligible * x || index == weights.count {
            body(x, chosen)
            return
        }
        let parts = parts ?? self.parts
        for part in parts where x > part.place * weights[index] {
            visit(x - part.place * weights[index], chosen: chosen + [(weights[index], part)], parts: parts, body)
        }
    }

    /// Squares are left whole where their last edges together are nearer than this part of x: there e^{sx} still prevails.
    private static let negligible = 0.5
    private static let angle = 1.172104229
    /// What a third cumulant leaves is 1e-12.
    static let smallArgument = 3e-5

    /// The largest change of the values at places across the law when a quarter of the nodes is left out.
    func change(at places: [Double]) -> Double {
        var coarser = self
        coarser.nodes = nodes * 3 / 4
        return places.reduce(0) { largest, v in
            max(largest, v * abs(coarser.density(at: v) - density(at: v)), abs(coarser.distribution(at: v) - distribution(at: v)))
        }
    }

    private func sum(at v: Double, power: Int) -> Double {
        var total = 0.0
        visit(v, chosen: []) { x, chosen in
            let rest = weights[chosen.count...]
            let scale = 4.492075287 * Double(nodes) / x
            let spacing = 1.081792140 / Double(nodes)
            var sum = 0.0, largest = 0.0
            // As many as that without edges in the rest, else a few more.
            for k in 0..<(3 * nodes) {
                // s = scale (1 + sin(iu - α)).
                let u = (Double(k) + 0.5) * spacing
                let (sine, cosine) = (sin(Self.angle), cos(Self.angle))
                let s = Complex(scale * (1 - sine * cosh(u)), scale * cosine * sinh(u))
                let slope = Complex(-scale * sine * sinh(u), scale * cosine * cosh(u))
                var value = (x * s).exponential * slope
                for (weight, part) in chosen {
                    let scaled = weight * s
                    value = value * part.value(scaled, scaled.squareRoot)
                }
                var log = Complex(0)
                for index in rest.indices {
                    // Two cumulants are all that is left of the small ones.
                    if hypot(s.real, s.imaginary) * weights[index] * moments.mean < Self.smallArgument {
                        log = log - (sums[index].first * moments.mean) * s + (0.5 * sums[index].second * moments.variance) * (s * s)
                        break
                    }
                    log = log + transform.logarithm(at: weights[index] * s, isCentred: false)
                }
                value = value * log.exponential
                if power == 1 { value = value / s }
                sum += value.imaginary
                let size = abs(value.real) + abs(value.imaginary)
                largest = max(largest, size)
                if size < 1e-16 * largest { break }
            }
            total += spacing / .pi * sum
        }
        return total
    }
}
