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
        return law.moments(lawUnderTransform())
    }

    /// The transform and m̂'s law under it at any s. The integrals go from node to node: eight of them at once.
    private func lawUnderTransform() -> (Double) -> UpdateLaw.Node {
        var known: [(s: Double, node: UpdateLaw.Node)] = []
        return { s in
            if let node = known.first(where: { $0.s == s })?.node { return node }
            let index = (varlab_log(s) / UpdateLaw.spacing).rounded()
            let next = (0..<8).map { $0 == 0 ? s : varlab_exp((index + Double($0)) * UpdateLaw.spacing) }
            known = Array(zip(next, nodes(next)))
            return known[0].node
        }
    }

    /// P(u_t μ < 0); nil at μ = 0.
    public var wrongSignProbability: Double? {
        independent.mean == 0 ? nil : independent.wrongSignProbability(momentumVariance: nodes(Array(repeating: 0, count: 8))[0].momentumVariance)
    }

    /// The mean, the variance and the third central moment of g_t²/v̂_t at ε = 0, for β1 = 0.
    func squaredGradientRatio() -> (mean: Double, variance: Double, thirdCentral: Double) {
        let law = independent
        if law.step == 1 || law.beta2 == 0 { return (1, 0, 0) }
        return law.squaredGradientRatio { visit in
            law.integrate(lawUnderTransform()) { node in
                let centre = law.mean * (1 - node.shrinkage)
                return visit(node, node.momentumVariance, centre * centre / node.momentumVariance)
            }
        }
    }

    /// The transform and m̂'s law under it at eight s.
    private func nodes(_ s: [Double]) -> [UpdateLaw.Node] {
        var values = varlab_correlated_nodes()
        varlab_correlated_update(
            varlab_best_variant(), momentumWeights, squareWeights, squareWeights.count, autocorrelation,
            independent.mean * independent.mean, s, &values)
        return withUnsafeBytes(of: &values) { bytes in
            let numbers = bytes.assumingMemoryBound(to: Double.self)
            return s.indices.map { index in
                UpdateLaw.Node(
                    s: s[index], argument: 2 * s[index] * (squareWeights.last ?? 0), transform: varlab_exp(numbers[index]),
                    excess: numbers[8 + index], shrinkage: numbers[16 + index], kept: numbers[32 + index], momentumVariance: numbers[24 + index])
            }
        }
    }
}
