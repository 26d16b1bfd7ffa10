import CLibC
import SpecialFunctions
import Theory

/// A hyperbola from c on the real axis on which (2πi)⁻¹ ∫ F(z) dz/z and (2πi)⁻¹ ∫ G(z) dz of `UpdateSide` are sums.
///
/// F's singularities are all real, left of -1/(2w_0) and right of the zero of x² - 2zB(z). c is the saddle point of F/z on that side of the
/// pole where the rarer event is: P(R > 0, m̂ > xε) for c > 0, and P(R < 0, m̂ > xε), negative, for c < 0, so that each has its own relative
/// accuracy (Daniels 1954; Lugannani and Rice 1980). In the parameter of the arms the trapezoid rule converges geometrically.
///
/// Far out the transform oscillates like e^{-kz}: with k ≥ 0 for ε > 0, which arms that bend to the right turn into decay; but with k < 0 where
/// m̂ varies so little that v̂ is spent first, and there the arms must be straight or bend to the left.
struct UpdateContour {
    private struct Node {
        let transform: UpdateTransform
        /// dz, times the spacing.
        var slope: Complex
    }

    /// A sum over nodes, and the sum of its terms' sizes.
    private struct Sum {
        var probability = 0.0, density = 0.0, probabilitySize = 0.0, densitySize = 0.0

        mutating func add(_ other: Sum) {
            probability += other.probability
            density += other.density
            probabilitySize += other.probabilitySize
            densitySize += other.densitySize
        }
    }

    private let saddle: UpdateSaddle
    private var nodes: [Node] = []

    /// How much larger the terms are than their sum; 1e200 where halving the spacing did not come to an end.
    private var cancellation = 1.0

    /// The angles between the arms and the vertical that are tried.
    private static let angles = [Double.pi / 7, 0, -Double.pi / 7]
    /// More are taken by none that converges.
    private static let mostNodes = 6000
    /// The cancellation that leaves a relative error of 1e-12.
    private static let harmless = 3e3
    /// The relative difference at which the halved spacing is fine enough: halving squares the error.
    private static let tolerance = 1e-7
    /// Below this ln F(c) nothing is left: 1/c and the scale of the density do not bring it back.
    private static let leastScale = -1500.0
    /// Below this share of its terms a sum is what rounding has left of nothing.
    private static let noise = 1e-14

    /// The contour for a place x, that of all `sides`, whose transforms are added.
    init(_ sums: UpdateTransformSums, _ sides: [UpdateSide]) {
        let saddle = UpdateSaddle(sums, sides)
        var best: UpdateContour?
        for angle in Self.angles {
            let contour = UpdateContour(sums, sides, saddle: saddle, angle: angle)
            if contour.cancellation < best?.cancellation ?? .infinity { best = contour }
            if contour.cancellation < Self.harmless { break }
        }
        self = best ?? UpdateContour(sums, sides, saddle: saddle, angle: 0)
    }

    private init(_ sums: UpdateTransformSums, _ sides: [UpdateSide], saddle: UpdateSaddle, angle: Double) {
        self.saddle = saddle
        // Far below the doubles, where the exponents have no digits left behind the point.
        guard saddle.scale > Self.leastScale else { return }
        let bend = (sine: sin(angle), cosine: cos(angle))
        func node(_ theta: Double) -> Node {
            let (sine, cosine) = (saddle.width * sinh(theta), saddle.width * cosh(theta))
            return Node(
                transform: sums.transform(at: Complex(saddle.center + bend.sine * (cosine - saddle.width), bend.cosine * sine)),
                slope: Complex(bend.sine * sine, bend.cosine * cosine))
        }
        var spacing = 0.25
        var nodes = [node(0)]
        nodes[0].slope = 0.5 * nodes[0].slope
        var total = sum(sides, nodes[...])
        /// Appends the nodes from `start` on until three in a row are nothing beside the sum, or the end.
        func extend(from start: Double, to end: Double) -> Double {
            var (theta, small) = (start, 0)
            while small < 3, theta < end, nodes.count < Self.mostNodes {
                let next = node(theta)
                let term = sum(sides, [next])
                guard term.probabilitySize.isFinite, term.densitySize.isFinite else { break }
                nodes.append(next)
                total.add(term)
                small = term.probabilitySize < 1e-17 * total.probabilitySize && term.densitySize < 1e-17 * total.densitySize ? small + 1 : 0
                theta += spacing
            }
            return theta
        }
        let end = extend(from: spacing, to: 700)
        var isDone = false
        for _ in 0..<5 where !isDone {
            let coarse = total
            _ = extend(from: spacing / 2, to: end)
            spacing /= 2
            func isClose(_ old: Double, _ new: Double, size: Double) -> Bool {
                abs(new / 2 - old) < max(Self.tolerance * abs(old), Self.noise * size)
            }
            isDone = isClose(coarse.probability, total.probability, size: coarse.probabilitySize)
                && isClose(coarse.density, total.density, size: coarse.densitySize)
        }
        let cancellation = max(total.probabilitySize / abs(total.probability), total.densitySize / abs(total.density))
        self.cancellation = isDone && cancellation < .infinity ? cancellation : 1e200
        for index in nodes.indices { nodes[index].slope = spacing * nodes[index].slope }
        self.nodes = nodes
    }

    var nodeCount: Int { nodes.count }

    /// P(R > 0, m̂ > xε) for `isUpper`, else P(R < 0, m̂ > xε), and the density, all summed over the sides; 0 where nothing but rounding is
    /// left. The sides' x may be near the one that the contour was made for; nil where the contour does not pass left of its singularity.
    func integrals(_ sides: [UpdateSide]) -> (isUpper: Bool, probability: Double, density: Double)? {
        guard let nearest = nodes.first else { return (saddle.center > 0, 0, 0) }
        guard saddle.center < 0 || nearest.transform.room(sides[0].x) > 0 else { return nil }
        let sum = sum(sides, nodes[...])
        let factor = exp(saddle.scale) / Double.pi
        let isUpper = saddle.center > 0
        func value(_ value: Double, size: Double) -> Double { value > Self.noise * size ? factor * value : 0 }
        return (
            isUpper, value(isUpper ? sum.probability : -sum.probability, size: sum.probabilitySize), value(sum.density, size: sum.densitySize)
        )
    }

    private func sum(_ sides: [UpdateSide], _ nodes: ArraySlice<Node>) -> Sum {
        var sum = Sum()
        for node in nodes {
            for side in sides {
                let values = side.values(node.transform, scale: saddle.scale)
                // By symmetry only the imaginary part stays.
                let probability = (node.slope * (values.probability / node.transform.z)).imaginary
                let density = (node.slope * values.density).imaginary
                sum.add(Sum(probability: probability, density: density, probabilitySize: abs(probability), densitySize: abs(density)))
            }
        }
        return sum
    }
}
