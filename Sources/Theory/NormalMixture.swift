import CKernels

/// Gradients μ + √V z with z ~ N(0, 1) and V from a discrete law: φ(s) = Σ p (1+2sV)^{-1/2} e^{-μ² s/(1+2sV)}.
///
/// Laplace's law, Student's t and the logistic law are such mixtures with a continuous V, which the trapezoid rule in ln V makes
/// discrete to the last digit: all three factors are analytic for |Im ln V| < π/2.
struct NormalMixture: SquaredGradientLaw {
    /// Filled up to whole groups by such of probability 0.
    private let shares, variances: [Double]
    /// What lies beyond the largest V: its probability and its part in E[V].
    let tailShare: Double
    let tailVariance: Double
    let mean: Double
    /// E[V], infinite where it does not exist.
    let meanVariance: Double
    let powersAtZero: (log: Double, excess: Double)
    var nearZero: BehaviourNearZero { .density }
    var meanSquare: Double { meanVariance + mean * mean }

    init(
        shares: [Double], variances: [Double], tailShare: Double = 0, tailVariance: Double = 0, mean: Double, meanVariance: Double,
        powersAtZero: (log: Double, excess: Double) = (1, 2)
    ) {
        self.shares = shares.filledUp
        self.variances = variances.filledUp
        self.tailShare = tailShare
        self.tailVariance = tailVariance
        self.mean = mean
        self.meanVariance = meanVariance
        self.powersAtZero = powersAtZero
    }

    func values(at s: Double) -> TransformValues {
        let scaledMean = s * meanSquare
        let isPositiveForm = scaledMean < PointMasses.positiveFormBelow
        let sums = kernelSums {
            varlab_transform_normals(
                varlab_best_variant(), shares, variances, shares.count / TransformSums.stride, s, mean * mean, meanVariance,
                isPositiveForm ? 1 : 0, $0)
        }
        let complement = sums.complement + tailShare
        if mean != 0 {
            // Beyond the largest V nothing is left of φ.
            let deviation = isPositiveForm ? sums.deviation + s * tailVariance - tailShare * (1 + s * meanVariance) : nil
            return TransformValues(transform: sums.transform, complement: complement, deviation: deviation, scaledMean: scaledMean)
        }
        let log = TransformValues.logTransform(complement: complement, transform: sums.transform)
        guard complement < 0.5, scaledMean < 1 else { return TransformValues(logTransform: log, excess: log + scaledMean) }
        // About 0 E[g⁴] is at least three times the square of E[g²]: ln(1-w) + w may be taken off.
        let odds = complement / (1 - complement)
        let bend = odds * odds / (1 + odds) - TransformValues.logarithmAndRemainder(odds).remainder
        return TransformValues(logTransform: log, excess: sums.deviation + s * tailVariance - tailShare - bend)
    }
}
