import CKernels

/// A law of g² as point masses: what recorded gradients are, and any quadrature of a density.
struct PointMasses: Sendable {
    /// g² and their probabilities, filled up to whole groups by such of probability 0.
    let squares, shares: [Double]
    private let smallest: Double
    let meanSquare: Double

    /// - Parameter shares: add up to 1.
    init(squares: [Double], shares: [Double]) {
        smallest = squares.min() ?? 0
        self.squares = squares.filledUp
        self.shares = shares.filledUp
        meanSquare = zip(squares, shares).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// Below, e^{-s(g² - E g²)} is far from the end of the range of doubles, and the excess comes from positive terms alone.
    static let positiveFormBelow = 40.0

    func values(at s: Double) -> TransformValues {
        let scaledMean = s * meanSquare
        let isPositiveForm = scaledMean < Self.positiveFormBelow
        func partialSums(_ offset: Double) -> (transform: Double, complement: Double, deviation: Double) {
            kernelSums {
                varlab_transform_points(
                    varlab_best_variant(), shares, squares, shares.count / TransformSums.stride, s, meanSquare, offset,
                    isPositiveForm ? 1 : 0, $0)
            }
        }
        let sums = partialSums(0)
        if sums.transform < TransformValues.smallestTransform, !isPositiveForm {
            // Relative to the smallest square.
            let log = varlab_log(max(partialSums(s * smallest).transform, .leastNormalMagnitude)) - s * smallest
            return TransformValues(logTransform: log, excess: log + scaledMean)
        }
        return TransformValues(
            transform: sums.transform, complement: sums.complement, deviation: isPositiveForm ? sums.deviation : nil, scaledMean: scaledMean)
    }
}

extension [Double] {
    /// With zeros up to a multiple of a kernel's group.
    var filledUp: [Double] { self + [Double](repeating: 0, count: -count & (TransformSums.stride - 1)) }
}

/// The three sums of a kernel over the parts of a law.
func kernelSums(_ body: (UnsafeMutablePointer<Double>) -> Void) -> (transform: Double, complement: Double, deviation: Double) {
    var sums = (0.0, 0.0, 0.0)
    withUnsafeMutableBytes(of: &sums) { body($0.baseAddress!.assumingMemoryBound(to: Double.self)) }
    return (sums.0, sums.1, sums.2)
}

/// The law of g² for a gradient drawn from recorded values: φ(s) is the mean of e^{-s g_j²}.
///
/// A million values become some thousand: within a narrow range of g² the values are replaced by twelve Chebyshev points with the
/// weights that interpolation gives them. In a range of relative half-width h ≤ 1/17 that leaves (h/2)^12 of a value's share. Ranges
/// with few values, the outermost above all, keep them as they are.
struct RecordedSquares: SquaredGradientLaw {
    let points: PointMasses
    let nearZero: BehaviourNearZero
    var meanSquare: Double { points.meanSquare }
    var powersAtZero: (log: Double, excess: Double) { (1, 2) }

    /// - Parameters:
    ///   - values: finite, with squares in the range of doubles.
    ///   - mean: added to each.
    init(values: [Double], mean: Double) {
        precondition(!values.isEmpty, "a law needs values")
        let ranges = Self.occupiedRanges(values, mean: mean)
        var moments = [Double](repeating: 0, count: ranges.list.count * Self.order)
        var few: [[Double]] = ranges.list.map { _ in [] }
        for value in values {
            let square = (value + mean) * (value + mean)
            let slot = ranges.slots[Self.rangeIndex(square)]
            let range = ranges.list[slot]
            if range.count <= Self.order {
                few[slot].append(square)
                continue
            }
            let x = range.halfWidth > 0 ? (square - range.middle) / range.halfWidth : 0
            var (previous, current) = (1.0, x)
            moments.withUnsafeMutableBufferPointer { moments in
                for k in 1..<Self.order {
                    moments[slot * Self.order + k] += current
                    (previous, current) = (current, 2 * x * current - previous)
                }
            }
        }
        let total = Double(values.count)
        var squares: [Double] = [], shares: [Double] = []
        for (slot, range) in ranges.list.enumerated() {
            if range.count <= Self.order || range.halfWidth == 0 {
                let own = range.halfWidth == 0 ? [range.middle] : few[slot]
                squares += own
                shares += own.map { _ in Double(range.count) / (total * Double(own.count)) }
                continue
            }
            moments[slot * Self.order] = Double(range.count)
            for (node, polynomials) in Self.chebyshevPoints {
                var weight = moments[slot * Self.order]
                for k in 1..<Self.order { weight += 2 * polynomials[k] * moments[slot * Self.order + k] }
                squares.append(range.middle + range.halfWidth * node)
                shares.append(weight / (Double(Self.order) * total))
            }
        }
        points = PointMasses(squares: squares, shares: shares)
        nearZero = ranges.hasZero ? .atom : .gap
    }

    func values(at s: Double) -> TransformValues { points.values(at: s) }

    // MARK: Ranges

    private static let order = 12

    /// cos(π(i+½)/n), and there T_0 … T_{n-1}.
    private static let chebyshevPoints: [(node: Double, polynomials: [Double])] = {
        // cos(π/24) and the rest by the angle's multiples: exact to a rounding or two.
        let cosine = 0.9914448613738104
        var multiples = [1.0, cosine]
        for k in 2..<(2 * order) { multiples.append(2 * cosine * multiples[k - 1] - multiples[k - 2]) }
        return (0..<order).map { i in
            let x = multiples[2 * i + 1]
            var polynomials = [1.0, x]
            for k in 2..<order { polynomials.append(2 * x * polynomials[k - 1] - polynomials[k - 2]) }
            return (x, polynomials)
        }
    }()

    private struct OccupiedRange {
        var count = 0
        var lowest = Double.infinity
        var highest = 0.0
        var middle: Double { lowest + (highest - lowest) / 2 }
        var halfWidth: Double { (highest - lowest) / 2 }
    }

    /// An eighth of a factor 2, by the first bits of the number; 0 and subnormals together.
    private static func rangeIndex(_ square: Double) -> Int {
        Int(square.bitPattern >> 49)
    }

    private static func occupiedRanges(_ values: [Double], mean: Double) -> (list: [OccupiedRange], slots: [Int], hasZero: Bool) {
        var slots = [Int](repeating: -1, count: rangeIndex(.greatestFiniteMagnitude) + 1)
        var list: [OccupiedRange] = []
        var hasZero = false
        for value in values {
            let square = (value + mean) * (value + mean)
            if square == 0 { hasZero = true }
            let index = rangeIndex(square)
            if slots[index] < 0 {
                slots[index] = list.count
                list.append(OccupiedRange())
            }
            list[slots[index]].count += 1
            list[slots[index]].lowest = min(list[slots[index]].lowest, square)
            list[slots[index]].highest = max(list[slots[index]].highest, square)
        }
        return (list, slots, hasZero)
    }
}
