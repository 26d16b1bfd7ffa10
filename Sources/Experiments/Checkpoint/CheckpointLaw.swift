import Concurrency
import Distributions
import GradientStatistics
import Theory

/// The exact law of m̂_t/√v̂_t for gradients without a mean, at one step: what the updates of a state are compared with.
struct CheckpointLaw: Sendable {
    /// What a law depends on. ε is not in it: m̂/√v̂ has no scale.
    struct Key: Hashable, Comparable, Sendable {
        let beta1, beta2: Double
        let step: Int

        init(_ scales: MomentScales) { (beta1, beta2, step) = (scales.beta1, scales.beta2, scales.step) }

        static func < (a: Key, b: Key) -> Bool { (a.beta1, a.beta2, a.step) < (b.beta1, b.beta2, b.step) }
    }

    let key: Key
    /// sup |u|.
    let largest: Double
    let noise: UpdateSquares
    /// The laws with a mean.
    let family: UpdateLawFamily
    /// P(|u| ≥ x) at the edges of `UpdateBins`, but for infinity.
    let tails: [Double]
    /// Of |u| at the probabilities of `TensorUpdates`.
    let quantiles: [Double]
    let inverse: ImpliedUpdateMean

    /// The law at each of the keys.
    static func laws(_ keys: [Key], threads: Int) throws -> [Key: CheckpointLaw] {
        let laws = try concurrentMap(keys, threads: threads) { try CheckpointLaw($0) }
        return Dictionary(uniqueKeysWithValues: laws.map { ($0.key, $0) })
    }

    private init(_ key: Key) throws {
        self.key = key
        family = try UpdateLawFamily(beta1: key.beta1, beta2: key.beta2, step: key.step)
        let distribution = UpdateDistribution(family.noise)
        largest = family.noise.largest
        noise = family.squares(mean: 0)
        // At t = 1 all of it is at ±1.
        tails = UpdateBins.edges.dropLast().map { key.step == 1 ? ($0 <= 1 ? 1 : 0) : distribution.valuesOfSize(at: $0).upper }
        quantiles = try TensorUpdates.probabilities.map { try distribution.quantileOfSize($0) }
        inverse = ImpliedUpdateMean(family)
    }

    /// The mean of u² over a tensor's coordinates, and its variance, where their gradients are noise.
    ///
    /// With w = √v̂/(√v̂+ε) of each coordinate as it is, u² = w² m̂²/v̂: its mean is mean(w²) ((1-s) E[m̂²/v̂] + s E[m̂²]/E[v̂]), s = Σw²(1-w)/Σw², which
    /// is exact where ε is nothing beside √v̂ (s = 0), where it is all (s = 1), and at t = 1, and else of the first order in the dependence of m̂²/v̂ on v̂.
    /// - Returns: nil without live coordinates.
    func noise(of sums: UpdateSums) -> (meanSquare: Double, variance: Double)? {
        guard let weight2 = sums.meanWeight2, let weight4 = sums.meanWeight4 else { return nil }
        let share = sums.epsilonShare
        let one = (1 - share) * noise.meanSquare + share * noise.momentumShare
        return (weight2 * one, noise.varianceOfSquare * weight4 / Double(sums.live))
    }
}

/// The |μ|/σ, alike in all coordinates, that the root mean square of their updates implies.
struct ImpliedMean: Sendable, Equatable {
    /// nil where no mean gives such a root mean square: below that of noise.
    var mean: Double?
    /// Of all means whose law has the root mean square within 1.96 standard deviations; infinity where there is no upper end; nil without any.
    var low, high: Double?

    /// Two sides of 2.5% each.
    static let deviations = 1.959963984540054

    /// - Throws: `ComputationError` if the root finder fails.
    init(_ sums: UpdateSums, _ law: CheckpointLaw) throws {
        guard let square = sums.meanSquare, let weight2 = sums.meanWeight2, let weight4 = sums.meanWeight4, weight2 > 0, square > 0 else { return }
        let inverse = law.inverse.mixed(momentumShare: sums.epsilonShare)
        guard inverse.isMonotone else { return }
        let root = (square / weight2).squareRoot()
        let (noise, most) = inverse.limits
        /// 0 beyond the end that is noise, infinity beyond the other.
        func place(_ value: Double) throws -> Double {
            if most > noise ? value <= noise : value >= noise { return 0 }
            if most > noise ? value >= most : value <= most { return .infinity }
            return try inverse.mean(rootMeanSquare: value)
        }
        let found = try place(root)
        if found < .infinity, found > 0 || root == noise { mean = found }
        let variance = (mean.map(law.family.squares) ?? law.noise).varianceOfSquare
        let deviation = (variance * weight4 / Double(sums.live)).squareRoot() / weight2 / (2 * root)
        let ends = try [place(max(0, root - Self.deviations * deviation)), place(root + Self.deviations * deviation)].sorted()
        // Both beyond one end: no mean at all.
        if mean == nil, ends[0] == ends[1] { return }
        (low, high) = (ends[0], ends[1])
    }
}
