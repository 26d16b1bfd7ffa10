import CKernels
import Errors

/// The moments of Adam's update u_t = m̂_t/(√v̂_t + ε) for gradients g_i = x_i + μ with x a stationary normal AR(1) of variance 1.
///
/// The integrals are those of ``UpdateLaw``. Under e^{-s v̂} the gradients stay normal: they are what is known of them once they are seen to be
/// 0 through noise of variance 1/(2 s w_k). Kalman's filter from the oldest gradient on carries the sum m̂ along, as its slope on the newest
/// gradient and the variance that is left, so that nothing cancels.
public struct CorrelatedUpdateLaw: Sendable {
    /// r = E[x_i x_{i+1}], in (-1, 1).
    public let autocorrelation: Double
    /// The same for independent gradients.
    public let independent: UpdateLaw
    /// a_k and w_k, the oldest first.
    private let momentumWeights, squareWeights: [Double]

    /// - Throws: `ParameterError` as ``UpdateLaw`` does, unless r is in (-1, 1), and when the averages are longer than a million steps.
    public init(
        beta1: Double, beta2: Double, autocorrelation: Double, mean: Double = 0, epsilon: Double = 0, step: Int
    ) throws(ParameterError) {
        independent = try UpdateLaw(beta1: beta1, beta2: beta2, mean: mean, epsilon: epsilon, step: step)
        try GradientProcess.require(autocorrelation: autocorrelation)
        self.autocorrelation = autocorrelation
        let momentum = try ExponentialAverage(decay: beta1, parameter: .beta1), square = try ExponentialAverage(beta2: beta2)
        // Older gradients change neither average; where one ends at once, the other's length decides.
        let longest = [momentum, square].map { $0.decayExponent.isFinite ? (60 + 20 * $0.decayExponent.squareRoot()) / $0.decayExponent : 1 }.max()!
        let count = min(Double(step), longest.rounded(.up) + 1)
        guard count <= Double(ExactProcessLaw.mostSteps) else {
            throw ParameterError(
                parameter: .steps, value: step, rule: "must be at most \(ExactProcessLaw.mostSteps) where each step has to be taken by itself")
        }
        func weights(_ average: ExponentialAverage) -> [Double] {
            let newest = (1 - average.beta2) / average.biasCorrection(at: step)
            return (0..<Int(count)).reversed().map {
                $0 == 0 ? newest : average.beta2 == 0 ? 0 : newest * varlab_exp(-Double($0) * average.decayExponent)
            }
        }
        momentumWeights = weights(momentum)
        squareWeights = weights(square)
    }

    /// sup |u_t|, whatever the correlation.
    public var largest: Double { independent.largest }

    /// E[u], E[u²] and Var[u]; the relative error of each is below 1e-11.
    public func moments() -> UpdateLaw.Moments {
        let law = independent
        // One gradient, or none with a finite second moment.
        if autocorrelation == 0 || law.step == 1 || (law.beta2 == 0 && (law.beta1 == 0 || law.epsilon == 0)) { return law.moments() }
        return law.moments { node($0) }
    }

    /// P(u_t μ < 0); nil at μ = 0.
    public var wrongSignProbability: Double? {
        independent.mean == 0 ? nil : independent.wrongSignProbability(momentumVariance: node(0).momentumVariance)
    }

    /// The mean, the variance and the third central moment of g_t²/v̂_t at ε = 0, for β1 = 0.
    func squaredGradientRatio() -> (mean: Double, variance: Double, thirdCentral: Double) {
        let law = independent
        if law.step == 1 || law.beta2 == 0 { return (1, 0, 0) }
        return law.squaredGradientRatio { visit in
            law.integrate({ node($0) }) { node in
                let centre = law.mean * (1 - node.shrinkage)
                return visit(node, node.momentumVariance, centre * centre / node.momentumVariance)
            }
        }
    }

    private func node(_ s: Double) -> UpdateLaw.Node {
        let r = autocorrelation, fresh = (1 - r) * (1 + r)
        let squaredMean = independent.mean * independent.mean
        // In units of μ: x's variance R, 1 - R and mean -a; m̂ is 1 less a sum G with the mean D, the slope b on -x and the variance q beside it.
        var (variance, complement, predicted) = (1.0, 0.0, 0.0)
        var (logarithm, excess, shortfall, kept, slope, rest) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        var momentumVariance = 0.0
        for k in squareWeights.indices {
            let z = 2 * s * squareWeights[k]
            let product = variance * z
            let (log, remainder) = TransformValues.logarithmAndRemainder(product)
            let reduced = z / (1 + product), gain = variance * reduced, innovation = 1 - predicted
            logarithm -= 0.5 * (log + squaredMean * innovation * innovation * reduced)
            excess += 0.5 * (remainder + complement * z
                + squaredMean * z * (innovation * innovation * gain + predicted * (2 - predicted)))
            let known = predicted + innovation * gain, left = variance / (1 + product)
            shortfall += slope * innovation * gain + momentumWeights[k] * known
            kept += momentumWeights[k] * (innovation / (1 + product)) - slope * innovation * gain
            slope += momentumWeights[k]
            momentumVariance = slope * slope * left + rest
            // On to the next gradient.
            complement = r * r * (complement + variance * gain)
            variance = r * r * left + fresh
            predicted = r * known
            rest += slope * slope * left * (fresh / variance)
            slope *= r * left / variance
        }
        return UpdateLaw.Node(
            s: s, argument: 2 * s * (squareWeights.last ?? 0), transform: varlab_exp(logarithm), excess: excess, shrinkage: shortfall, kept: kept,
            momentumVariance: momentumVariance)
    }
}
