import CLibC
import Errors
import SpecialFunctions
import Theory

/// The exact law of v̂_t = Σ_k w_k g² under Adam's weights for gradients of a `GradientProcess`: independent ones of any law in closed form
/// about any μ, and normal ones with an autocorrelation, or with scales and means of their own at each step.
///
/// The law's transform E e^{-s v̂} is inverted along a ray left of the imaginary axis where the gradients' density is analytic there, and
/// otherwise as a Fourier series or, of few squares, edge by edge. One square has its law by a change of variables.
///
/// Absolute error of the distribution function below 1e-9; relative error of the density below 1e-8 in the bulk, where v f(v) is above 0.01. Whether
/// an inversion has converged is measured when the law is made. ``SecondMomentLaw`` has independent normal gradients with full
/// relative accuracy in both tails.
public struct ProcessSecondMomentLaw: SecondMomentDistribution {
    public let beta2: Double
    public let process: GradientProcess
    /// t.
    public let step: Int
    public let mean: Double
    public let variance: Double
    private let inversion: any TransformInversion
    /// Between which there is something of the law.
    private let support: ClosedRange<Double>

    /// - Throws: `ParameterError` unless 0 ≤ β2 < 1 and t ≥ 1; for recorded gradients, whose law has no density; for a t beyond the scales or
    ///   means; and where the inversion does not reach 1e-9.
    public init(beta2: Double, process: GradientProcess, step: Int) throws(ParameterError) {
        let average = try ExponentialAverage(beta2: beta2)
        guard step >= 1 else { throw ParameterError(parameter: .steps, value: step, rule: "must be at least 1") }
        guard process.law != .recorded else {
            throw ParameterError(
                parameter: .gradients, value: "trace", rule: "has no density: v̂_t of recorded values takes finitely many values")
        }
        let last = min(process.scales?.count ?? .max, process.means?.count ?? .max)
        guard step <= last else {
            throw ParameterError(parameter: .steps, value: step, rule: "must be at most the \(last) steps that are given")
        }
        self.beta2 = beta2
        self.process = process
        self.step = step
        if step == 1 || beta2 == 0 {
            let scale = process.scales?[step - 1] ?? 1
            let square = SingleSquare(law: process.law, mean: abs(process.means?[step - 1] ?? process.mean), scale: scale)
            inversion = square
            let moments = SquareMoments(process.law, mean: square.mean / scale)
            (mean, variance) = (scale * scale * moments.mean, scale * scale * scale * scale * moments.variance)
            support = 0...(.infinity)
        } else if process.law == .normal {
            let chain = ComplexGaussianChain(process, average: average, step: step)
            (mean, variance) = (chain.mean, chain.variance)
            inversion = try Self.inversion(chain, process)
            support = 0...(.infinity)
        } else {
            let builder = try IndependentSquares(process, average: average, step: step)
            (mean, variance) = (builder.mean, builder.variance)
            inversion = try builder.inversion()
            support = builder.support
        }
        // Cantelli's inequality: whatever was inverted, it was the law.
        let deviation = variance.squareRoot()
        guard deviation < .infinity, step > 1, beta2 > 0 else { return }
        guard distribution(at: mean - 4 * deviation) < 1 / 16.9, distribution(at: mean + 4 * deviation) > 1 - 1 / 16.9 else {
            throw ParameterError(parameter: .mu, value: process.mean, rule: "leaves no law that can be inverted to 1e-9")
        }
    }

    private static func inversion(_ chain: ComplexGaussianChain, _ process: GradientProcess) throws(ParameterError) -> any TransformInversion {
        let scale = -log(chain.mean)
        let lowest = RayInversion.lowest(scale: scale) { chain.logarithm(at: Complex($0), isCentred: false).real }
        return try RayInversion.checked(bend: RayInversion.widestBend, refusal: {
            ParameterError(parameter: .autocorrelation, value: process.autocorrelation, rule: "leaves no law that can be inverted to 1e-9")
        }) { spacing in
            RayInversion(
                bend: RayInversion.widestBend, spacing: spacing, logs: (scale - 40)...(scale + 80), center: chain.mean, lowest: lowest
            ) { u, direction, isCentred in chain.logarithm(at: exp(u) * direction, isCentred: isCentred) }
        }
    }

    public func density(at v: Double) -> Double {
        if v.isNaN { return .nan }
        guard v > support.lowerBound, v < support.upperBound, v > 0 else { return 0 }
        return max(0, inversion.density(at: v))
    }

    public func tails(at v: Double) -> (lower: Double, upper: Double) {
        if v.isNaN { return (.nan, .nan) }
        if v <= support.lowerBound { return (0, 1) }
        if v >= support.upperBound || v == .infinity { return (1, 0) }
        if let square = inversion as? SingleSquare { return (square.distribution(at: v), square.upperTail(at: v)) }
        let lower = min(max(inversion.distribution(at: v), 0), 1)
        return (lower, 1 - lower)
    }

    /// The v with P(v̂ ≤ v) = p; 0 at p = 0 and infinity at p = 1. Probabilities are known to the absolute error alone.
    /// - Throws: `ParameterError` unless 0 ≤ p ≤ 1; `ComputationError` if the root finder fails.
    public func quantile(_ probability: Double) throws -> Double { try quantile(lower: probability, upper: 1 - probability) }

    public func upperQuantile(_ probability: Double) throws -> Double { try quantile(lower: 1 - probability, upper: probability) }

    private func quantile(lower: Double, upper: Double) throws -> Double {
        guard lower >= 0, upper >= 0 else {
            throw ParameterError(parameter: .probability, value: lower, rule: "must be in [0, 1]")
        }
        if lower == 0 { return support.lowerBound }
        if upper == 0 { return support.upperBound }
        func excess(_ v: Double) -> Double {
            let tails = tails(at: v)
            return lower < upper ? tails.lower - lower : upper - tails.upper
        }
        // By halves of ln v to within a factor 2.
        var (low, high) = (-690.0, 690.0)
        if excess(exp(low)) >= 0 { return 0 }
        if excess(exp(high)) <= 0 { return .infinity }
        while high - low > 0.7 {
            let middle = (low + high) / 2
            if excess(exp(middle)) < 0 { low = middle } else { high = middle }
        }
        let ends = (exp(low), exp(high))
        return try ComputationError.naming(
            "the v with P(v̂_t ≤ v) = \(lower) at beta2 = \(beta2), gradients \(process.law.specification), t = \(step)"
        ) { () throws(GSLError) in try RootFinder().root(in: ends.0, ends.1, relativeTolerance: 1e-13, of: excess) }
    }
}
