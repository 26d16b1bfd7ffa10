/// The root mean square of n independent coordinates with one law, from the mean and the variance of the square of one.
struct RootMeanSquareLaw: Hashable, Sendable {
    /// n.
    var coordinates: Int
    /// E[x²], that of the mean square too.
    let meanSquare: Double
    /// Var[x²].
    let varianceOfOne: Double

    /// Var[n⁻¹ Σ x²] = Var[x²]/n, exact.
    var varianceOfSquare: Double { varianceOfOne / Double(coordinates) }

    /// E[RMS] to the order 1/n: √E[x²] (1 - Var[x²]/(8 n E[x²]²)).
    var mean: Double { meanSquare.squareRoot() * (1 - varianceOfSquare / (8 * meanSquare * meanSquare)) }

    /// The standard deviation of RMS to the order 1/√n: √(Var[x²]/(4 n E[x²])).
    var standardDeviation: Double { (varianceOfSquare / (4 * meanSquare)).squareRoot() }
}
