import CKernels
import Errors

/// StableAdamW's RMS_t = √(n⁻¹ Σ g_t²/v̂_t) over n independent coordinates of one tensor, and how often it exceeds 1, where the step is divided
/// by it (Wortsman et al., arXiv:2304.13013), for g ~ N(μ, σ²) and ε = 0.
///
/// Each g_t²/v̂_t is the square of an update with β1 = 0, at most (1-β2^t)/(1-β2). Its moments are integrals as those of ``UpdateLaw``,
///
///     E[(g_t²/v̂_t)^k] = Γ(k)⁻¹ ∫ s^{k-1} M(s) E_s[g_t^{2k}] ds,    g_t ~ N(A, y) under e^{-s v̂},
///
/// with A = μy, y = 1/(1+2sw_0) for independent gradients, else those of ``CorrelatedUpdateLaw``.
public struct UpdateClipping: Hashable, Sendable {
    private var root: RootMeanSquareLaw
    /// E[(g_t²/v̂_t - E)³], exact.
    private let thirdCentralMoment: Double

    /// - Parameters:
    ///   - beta2: decay rate of v̂.
    ///   - mean: μ of each coordinate, in units of its σ.
    ///   - autocorrelation: r of the gradients of a coordinate, a normal AR(1), from step to step.
    ///   - step: t.
    ///   - coordinates: n, independent of each other.
    /// - Throws: `ParameterError` as `CorrelatedUpdateLaw` does, and unless n ≥ 1.
    public init(beta2: Double, mean: Double = 0, autocorrelation: Double = 0, step: Int, coordinates: Int) throws(ParameterError) {
        try Self.require(coordinates: coordinates)
        let moments = autocorrelation == 0
            ? try UpdateLaw(beta1: 0, beta2: beta2, mean: mean, step: step).squaredGradientRatio()
            : try CorrelatedUpdateLaw(beta1: 0, beta2: beta2, autocorrelation: autocorrelation, mean: mean, step: step).squaredGradientRatio()
        root = RootMeanSquareLaw(coordinates: coordinates, meanSquare: moments.mean, varianceOfOne: moments.variance)
        thirdCentralMoment = moments.thirdCentral
    }

    /// The same over another number of coordinates, without the integrals again.
    /// - Throws: `ParameterError` unless n ≥ 1.
    public func over(coordinates: Int) throws(ParameterError) -> UpdateClipping {
        try Self.require(coordinates: coordinates)
        var other = self
        other.root.coordinates = coordinates
        return other
    }

    private static func require(coordinates: Int) throws(ParameterError) {
        guard coordinates >= 1 else { throw ParameterError(parameter: .coordinates, value: coordinates, rule: "must be at least 1") }
    }

    /// n.
    public var coordinates: Int { root.coordinates }

    /// E[RMS²] = E[g_t²/v̂_t], exact.
    public var meanSquare: Double { root.meanSquare }

    /// Var[RMS²] = Var[g_t²/v̂_t]/n, exact.
    public var varianceOfSquare: Double { root.varianceOfSquare }

    /// E[RMS] to the order 1/n: √E[RMS²] (1 - Var[RMS²]/(8 E[RMS²]²)).
    public var mean: Double { root.mean }

    /// The standard deviation of RMS to the order 1/√n: √(Var[RMS²]/(4 E[RMS²])).
    public var standardDeviation: Double { root.standardDeviation }

    /// P(RMS_t > 1), the share of steps that are clipped where the gradients are nothing but this: the normal approximation with Edgeworth's first
    /// term, so that the error falls as 1/n (Cramér 1946, 17.7). 0 at t = 1, where RMS is 1.
    ///
    ///     1 - Φ(z) + γ (z²-1) φ(z)/(6√n),    z = √n (1 - E)/σ, γ the skewness of g_t²/v̂_t.
    public func probability() -> Double {
        guard varianceOfSquare > 0 else { return 0 }
        let deviation = varianceOfSquare.squareRoot()
        let z = (1 - meanSquare) / deviation
        // γ/√n by the deviation of the mean.
        let skewness = thirdCentralMoment / (Double(coordinates) * Double(coordinates) * deviation * deviation * deviation)
        let density = varlab_exp(-z * z / 2) * 0.3989422804014327
        let normal = z >= 0 ? 0.5 * scaledTail(z) : 1 - 0.5 * scaledTail(-z)
        return min(1, max(0, normal + skewness * (z * z - 1) * density / 6))
    }

    private func scaledTail(_ z: Double) -> Double { UpdateLaw.complementaryError(z / 2.0.squareRoot()) }
}

extension UpdateLaw {
    /// The mean, the variance and the third central moment of g_t²/v̂_t, ε = 0.
    func squaredGradientRatio() -> (mean: Double, variance: Double, thirdCentral: Double) {
        // One gradient over itself.
        if step == 1 || beta2 == 0 { return (1, 0, 0) }
        return squaredGradientRatio { visit in
            integrate { node in
                let newest = 1 / (1 + node.argument)
                return visit(node, newest, mean * mean * newest)
            }
        }
    }

    /// From y and A²/y at each node.
    func squaredGradientRatio(
        _ integrate: (_ visit: (_ node: Node, _ newest: Double, _ m: Double) -> Double) -> Void
    ) -> (mean: Double, variance: Double, thirdCentral: Double) {
        var (first, second, third) = (0.0, 0.0, 0.0)
        integrate { node, newest, m in
            let scale = node.s * newest
            let firstTerm = scale * node.transform * (1 + m)
            let secondTerm = scale * scale * node.transform * (3 + m * (6 + m))
            let thirdTerm = 0.5 * scale * scale * scale * node.transform * (15 + m * (45 + m * (15 + m)))
            first += firstTerm
            second += secondTerm
            third += thirdTerm
            return max(firstTerm / first, secondTerm / second, thirdTerm / third)
        }
        (first, second, third) = (first * Self.spacing, second * Self.spacing, third * Self.spacing)
        return (first, max(0, second - first * first), third - 3 * first * second + 2 * first * first * first)
    }
}
