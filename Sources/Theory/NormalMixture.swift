import CKernels

/// Gradients μ + √V z with z ~ N(0, 1) and V from a discrete law: φ(s) = Σ p (1+2sV)^{-1/2} e^{-μ² s/(1+2sV)}.
///
/// Laplace's law, Student's t and the logistic law are such mixtures with a continuous V, which the trapezoid rule in ln V makes
/// discrete to the last digit: all three factors are analytic for |Im ln V| < π/2.
struct NormalMixture: SquaredGradientLaw {
    /// Filled up to whole groups by such of probability 0.
    let shares, variances: [Double]
    /// What lies beyond the largest V: its probability and its part in E[V].
    let tailShare: Double
    let tailVariance: Double
    private let largestVariance: Double
    let mean: Double
    /// E[V], infinite where it does not exist.
    let meanVariance: Double
    let powersAtZero: (log: Double, excess: Double)
    var nearZero: BehaviourNearZero { .density }
    var meanSquare: Double { meanVariance + mean * mean }
    /// About a mean every part has an exponential function of its own.
    var isDear: Bool { mean != 0 && shares.count > 2 * TransformSums.stride }

    init(
        shares: [Double], variances: [Double], tailShare: Double = 0, tailVariance: Double = 0, mean: Double, meanVariance: Double,
        powersAtZero: (log: Double, excess: Double) = (1, 2)
    ) {
        self.shares = shares.filledUp
        self.variances = variances.filledUp
        self.tailShare = tailShare
        self.tailVariance = tailVariance
        largestVariance = variances.max() ?? 0
        self.mean = mean
        self.meanVariance = meanVariance
        self.powersAtZero = powersAtZero
    }

    /// Without those of probability 0.
    fileprivate var parts: (shares: [Double], variances: [Double]) {
        let kept = shares.indices.filter { shares[$0] > 0 }
        return (kept.map { shares[$0] }, kept.map { variances[$0] })
    }

    func values(at s: Double) -> TransformValues {
        let scaledMean = s * meanSquare
        let isPositiveForm = scaledMean < PointMasses.positiveFormBelow
        func partialSums(_ offset: Double) -> (transform: Double, complement: Double, deviation: Double) {
            kernelSums {
                varlab_transform_normals(
                    varlab_best_variant(), shares, variances, shares.count / TransformSums.stride, s, mean * mean, meanVariance, offset,
                    isPositiveForm ? 1 : 0, $0)
            }
        }
        let sums = partialSums(0)
        if sums.transform < TransformValues.smallestTransform, !isPositiveForm {
            // Relative to the largest part.
            let largest = zip(shares, variances).reduce(-Double.infinity) { result, part in
                let z = min(2 * s * part.1, 1e290)
                return part.0 > 0 ? max(result, varlab_log(part.0) - 0.5 * varlab_log1p(z) - s * mean * mean / (1 + z)) : result
            }
            let log = varlab_log(partialSums(-largest).transform) + largest
            return TransformValues(logTransform: log, excess: log + scaledMean)
        }
        if mean != 0 {
            // Beyond the largest V nothing is left of φ, or of its second order where s is that small.
            let isGone = 2 * s * largestVariance > 1
            let complement = sums.complement + (isGone ? tailShare : s * tailVariance)
            let deviation = isPositiveForm ? sums.deviation + (isGone ? s * tailVariance - tailShare * (1 + s * meanVariance) : 0) : nil
            return TransformValues(transform: sums.transform, complement: complement, deviation: deviation, scaledMean: scaledMean)
        }
        let complement = sums.complement + tailShare
        let log = TransformValues.logTransform(complement: complement, transform: sums.transform)
        guard complement < 0.5, scaledMean < 1 else { return TransformValues(logTransform: log, excess: log + scaledMean) }
        // About 0 E[g⁴] is at least three times the square of E[g²]: ln(1-w) + w may be taken off.
        let odds = complement / (1 - complement)
        let bend = odds * odds / (1 + odds) - TransformValues.logarithmAndRemainder(odds).remainder
        return TransformValues(logTransform: log, excess: sums.deviation + s * tailVariance - tailShare - bend)
    }
}

/// The symmetric laws that are mixtures of normals over their variance V, as `NormalMixture` takes them.
///
/// The spacing in ln V leaves e^{-π²/h}: 7e-18 for a quarter, where the strip of analyticity is π/2.
extension NormalMixture {
    static func normal(mean: Double) -> NormalMixture {
        NormalMixture(shares: [1], variances: [1], mean: mean, meanVariance: 1)
    }

    /// N(0, Σ²) with probability P, else N(0, 1), of unit variance together.
    static func contaminated(share: Double, standardDeviation: Double, mean: Double) -> NormalMixture {
        let square = standardDeviation * standardDeviation
        let unit = 1 / (1 - share + share * square)
        if share == 0 || share == 1 { return normal(mean: mean) }
        return NormalMixture(shares: [1 - share, share], variances: [unit, square * unit], mean: mean, meanVariance: 1)
    }

    /// V is exponential with mean 1.
    static func laplace(mean: Double, refinement: Double = 1) -> NormalMixture {
        // φ at large s is made of √V: what is left out below is e^{-42} of it.
        trapezoid(from: -84, through: 4, spacing: 0.2 / refinement, mean: mean) { varlab_exp($0 - varlab_exp($0)) }
    }

    /// V = 12 K²/π² with K Kolmogorov's law (Andrews and Mallows, J. R. Statist. Soc. B 36 (1974) 99-102).
    static func logistic(mean: Double, refinement: Double = 1) -> NormalMixture {
        let logUnit = varlab_log(12 / (Double.pi * Double.pi))
        return trapezoid(from: -5, through: 4.2, spacing: 0.15 / refinement, mean: mean) {
            kolmogorovDensity(varlab_exp(0.5 * ($0 - logUnit)))
        }
    }

    /// k f(k) of Kolmogorov's law, the derivative of its series.
    private static func kolmogorovDensity(_ k: Double) -> Double {
        let square = k * k
        var sum = 0.0
        if k < 1 {
            let exponent = Double.pi * Double.pi / (8 * square)
            for odd in [7.0, 5, 3, 1] {
                let power = odd * odd * exponent
                sum += (2 * power - 1) * varlab_exp(-power)
            }
            return (2 * Double.pi).squareRoot() / k * sum
        }
        for n in stride(from: 5.0, through: 1, by: -1) { sum = n * n * varlab_exp(-2 * n * n * square) - sum }
        return 8 * square * sum
    }

    /// V = ν/χ²_ν, times (ν-2)/ν where that makes the variance 1: above ν = 2.
    static func studentT(degreesOfFreedom nu: Double, mean: Double, refinement: Double = 1) -> NormalMixture {
        // The law differs from the normal one by less than a rounding.
        if nu > 1e16 { return normal(mean: mean) }
        let unit = nu > 2 ? (nu - 2) / nu : 1
        let spacing = min(0.2, 0.4 / nu.squareRoot()) / refinement
        /// e^{-½ν(e^ρ - 1 - ρ)} with V = unit e^{-ρ}.
        func density(_ rho: Double) -> Double { varlab_exp(-0.5 * nu * TransformValues.exponentialRemainder(-rho)) }
        var shares: [Double] = [], variances: [Double] = []
        func add(_ index: Double) {
            shares.append(density(index * spacing))
            variances.append(unit * varlab_exp(-index * spacing))
        }
        var index = 0.0
        while 0.5 * nu * TransformValues.exponentialRemainder(-index * spacing) < 45 {
            add(index)
            index += 1
        }
        // Up to where V³ is negligible, or beyond the inverse of every argument that counts.
        index = -1
        // About a mean, where a part is dear, up to where its share in E[V] is, or in φ; beyond e^{130} nothing is left of φ at any s that counts.
        let (power, negligible) = mean == 0 ? (-3.0, 1e-22) : (nu > 2 ? -1 : 0, 1e-24)
        let largest = mean != 0 && nu > 2 ? min(130, Self.largestLogVariance(nu)) : Self.largestLogVariance(nu)
        while index * spacing > -largest, density(index * spacing) * varlab_exp(min(power * index * spacing, 700)) > negligible {
            add(index)
            index -= 1
        }
        // Beyond, e^ρ has gone: geometric sums.
        let ratio = varlab_exp(-0.5 * nu * spacing), varianceRatio = varlab_exp(-(0.5 * nu - 1) * spacing)
        let last = shares.last!, lastVariance = variances.last!
        let tailShare = last * ratio / (1 - ratio)
        let tailVariance = nu > 2 ? last * lastVariance * varianceRatio / (-varlab_expm1(-(0.5 * nu - 1) * spacing)) : 0
        let total = shares.reduce(0, +) + tailShare
        return NormalMixture(
            shares: shares.map { $0 / total }, variances: variances, tailShare: tailShare / total, tailVariance: tailVariance / total,
            mean: mean, meanVariance: nu > 2 ? 1 : .infinity, powersAtZero: (min(1, nu / 2), min(2, nu / 2)))
    }

    /// ln V up to which a V with a heavy tail is resolved: beyond the inverse of every argument that counts.
    private static func largestLogVariance(_ nu: Double) -> Double { min(200 + 80 / min(1, nu / 2), 690) }

    private static func trapezoid(
        from first: Double, through last: Double, spacing: Double, mean: Double, density: (Double) -> Double
    ) -> NormalMixture {
        let logs = Array(stride(from: first, through: last, by: spacing))
        let shares = logs.map(density)
        let total = shares.reduce(0, +)
        return NormalMixture(
            shares: shares.map { $0 / total }, variances: logs.map(varlab_exp), mean: mean, meanVariance: 1)
    }
}

extension GradientLaw {
    /// The probabilities and variances V of the normal laws that this one, about 0, is a mixture of, with a spacing of ln V `refinement` times
    /// as fine: under a complex argument the strip of analyticity is narrower. nil for a law that is no such mixture.
    package func normalParts(refinement: Double) -> (shares: [Double], variances: [Double])? {
        let mixture: NormalMixture
        switch self {
        case .normal: mixture = .normal(mean: 0)
        case .studentT(let nu): mixture = .studentT(degreesOfFreedom: nu, mean: 0, refinement: refinement)
        case .laplace: mixture = .laplace(mean: 0, refinement: refinement)
        case .logistic: mixture = .logistic(mean: 0, refinement: refinement)
        case .mixture(let share, let deviation): mixture = .contaminated(share: share, standardDeviation: deviation, mean: 0)
        case .uniform, .recorded: return nil
        }
        return mixture.parts
    }
}
