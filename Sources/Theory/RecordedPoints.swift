import CKernels

/// Recorded values as few point masses.
///
/// A million values become some hundred: from one power of 2 of g² to the next the values are replaced by 24 Chebyshev points with the weights that
/// interpolation gives them, for either sign by themselves. What is summed over values, as e^{-s g²}, 1/|g| and the like, is analytic in g² but for g = 0
/// and bounded in the ellipse about such a range through 0, ρ ≥ 3 + √8: interpolation leaves 4 ρ^{-23}/(ρ-1) of its largest value there, 2·10^{-18}.
/// Ranges with few values, the outermost above all, keep them as they are.
struct RecordedPoints: Sendable {
    /// g², ascending.
    private(set) var squares: [Double] = []
    /// The probabilities of √g² and -√g²; as weights of an interpolation they may be below 0.
    private(set) var positive: [Double] = [], negative: [Double] = []
    let hasZero: Bool
    /// The mean and the variance of the values themselves.
    let mean, variance: Double
    /// The smallest g² that is not 0; infinite without one.
    let smallestSquare: Double

    private static let order = 24
    private static let points = ChebyshevPoints(count: order)

    /// - Parameters:
    ///   - values: finite, with squares in the range of doubles.
    ///   - shift: added to each.
    init(_ values: [Double], shift: Double) {
        precondition(!values.isEmpty, "a law needs values")
        let total = Double(values.count)
        let centre = values.reduce(0, +) / total
        mean = centre + shift
        variance = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / total
        var ranges = Self.occupiedRanges(values, shift: shift)
        hasZero = ranges.contains { $0.lowest == 0 }
        smallestSquare = values.reduce(.infinity) { smallest, value in
            let square = (value + shift) * (value + shift)
            return square > 0 ? min(smallest, square) : smallest
        }
        Self.sort(values, shift: shift, into: &ranges)
        for range in ranges {
            if range.halfWidth == 0 {
                append(range.middle, positive: Double(range.positive.count) / total, negative: Double(range.negative.count) / total)
            } else if range.count <= Self.order {
                for (square, isNegative) in (range.positive.map { ($0, false) } + range.negative.map { ($0, true) }).sorted(by: { $0.0 < $1.0 }) {
                    append(square, positive: isNegative ? 0 : 1 / total, negative: isNegative ? 1 / total : 0)
                }
            } else {
                let weights = [range.positive, range.negative].map { Self.points.weights(sums: range.polynomialSums($0, count: Self.order)) }
                for (index, node) in Self.points.nodes.enumerated().reversed() {
                    append(range.middle + range.halfWidth * node, positive: weights[0][index] / total, negative: weights[1][index] / total)
                }
            }
        }
    }

    private mutating func append(_ square: Double, positive: Double, negative: Double) {
        squares.append(square)
        self.positive.append(positive)
        self.negative.append(negative)
    }

    // MARK: Ranges

    /// The values between two powers of 2.
    private struct Range {
        var count = 0
        var lowest = Double.infinity
        var highest = 0.0
        /// The squares, by sign.
        var positive: [Double] = [], negative: [Double] = []
        var middle: Double { lowest + (highest - lowest) / 2 }
        var halfWidth: Double { (highest - lowest) / 2 }

        /// Σ T_k(x) with x the place of the squares between the ends.
        func polynomialSums(_ squares: [Double], count: Int) -> [Double] {
            var sums = [Double](repeating: 0, count: count)
            varlab_chebyshev_sums(varlab_best_variant(), squares, squares.count, middle, halfWidth, count, &sums)
            return sums
        }
    }

    /// 0 and subnormals together.
    private static func number(_ square: Double) -> Int { Int(square.bitPattern >> 52) }

    /// Those that have values, ascending.
    private static func occupiedRanges(_ values: [Double], shift: Double) -> [Range] {
        var ranges = [Range](repeating: Range(), count: number(.greatestFiniteMagnitude) + 1)
        ranges.withUnsafeMutableBufferPointer { ranges in
            for value in values {
                let square = (value + shift) * (value + shift), index = number(square)
                ranges[index].count += 1
                ranges[index].lowest = min(ranges[index].lowest, square)
                ranges[index].highest = max(ranges[index].highest, square)
            }
        }
        return ranges.filter { $0.count > 0 }
    }

    private static func sort(_ values: [Double], shift: Double, into ranges: inout [Range]) {
        var slots = [Int](repeating: 0, count: number(.greatestFiniteMagnitude) + 1)
        for (slot, range) in ranges.enumerated() { slots[number(range.lowest)] = slot }
        for index in ranges.indices {
            ranges[index].positive.reserveCapacity(ranges[index].count)
            ranges[index].negative.reserveCapacity(ranges[index].count)
        }
        for value in values {
            let square = (value + shift) * (value + shift), slot = slots[number(square)]
            if value + shift >= 0 { ranges[slot].positive.append(square) } else { ranges[slot].negative.append(square) }
        }
    }
}
