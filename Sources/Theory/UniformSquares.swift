import CKernels
import SpecialFunctions

/// g uniform on (μ - √3, μ + √3): φ(s) = √(π/s)/(4√3) (erf((μ+√3)√s) - erf((μ-√3)√s)).
struct UniformSquares: SquaredGradientLaw {
    private let size: Double
    private let points: PointMasses
    var meanSquare: Double { 1 + size * size }
    var powersAtZero: (log: Double, excess: Double) { (1, 2) }
    var nearZero: BehaviourNearZero { size > Self.halfWidth ? .gap : .density }

    private static let halfWidth = 1.7320508075688772

    init(mean: Double) {
        size = abs(mean)
        let (nodes, weights) = Self.gaussLegendre
        points = PointMasses(
            squares: nodes.map { [size = abs(mean)] in (size + Self.halfWidth * $0) * (size + Self.halfWidth * $0) },
            shares: weights.map { $0 / 2 })
    }

    func values(at s: Double) -> TransformValues {
        // Gauss quadrature is exact while the exponent varies by little.
        let lowest = max(size - Self.halfWidth, 0), highest = size + Self.halfWidth
        if s * (highest * highest - lowest * lowest) < 5 { return points.values(at: s) }
        let root = s.squareRoot()
        let (low, high) = ((size - Self.halfWidth) * root, highest * root)
        let log: Double
        if low > 0.5 {
            // Both complements are small: relative to the larger.
            log = varlab_log(scaledComplement(low) - scaledComplement(high) * varlab_exp(max(low * low - high * high, -708))) - low * low
        } else {
            let sum = low < 0 ? 2 - complement(-low) - complement(high) : complement(low) - complement(high)
            log = varlab_log(sum)
        }
        let logTransform = log + varlab_log(1.772453850905516 / (4 * Self.halfWidth)) - 0.5 * varlab_log(s)
        return TransformValues(logTransform: logTransform, excess: logTransform + s * meanSquare)
    }

    /// e^{x²} erfc x for x ≥ 0.
    private func scaledComplement(_ x: Double) -> Double {
        let integrals = scaledRepeatedErrorIntegrals(x)
        return integrals.second + 2 * x * integrals.first
    }

    private func complement(_ x: Double) -> Double { x > 26 ? 0 : scaledComplement(x) * varlab_exp(-x * x) }

    /// The 24-point rule on (-1, 1), by Newton's method on Legendre's polynomial.
    static let gaussLegendre: (nodes: [Double], weights: [Double]) = {
        let n = 24
        var nodes: [Double] = [], weights: [Double] = []
        for index in 0..<(n / 2) {
            // Half-way between neighbours of the zeros of U_n; Newton's method does the rest.
            var x = 1 - Double((4 * index + 3) * (4 * index + 3)) * 9.8696044010893586 / (2 * Double((4 * n + 2) * (4 * n + 2)))
            if index > 2 {
                let angle = Double(4 * index + 3) / Double(4 * n + 2) * Double.pi
                x = sine(Double.pi / 2 - angle)
            }
            var derivative = 1.0
            for _ in 0..<12 {
                var (p, previous) = (x, 1.0)
                for k in 2...n { (p, previous) = ((Double(2 * k - 1) * x * p - Double(k - 1) * previous) / Double(k), p) }
                derivative = Double(n) * (x * p - previous) / (x * x - 1)
                x -= p / derivative
            }
            nodes += [-x, x]
            weights += [2 / ((1 - x * x) * derivative * derivative), 2 / ((1 - x * x) * derivative * derivative)]
        }
        return (nodes, weights)
    }()

    /// sin x for |x| ≤ π/2, near enough to start from.
    private static func sine(_ x: Double) -> Double {
        let square = x * x
        return x * (1 - square / 6 * (1 - square / 20 * (1 - square / 42 * (1 - square / 72))))
    }
}

/// Gauss and Legendre's rule with 24 points on (-1, 1).
package let gaussLegendreRule: (nodes: [Double], weights: [Double]) = UniformSquares.gaussLegendre
