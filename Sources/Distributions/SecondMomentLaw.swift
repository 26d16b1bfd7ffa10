import Errors
import Foundation
import Theory

/// The exact law of v̂_t = Σ_k w_k g² for independent g ~ N(μ, 1): a weighted sum of noncentral χ²_1 variables.
///
/// Density and tails are inverse Laplace transforms, (2πi)⁻¹ ∫ e^{sx + K(s)} s^{-j} ds with j = 0 and 1, along a contour
/// through the saddle point of the integrand, s(θ) = s₀ - R + R (θ cot θ + iθ), |θ| < π: the path of steepest descent of a
/// gamma law, whose R = -2 K''/K''' is matched to this one. On it nothing cancels, and the trapezoid rule converges
/// geometrically, so that the density and the smaller tail have a relative error of about 1e-12 however small they are
/// (Daniels 1954 for the saddle point; Talbot 1979 and Temme for the contour).
public struct SecondMomentLaw: Sendable {
    public let average: ExponentialAverage
    /// μ.
    public let gradientMean: Double
    /// t.
    public let step: Int
    private let squares: WeightedSquares

    /// - Throws: `ParameterError` unless 0 ≤ β2 < 1, |μ| ≤ 1e6 and t ≥ 1.
    public init(beta2: Double, mean: Double, step: Int) throws(ParameterError) {
        average = try ExponentialAverage(beta2: beta2)
        guard abs(mean) <= 1e6 else {
            throw ParameterError(parameter: .mu, value: mean, rule: "must be at most 1e6 in size")
        }
        guard step >= 1 else { throw ParameterError(parameter: .steps, value: step, rule: "must be at least 1") }
        gradientMean = mean
        self.step = step
        squares = WeightedSquares(average: average, mean: mean, step: step)
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
        return invert(at: v, saddle: saddle, power: 0)
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
            let lower = invert(at: v, saddle: saddle, power: 1)
            return (lower, 1 - lower)
        }
        // Left of it, between the branch point and 0: s = -b/(1 + e^y).
        let branch = squares.branchDistance
        let saddle = -branch / (1 + exp(root { y in
            let s = -branch / (1 + exp(y))
            return v + squares.derivatives(at: s).first - 1 / s
        }))
        let upper = -invert(at: v, saddle: saddle, power: 1)
        return (1 - upper, upper)
    }

    /// Whether v is so large that Chernoff's bound halfway to the branch point, e^{sv + K(s)}, is no number above 0; there the
    /// saddle point would come to lie on the branch point.
    private func isBeyond(_ v: Double) -> Bool {
        let s = -squares.branchDistance / 2
        return v == .infinity || s * v + squares.value(at: s) < -800
    }

    /// P(v̂ ≤ v).
    public func distribution(at v: Double) -> Double { tails(at: v).lower }

    /// The v with P(v̂ ≤ v) = p; 0 at p = 0 and infinity at p = 1.
    /// - Throws: `ParameterError` unless 0 ≤ p ≤ 1; `GSLError` if the root finder fails.
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

    private func quantile(lower lowerTail: Double, upper upperTail: Double) throws -> Double {
        guard lowerTail >= 0, upperTail >= 0 else {
            throw ParameterError(parameter: .probability, value: lowerTail, rule: "must be in [0, 1]")
        }
        if lowerTail == 0 { return 0 }
        if upperTail == 0 { return .infinity }
        // In ln v on the logarithm of the smaller tail, where it is nearly linear.
        func excess(_ logV: Double) -> Double {
            let tails = tails(at: exp(logV))
            return lowerTail < upperTail
                ? log(max(tails.lower, .leastNormalMagnitude) / lowerTail)
                : log(upperTail / max(tails.upper, .leastNormalMagnitude))
        }
        var step = variance.squareRoot() / mean
        var (lower, upper) = (log(mean) - step, log(mean) + step)
        while excess(lower) > 0 { (lower, upper, step) = (lower - 2 * step, lower, 2 * step) }
        while excess(upper) < 0 { (lower, upper, step) = (upper, upper + 2 * step, 2 * step) }
        // In v itself, whose last digits a logarithm would not have.
        return try RootFinder().root(in: exp(lower), exp(upper), relativeTolerance: 1e-14) { excess(log($0)) }
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

    /// (2πi)⁻¹ ∫ e^{sv + K(s)} s^{-power} ds along the contour through `saddle`.
    private func invert(at v: Double, saddle: Double, power: Int) -> Double {
        let cumulants = squares.derivatives(at: saddle)
        let curvature = cumulants.second + (power == 1 ? 1 / (saddle * saddle) : 0)
        // Matched to the transform alone: with the pole it would bend too close to the branch points.
        let radius = 2 * cumulants.second / cumulants.minusThird
        let exponentAtSaddle = saddle * v + squares.value(at: saddle)
        if exponentAtSaddle < -800 { return 0 }
        func integrand(_ theta: Double) -> Double {
            let cotangent = theta == 0 ? 0 : 1 / tan(theta)
            let real = theta == 0 ? saddle : saddle + radius * (theta * cotangent - 1)
            let imaginary = radius * theta
            let transform = squares.value(real: real, imaginary: imaginary)
            let modulus = exp(real * v + transform.real - exponentAtSaddle)
            let phase = imaginary * v + transform.imaginary
            var (a, b) = (modulus * cos(phase), modulus * sin(phase))
            if power == 1 {
                let norm = real * real + imaginary * imaginary
                (a, b) = ((a * real + b * imaginary) / norm, (b * real - a * imaginary) / norm)
            }
            // Times ds/dθ = R (cot θ - θ/sin² θ + i); by symmetry only the imaginary part stays.
            let sine = sin(theta)
            let slope = theta == 0 ? 0 : cotangent - theta / (sine * sine)
            return radius * (a + b * slope)
        }
        /// The integrand's sum over every `spacing` from `theta` on.
        let scale = abs(integrand(0))
        func sum(from start: Double, spacing: Double) -> Double {
            var (sum, theta, small) = (0.0, start, 0)
            while theta < .pi, small < 2 {
                let term = integrand(theta)
                sum += term
                small = abs(term) < 1e-17 * scale ? small + 1 : 0
                theta += spacing
            }
            return sum
        }
        // For a normal peak this leaves 6e-16.
        var spacing = min(0.5, 0.75 / (radius * curvature.squareRoot()))
        var total = 0.5 * integrand(0) + sum(from: spacing, spacing: spacing)
        // A narrow law's exponent s v + K(s) is the difference of large numbers, and noise remains of it.
        let tolerance = max(1e-11, 1e-15 * abs(saddle * v))
        for _ in 0..<10 {
            let finer = total + sum(from: spacing / 2, spacing: spacing)
            let (previous, value) = (total * spacing, finer * spacing / 2)
            (total, spacing) = (finer, spacing / 2)
            // Halving the spacing squares the error of a normal peak, and raises that at small t, where the ends of the contour
            // tell, to the power √2: it is now far below the difference.
            if abs(value - previous) <= tolerance * abs(value) { break }
        }
        return total * spacing / .pi * exp(exponentAtSaddle)
    }
}
