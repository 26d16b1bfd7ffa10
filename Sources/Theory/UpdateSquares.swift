import Errors

/// The squares u_t² of Adam's update without ε, u_t = m̂_t/√v̂_t, for independent g_i ~ N(μ, σ²): what their mean over n independent coordinates is like.
///
/// u_t has no scale, so that coordinates of any σ belong together. The moments are integrals as those of ``UpdateLaw``,
///
///     E[u^{2k}] = Γ(k)⁻¹ ∫ s^{k-1} M(s) E_s[m̂^{2k}] ds,    m̂ ~ N(A, B) under e^{-s v̂},  E_s[m̂⁴] = A⁴ + 6A²B + 3B².
public struct UpdateSquares: Hashable, Sendable {
    /// E[u²].
    public let meanSquare: Double
    /// Var[u²]; the relative error is about 1e-12 (1 + μ²), as the spread of u² falls with μ.
    public let varianceOfSquare: Double
    /// E[m̂²]/E[v̂], what the mean square of the update tends to where ε is far above √v̂, in units of E[v̂]/ε².
    public let momentumShare: Double

    /// - Throws: `ParameterError` as `UpdateLaw` does, and unless β2 is positive: the moments are infinite at β2 = 0.
    public init(beta1: Double, beta2: Double, mean: Double = 0, step: Int) throws(ParameterError) {
        let law = try UpdateLaw(beta1: beta1, beta2: beta2, mean: mean, step: step)
        guard beta2 > 0 else { throw ParameterError(parameter: .beta2, value: beta2, rule: "must be positive here") }
        self.init(
            mean: mean, momentumVariance: law.terms.momentumVariance, meanSquare: law.moments().secondMoment,
            meanFourth: step == 1 ? 1 : law.fourthMoment { law.node($0, squaredMean: mean * mean) })
    }

    init(mean: Double, momentumVariance: Double, meanSquare: Double, meanFourth: Double) {
        momentumShare = (momentumVariance + mean * mean) / (1 + mean * mean)
        self.meanSquare = meanSquare
        varianceOfSquare = max(0, meanFourth - meanSquare * meanSquare)
    }

    /// The mean of √(n⁻¹ Σ u²) to the order 1/n, and its standard deviation to the order 1/√n.
    /// - Precondition: n is positive.
    public func rootMeanSquare(coordinates: Int) -> (mean: Double, standardDeviation: Double) {
        precondition(coordinates > 0, "a mean over no coordinates")
        let law = RootMeanSquareLaw(coordinates: coordinates, meanSquare: meanSquare, varianceOfOne: varianceOfSquare)
        return (law.mean, law.standardDeviation)
    }
}

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

extension UpdateLaw {
    /// E[u⁴] at ε = 0, from the law under e^{-s v̂} at any s.
    func fourthMoment(_ node: (Double) -> Node) -> Double {
        var fourth = 0.0
        integrate(node) { node in
            let average = mean * (1 - node.shrinkage)
            let (a, b) = (average * average, node.momentumVariance)
            let term = node.s * node.s * node.transform * (a * (a + 6 * b) + 3 * b * b)
            fourth += term
            return term / fourth
        }
        return fourth * Self.spacing
    }
}
