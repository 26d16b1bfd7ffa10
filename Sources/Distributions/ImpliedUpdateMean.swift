import CLibC
import Errors
import Theory

/// Which |μ|/σ a root mean square of the update implies: the inverse of √E[u_t²] in |μ|, at fixed β1, β2, ε/σ and t.
///
/// At μ = 0 the update has the size of its noise, and for |μ| → ∞ it tends to |μ|/(|μ|+ε). Between the two the root mean square is monotone for the
/// decay rates that people use (β1² < β2 < 1); where it is not, as for β2 far below β1², no inverse is given.
public struct ImpliedUpdateMean: Sendable {
    /// The root mean squares for which there is a mean: at μ = 0, and at |μ| = 1e6; the first is not always the smaller one.
    public let limits: (atZero: Double, atLargest: Double)
    /// Whether the root mean square rises, or falls, all the way.
    public let isMonotone: Bool
    private let curve: [(mean: Double, rootMeanSquare: Double)]
    private let rootMeanSquare: @Sendable (Double) -> Double
    /// Var[m̂_t].
    private let momentumVariance: Double

    /// - Throws: `ParameterError` as `UpdateLaw` does.
    public init(beta1: Double, beta2: Double, epsilon: Double = 0, step: Int) throws(ParameterError) {
        self.init(try UpdateLawFamily(beta1: beta1, beta2: beta2, epsilon: epsilon, step: step))
    }

    /// The inverse for a family whose moments may be wanted elsewhere too.
    package init(_ family: UpdateLawFamily) {
        let rootMeanSquare: @Sendable (Double) -> Double = { family.moments(mean: $0).rootMeanSquare }
        let means = [0] + (-12...24).map { Self.tenPower(Double($0) / 4) }
        self.init(
            curve: means.map { (mean: $0, rootMeanSquare: rootMeanSquare($0)) }, rootMeanSquare: rootMeanSquare,
            momentumVariance: family.noise.terms.momentumVariance)
    }

    private init(
        curve: [(mean: Double, rootMeanSquare: Double)], rootMeanSquare: @escaping @Sendable (Double) -> Double, momentumVariance: Double
    ) {
        self.curve = curve
        self.rootMeanSquare = rootMeanSquare
        self.momentumVariance = momentumVariance
        limits = (curve[0].rootMeanSquare, curve[curve.count - 1].rootMeanSquare)
        // Where it is flat, rounding decides.
        let tolerance = 1e-12 * max(limits.atZero, limits.atLargest)
        let changes = zip(curve, curve.dropFirst()).map { $1.rootMeanSquare - $0.rootMeanSquare }
        isMonotone = limits.atZero.isFinite && abs(limits.atLargest - limits.atZero) > 100 * tolerance
            && (changes.allSatisfy { $0 > -tolerance } || changes.allSatisfy { $0 < tolerance })
    }

    /// The inverse of another root mean square, in which E[u²] = E[m̂²/v̂] at ε = 0 gives a share to E[m̂²]/E[v̂].
    package func mixed(momentumShare share: Double) -> ImpliedUpdateMean {
        if share == 0 { return self }
        let (own, variance) = (rootMeanSquare, momentumVariance)
        let mixed: @Sendable (Double, Double) -> Double = { mean, root in
            let momentum = (variance + mean * mean) / (1 + mean * mean)
            return ((1 - share) * root * root + share * momentum).squareRoot()
        }
        return ImpliedUpdateMean(
            curve: curve.map { (mean: $0.mean, rootMeanSquare: mixed($0.mean, $0.rootMeanSquare)) },
            rootMeanSquare: { mixed($0, own($0)) }, momentumVariance: variance)
    }

    /// The |μ|/σ, from 0 at the limit of μ = 0 on.
    ///
    /// By Brent's method. The relative error is about 1e-12 divided by the part of the root mean square that μ contributes: near its limits the root
    /// mean square says little about μ.
    /// - Throws: `ParameterError` for a root mean square that no mean gives, which names the limits, and where the root mean square is not monotone
    ///   in the mean, or the same for all (at t = 1 and ε = 0 it is 1); `ComputationError` if the root finder fails.
    public func mean(rootMeanSquare target: Double) throws -> Double {
        func refused(_ rule: String) -> ParameterError { ParameterError(parameter: .impliedByRms, value: target, rule: rule) }
        guard isMonotone else { throw refused("has no inverse here: the root mean square is the same for every mu, or not monotone in it") }
        let (low, high) = (min(limits.atZero, limits.atLargest), max(limits.atZero, limits.atLargest))
        guard target >= low, target <= high else {
            throw refused("must be from \(low) to \(high) here, the root mean squares at mu = 0 and 1e6")
        }
        if target == limits.atZero { return 0 }
        let sign: Double = limits.atLargest > limits.atZero ? 1 : -1
        let place = max(1, curve.firstIndex { sign * ($0.rootMeanSquare - target) >= 0 } ?? curve.count - 1)
        let upper = curve[place].mean
        var lower = curve[place - 1].mean
        if lower == 0 {
            // Below, μ² is nothing beside 1.
            lower = 1e-9
            if sign * (rootMeanSquare(lower) - target) >= 0 { return 0 }
        }
        return try ComputationError.naming("the mean at which the root mean square of the update is \(target)") { () throws(GSLError) in
            try RootFinder().root(in: lower, upper, relativeTolerance: 1e-14) { rootMeanSquare($0) - target }
        }
    }

    private static func tenPower(_ exponent: Double) -> Double {
        // Whole powers are exact, so that the last one is the largest mean that the law admits.
        exponent == 6 ? 1e6 : pow(10, exponent)
    }
}
