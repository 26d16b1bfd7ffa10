import CLibC
import Errors
import SpecialFunctions

/// The inverse transform along the ray arg s = θ from 0, and its mirror image:
///
///     f(v) = π⁻¹ Im ∫_0^∞ e^{sv} Φ(s) s dr/r,   P(v̂ ≤ v) = θ/π + π⁻¹ Im ∫_0^∞ e^{sv} Φ(s) dr/r,   s = r e^{iθ},
///
/// θ a little above 90°, where e^{sv} decays and Φ does not yet grow. In u = ln r the integrands are analytic in a strip, as wide on either
/// side as θ is above 90°, and the trapezoid rule converges geometrically. One table of Φ serves every v.
struct RayInversion: TransformInversion {
    private let angle: Double
    private let spacing: Double
    /// s, and ln Φ(s); of the first ``centredCount`` ln Φ(s) + s `center`.
    private let nodes: [Complex]
    private let logs: [Complex]
    private let center: Double
    private let centredCount: Int
    /// Below, there is nothing of the law.
    private let lowest: Double

    /// θ - 90°: 22°, half of the 45° beyond which a normal peak of Φ would grow.
    static let widestBend = 22 * Double.pi / 180
    /// Below, the nodes are too many.
    static let leastBend = 0.005

    /// - Parameters:
    ///   - bend: θ - 90°.
    ///   - logs: the range of u.
    ///   - center: taken out of v and of ln Φ, so that large numbers do not cancel, while |s| times it is not huge.
    ///   - lowest: below, the probability is negligible, and what the sums give is not.
    ///   - logarithm: ln Φ(s) at s = e^u times the direction, for `isCentred` ln Φ(s) + s `center`.
    init(
        bend: Double, spacing: Double, logs range: ClosedRange<Double>, center: Double, lowest: Double,
        logarithm: (_ u: Double, _ direction: Complex, _ isCentred: Bool) -> Complex
    ) {
        self.lowest = lowest
        angle = .pi / 2 + bend
        self.spacing = spacing
        self.center = center
        let direction = Complex(cos(angle), sin(angle))
        let count = Int(((range.upperBound - range.lowerBound) / spacing).rounded(.up)) + 1
        var nodes: [Complex] = [], logs: [Complex] = []
        var centredCount = 0
        for index in 0..<count {
            let u = range.lowerBound + spacing * Double(index)
            let s = exp(u) * direction
            let isCentred = exp(u) * center < Self.largestCentred
            let log = logarithm(u, direction, isCentred)
            nodes.append(s)
            logs.append(log)
            if isCentred { centredCount += 1 }
            // |Φ| is nothing.
            if log.real - (isCentred ? center * s.real : 0) < Self.leastLogarithm { break }
        }
        (self.nodes, self.logs, self.centredCount) = (nodes, logs, centredCount)
    }

    private static let largestCentred = 1e5
    private static let leastLogarithm = -50.0

    /// The inversion with a spacing that is fine enough at places across the law.
    static func checked(
        bend: Double, refusal: () -> ParameterError, _ make: (_ spacing: Double) -> RayInversion
    ) throws(ParameterError) -> RayInversion {
        var spacing = 2 * Double.pi * bend / 33
        for _ in 0..<4 {
            let inversion = make(spacing)
            // Halving squares the error.
            if inversion.coarseErrorAcross() < 1e-6 { return inversion }
            spacing /= 2
        }
        throw refusal()
    }

    /// The sums over every `stride`-th node.
    private func sums(at v: Double, stride step: Int = 1) -> (density: Double, distribution: Double) {
        var (density, distribution) = (0.0, 0.0)
        for index in stride(from: 0, to: nodes.count, by: step) {
            let s = nodes[index]
            let distance = index < centredCount ? v - center : v
            let real = s.real * distance + logs[index].real
            if real < -45 {
                // The factor e^{sv} takes over for good.
                if s.real * v < -800 { break }
                if real < -100 { continue }
            }
            let modulus = exp(real), phase = s.imaginary * distance + logs[index].imaginary
            let (a, b) = (modulus * cos(phase), modulus * sin(phase))
            distribution += b
            density += a * s.imaginary + b * s.real
        }
        let factor = spacing * Double(step) / .pi
        return (factor * density, angle / .pi + factor * distribution)
    }

    func density(at v: Double) -> Double { v < lowest || isBeyond(v) ? 0 : sums(at: v).density }

    func distribution(at v: Double) -> Double { v < lowest ? 0 : isBeyond(v) ? 1 : sums(at: v).distribution }

    /// Whether e^{sv} is no longer 1 at the first node, where 1 - Φ is 1e-17, about the probability beyond such a v.
    private func isBeyond(_ v: Double) -> Bool { hypot(nodes[0].real, nodes[0].imaginary) * v > 0.01 }

    /// A v below which the probability is below e^{-38}, by Chernoff's bound e^{sv} Φ(s): the largest of a few.
    /// - Parameters:
    ///   - logarithm: ln Φ(s) for real s.
    ///   - scale: ln s about which Φ begins to fall.
    static func lowest(scale: Double, _ logarithm: (Double) -> Double) -> Double {
        func bound(_ u: Double) -> Double {
            let value = logarithm(exp(u))
            // Where a factor has left the range of doubles nothing is known.
            return value > -.infinity ? (-38 - value) * exp(-u) : 0
        }
        var (low, high) = (scale, scale + 50)
        let ratio = 0.6180339887498949
        var places = (high - ratio * (high - low), low + ratio * (high - low))
        var values = (bound(places.0), bound(places.1))
        for _ in 0..<14 {
            if values.0 < values.1 {
                low = places.0
                places = (places.1, low + ratio * (high - low))
                values = (values.1, bound(places.1))
            } else {
                high = places.1
                places = (high - ratio * (high - low), places.0)
                values = (bound(places.0), values.0)
            }
        }
        return max(0, values.0, values.1)
    }

    /// The largest of the errors at the quartiles of the law and far out.
    private func coarseErrorAcross() -> Double {
        var (low, high) = (-690.0, 690.0)
        var largest = 0.0
        for probability in [0.001, 0.25, 0.75, 0.999] {
            (low, high) = (-690, 690)
            while high - low > 1e-3 {
                let middle = (low + high) / 2
                if distribution(at: exp(middle)) < probability { low = middle } else { high = middle }
            }
            let error = coarseError(at: exp(high))
            if !(error < .infinity) { return .infinity }
            largest = max(largest, error)
        }
        return largest
    }

    /// How much the sums change when every second node is left out; a halved spacing squares the error.
    func coarseError(at v: Double) -> Double {
        let (fine, coarse) = (sums(at: v), sums(at: v, stride: 2))
        return max(abs(fine.distribution - coarse.distribution), abs(fine.density - coarse.density) * v)
    }
}
