import CKernels

/// How large gradients are along a trace: one σ for each stretch of ``length`` steps or somewhat more, with mean square 1 over all steps.
///
/// A stretch's mean square m_b of n values also varies where σ does not: ln m_b then has the variance ψ′(n/2) for independent normal gradients, ψ′ the
/// trigamma function. That is no scale, so that ln σ_b² is drawn to its mean over the stretches by the share of it in what is seen,
///
///     ln σ_b² = L + λ (ln m_b - L),   λ = max(0, 1 - ψ′(n/2)/W),   L and W the mean and the variance of ln m_b,
///
/// as C. N. Morris does it ("Parametric empirical Bayes inference", JASA 78, 1983). λ is 0 or little for gradients that are alike at all steps. Heavy
/// tails and autocorrelation within a stretch count as scale.
package struct StretchScales: Sendable, Equatable {
    /// Of a stretch; a trace of T steps has ⌊T/25⌋ of nearly equal length.
    package static let length = 25
    /// A trace of fewer stretches has no such scales.
    package static let fewest = 4
    /// That of a stretch whose gradients are all 0, as small as the exact law takes it.
    private static let smallest = 1e-50

    /// σ at each step, from the first.
    package let values: [Double]
    /// λ.
    package let shrinkage: Double

    static func count(steps: Int) -> Int { steps / length }

    /// Of which stretch the step, counted from 0, is.
    static func bounds(steps: Int) -> [Range<Int>] {
        let count = count(steps: steps)
        return (0..<count).map { steps * $0 / count..<steps * ($0 + 1) / count }
    }

    /// - Parameters:
    ///   - meanSquares: of the stretches, in their order.
    ///   - valuesPerStep: of how many coordinates.
    /// - Returns: nil for fewer stretches than ``fewest``, and where all are 0 or nearly.
    package init?(meanSquares: [Double], steps: Int, valuesPerStep: Int) {
        let bounds = Self.bounds(steps: steps)
        precondition(meanSquares.count == bounds.count, "a mean square for each stretch")
        guard bounds.count >= Self.fewest else { return nil }
        let logarithms = meanSquares.map { $0 > Self.smallest ? varlab_log($0) : nil }
        let known = logarithms.compactMap { $0 }
        guard !known.isEmpty else { return nil }
        let mean = known.reduce(0, +) / Double(known.count)
        let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, known.count - 1))
        let half = Double(steps) / Double(bounds.count) * Double(valuesPerStep) / 2
        // The trigamma function's asymptotic series: 12 and more are far from where it fails.
        let noise = (1 + (0.5 + 1 / (6 * half)) / half) / half
        let shrinkage = variance > noise ? 1 - noise / variance : 0
        let squares = logarithms.map { $0.map { varlab_exp(mean + shrinkage * ($0 - mean)) } ?? 0 }
        let whole = zip(squares, bounds).reduce(0) { $0 + $1.0 * Double($1.1.count) } / Double(steps)
        guard whole > 0, whole.isFinite else { return nil }
        self.shrinkage = shrinkage
        values = zip(squares, bounds).flatMap { square, steps in
            repeatElement(max(Self.smallest, (square / whole).squareRoot()), count: steps.count)
        }
    }
}
