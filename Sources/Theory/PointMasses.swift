import CKernels

/// A law of g² as point masses: what recorded gradients are, and any quadrature of a density.
struct PointMasses: Sendable {
    /// g² and their probabilities, filled up to whole groups by such of probability 0.
    private let squares, shares: [Double]
    let meanSquare: Double

    /// - Parameter shares: add up to 1.
    init(squares: [Double], shares: [Double]) {
        self.squares = squares.filledUp
        self.shares = shares.filledUp
        meanSquare = zip(squares, shares).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// Below, e^{-s(g² - E g²)} is far from the end of the range of doubles, and the excess comes from positive terms alone.
    static let positiveFormBelow = 30.0

    func values(at s: Double) -> TransformValues {
        let scaledMean = s * meanSquare
        let isPositiveForm = scaledMean < Self.positiveFormBelow
        let sums = kernelSums {
            varlab_transform_points(
                varlab_best_variant(), shares, squares, shares.count / TransformSums.stride, s, meanSquare, isPositiveForm ? 1 : 0, $0)
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
