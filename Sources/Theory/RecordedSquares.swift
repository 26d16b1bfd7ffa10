import CKernels

/// A law of g² as point masses: what recorded gradients are, and any quadrature of a density.
struct PointMasses: Sendable {
    /// g² and their probabilities, filled up to whole groups by such of probability 0.
    let squares, shares: [Double]
    private let smallest: Double
    let meanSquare: Double
    /// Of ascending squares the sum of the shares from each group on; empty of others.
    private let sharesFrom: [Double]

    /// - Parameter shares: add up to 1.
    init(squares: [Double], shares: [Double]) {
        smallest = squares.min() ?? 0
        let isAscending = zip(squares, squares.dropFirst()).allSatisfy { $0 <= $1 }
        sharesFrom = isAscending ? Self.sums(of: shares.filledUp) : []
        self.squares = squares.filledUp
        self.shares = shares.filledUp
        meanSquare = zip(squares, shares).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// Below, e^{-s(g² - E g²)} is far from the end of the range of doubles, and the excess comes from positive terms alone.
    static let positiveFormBelow = 40.0

    func values(at s: Double) -> TransformValues {
        let scaledMean = s * meanSquare
        let isPositiveForm = scaledMean < Self.positiveFormBelow
        let groups = groupCount(at: s, isPositiveForm: isPositiveForm)
        func partialSums(_ offset: Double) -> (transform: Double, complement: Double, deviation: Double) {
            kernelSums {
                varlab_transform_points(
                    varlab_best_variant(), shares, squares, groups, s, meanSquare, offset, isPositiveForm ? 1 : 0, $0)
            }
        }
        var sums = partialSums(0)
        // What is beyond has e^{-s g²} = 0.
        if groups < sharesFrom.count { sums.complement += sharesFrom[groups] }
        if sums.transform < TransformValues.smallestTransform, !isPositiveForm {
            // Relative to the smallest square.
            let log = varlab_log(max(partialSums(s * smallest).transform, .leastNormalMagnitude)) - s * smallest
            return TransformValues(logTransform: log, excess: log + scaledMean)
        }
        return TransformValues(
            transform: sums.transform, complement: sums.complement, deviation: isPositiveForm ? sums.deviation : nil, scaledMean: scaledMean)
    }

    /// How many groups, from the first on, have squares that are in the sums: those with e^{-s(g² - smallest)} above the smallest double.
    private func groupCount(at s: Double, isPositiveForm: Bool) -> Int {
        let all = shares.count / TransformSums.stride
        if isPositiveForm || sharesFrom.isEmpty { return all }
        var (low, high) = (1, all)
        while low < high {
            let middle = (low + high) / 2
            if s * (squares[middle * TransformSums.stride] - smallest) < 710 { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// From each group to the end.
    private static func sums(of shares: [Double]) -> [Double] {
        var (result, sum) = ([Double](), 0.0)
        for start in stride(from: 0, to: shares.count, by: TransformSums.stride).reversed() {
            sum += shares[start..<start + TransformSums.stride].reduce(0, +)
            result.append(sum)
        }
        return result.reversed()
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
struct RecordedSquares: SquaredGradientLaw {
    private let points: PointMasses
    let nearZero: BehaviourNearZero
    var meanSquare: Double { points.meanSquare }
    var powersAtZero: (log: Double, excess: Double) { (1, 2) }

    /// - Parameter values: compressed.
    init(_ values: RecordedPoints) {
        points = PointMasses(squares: values.squares, shares: zip(values.positive, values.negative).map { $0 + $1 })
        nearZero = values.hasZero ? .atom : .gap
    }

    func values(at s: Double) -> TransformValues { points.values(at: s) }
}
