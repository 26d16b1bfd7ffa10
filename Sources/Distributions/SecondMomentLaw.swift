import CLibC
import Errors
import Theory

/// The exact law of v̂_t = Σ_k w_k g² for independent g ~ N(μ, 1): a weighted sum of noncentral χ²_1 variables.
///
/// Density and tails are inverse Laplace transforms, (2πi)⁻¹ ∫ e^{sx + K(s)} s^{-j} ds with j = 0 and 1, along a contour
/// through the saddle point of the integrand on which nothing cancels (`Contour`), so that the trapezoid rule converges
/// geometrically, and the density and the smaller tail have a relative error of about 1e-12 however small they are: up to 1e-11
/// at |μ| near 1e6, where the deviation of v̂ is 1e-6 of it (Daniels 1954 for the saddle point; Talbot 1979 and Temme for contours).
public struct SecondMomentLaw: SecondMomentDistribution {
    public let average: ExponentialAverage
    /// μ.
    public let gradientMean: Double
    /// t.
    public let step: Int
    private let squares: WeightedSquares

    /// - Throws: `ParameterError` unless 0 ≤ β2 < 1, |μ| ≤ 1e6 and t ≥ 1, and where the deviation of v̂_t is below 1e-11 of its
    ///   mean, so that doubles hardly tell its values apart.
    public init(beta2: Double, mean: Double, step: Int) throws(ParameterError) {
        average = try ExponentialAverage(beta2: beta2)
        guard abs(mean) <= 1e6 else {
            throw ParameterError(parameter: .mu, value: mean, rule: "must be at most 1e6 in size")
        }
        guard step >= 1 else { throw ParameterError(parameter: .steps, value: step, rule: "must be at least 1") }
        gradientMean = mean
        self.step = step
        squares = WeightedSquares(average: average, mean: mean, step: step)
        guard squares.derivatives(at: 0).second >= 1e-22 * squares.mean * squares.mean else {
            throw ParameterError(
                parameter: .mu, value: mean,
                rule: "must be smaller at this beta2 and step: the deviation of v̂_t is below 1e-11 of its mean")
        }
    }

    /// E[v̂_t] = 1 + μ².
    public var mean: Double { squares.mean }

    /// Var[v̂_t] = 2 (1 + 2μ²) Σ w².
    public var variance: Double { squares.derivatives(at: 0).second }

    /// The density at v; 0 for v ≤ 0.
    public func density(at v: Double) -> Double {
        if !(v > 0) || isBeyond(v) { return v.isNaN ? .nan : 0 }
        let branch = squares.branchDistance
        var saddle = exp(root { y in v + squares.derivatives(at: exp(y) - branch).first }) - branch
        // Newton's steps: near 0 the saddle point of a narrow law is needed to far less than the branch point's distance.
        for _ in 0..<2 {
            let cumulants = squares.derivatives(at: saddle)
            saddle -= (v + cumulants.first) / cumulants.second
        }
        return LaplaceInversion(squares: squares, v: v, saddle: saddle, power: 0).value()
    }

    /// P(v̂ ≤ v) and P(v̂ > v), the smaller of them with full relative accuracy.
    public func tails(at v: Double) -> (lower: Double, upper: Double) {
        if v.isNaN { return (.nan, .nan) }
        if v <= 0 { return (0, 1) }
        if isBeyond(v) { return (1, 0) }
        if v < mean {
            // Right of the pole at 0, between it and infinity.
            let saddle = exp(root { y in
                let s = exp(y)
                return v + squares.derivatives(at: s).first - 1 / s
            })
            let lower = LaplaceInversion(squares: squares, v: v, saddle: saddle, power: 1).value()
            return (lower, 1 - lower)
        }
        // Left of it, between the branch point and 0: s = -b/(1 + e^y).
        let branch = squares.branchDistance
        let saddle = -branch / (1 + exp(root { y in
            let s = -branch / (1 + exp(y))
            return v + squares.derivatives(at: s).first - 1 / s
        }))
        let upper = -LaplaceInversion(squares: squares, v: v, saddle: saddle, power: 1).value()
        return (1 - upper, upper)
    }

    /// Whether v is so large that Chernoff's bound halfway to the branch point, e^{sv + K(s)}, is no number above 0; there the
    /// saddle point would come to lie on the branch point.
    private func isBeyond(_ v: Double) -> Bool {
        let s = -squares.branchDistance / 2
        return v == .infinity || s * v + squares.value(at: s) < -800
    }

    /// The v with P(v̂ ≤ v) = p; 0 at p = 0 and infinity at p = 1.
    /// - Throws: `ParameterError` unless 0 ≤ p ≤ 1; `ComputationError` if the root finder fails.
    public func quantile(_ probability: Double) throws -> Double {
        try quantile(lower: probability, upper: 1 - probability)
    }

    /// The v with P(v̂ > v) = p; infinity at p = 0 and 0 at p = 1.
    /// - Throws: as `quantile`.
    public func upperQuantile(_ probability: Double) throws -> Double {
        try quantile(lower: 1 - probability, upper: probability)
    }

    /// The v outside which Chernoff's bounds on the tails, e^{sv + K(s)} with K'(s) = -v, fall below e^{-exponent}.
    func range(exponent: Double) -> (lower: Double, upper: Double) {
        func excess(_ s: Double) -> Double { squares.value(at: s) - s * squares.derivatives(at: s).first + exponent }
        let branch = squares.branchDistance
        let right = exp(root { y in -excess(exp(y)) })
        let left = -branch / (1 + exp(root { y in excess(-branch / (1 + exp(y))) }))
        return (-squares.derivatives(at: right).first, -squares.derivatives(at: left).first)
    }

    /// ln of the smallest normal double.
    private static let smallestLogarithm = log(Double.leastNormalMagnitude)

    private func quantile(lower lowerTail: Double, upper upperTail: Double) throws -> Double {
        guard lowerTail >= 0, upperTail >= 0 else {
            throw ParameterError(parameter: .probability, value: lowerTail, rule: "must be in [0, 1]")
        }
        if lowerTail == 0 { return 0 }
        if upperTail == 0 { return .infinity }
        // In ln v on the logarithm of the smaller tail, where it is nearly linear.
        // Below every probability that is asked for, so that the search ends, and no ratio leaves the range.
        let least: Double = min(lowerTail, upperTail) > .leastNormalMagnitude ? .leastNormalMagnitude : .leastNonzeroMagnitude
        func excess(_ logV: Double) -> Double {
            let tails = tails(at: exp(logV))
            return lowerTail < upperTail ? log(max(tails.lower, least) / lowerTail) : log(upperTail / max(tails.upper, least))
        }
        var stride = variance.squareRoot() / mean
        var (lower, upper) = (log(mean) - stride, log(mean) + stride)
        while excess(lower) > 0, lower > Self.smallestLogarithm { (lower, upper, stride) = (lower - 2 * stride, lower, 2 * stride) }
        // The quantile is nearer to 0 than the smallest double.
        if lower <= Self.smallestLogarithm, excess(Self.smallestLogarithm) >= 0 { return 0 }
        while excess(upper) < 0 { (lower, upper, stride) = (upper, upper + 2 * stride, 2 * stride) }
        let ends = (exp(max(lower, Self.smallestLogarithm)), exp(upper))
        // In v itself, whose last digits a logarithm would not have.
        return try ComputationError.naming(
            "the v with P(v̂_t ≤ v) = \(lowerTail) at beta2 = \(average.beta2), mu = \(gradientMean), t = \(step)"
        ) { () throws(GSLError) in
            try RootFinder().root(in: ends.0, ends.1, relativeTolerance: 1e-14) { excess(log($0)) }
        }
    }

    /// The root of an increasing function on the whole line; its scale is that of a logarithm.
    private func root(_ increasing: (Double) -> Double) -> Double {
        var (lower, upper, step) = (-1.0, 1.0, 2.0)
        while increasing(lower) > 0, lower > -700 { (lower, upper, step) = (lower - step, lower, 2 * step) }
        while increasing(upper) < 0, upper < 700 { (lower, upper, step) = (upper, upper + step, 2 * step) }
        // The saddle point need not be exact: any contour gives the integral.
        for _ in 0..<60 where upper - lower > 1e-4 {
            let middle = (lower + upper) / 2
            if increasing(middle) < 0 { lower = middle } else { upper = middle }
        }
        return (lower + upper) / 2
    }
}
