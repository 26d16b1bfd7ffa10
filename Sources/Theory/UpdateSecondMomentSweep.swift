import CKernels
import Errors

/// A walk of E[(m̂_t ψ_t)²] over ascending steps, piece by piece, for μ = 0 and ε = 0: the second moment of the whole update.
///
/// With a_i the weights of m̂_t on the same g_i as the weights w_i of v̂_t it is ∫ M_t(s) Σ_i a_i²/(1 + 2 s w_i) ds. It is 1 at t = 1
/// and finite at every t, but for β2 = 0 < β1, where it is infinite from t = 2 on.
public final class UpdateSecondMomentSweep {
    private let average: ExponentialAverage
    private let momentum: ExponentialAverage
    private let grid: ExactLawGrid
    private var known: (revision: Int, twoWeights: Double, momentumWeight: Double, value: Double)?

    /// - Parameters:
    ///   - beta1: decay rate of m̂.
    ///   - beta2: decay rate of v̂.
    ///   - lastStep: no later step will be asked for.
    /// - Throws: `ParameterError` unless both decay rates are in [0, 1), and for a positive β2 below 1e-100.
    public init(beta1: Double, beta2: Double, lastStep: Int) throws(ParameterError) {
        average = try ExactLaw(beta2: beta2, means: []).average
        momentum = try ExponentialAverage(decay: beta1, parameter: .beta1)
        let smallestWeight = (1 - beta2) / average.biasCorrection(at: max(lastStep, 1))
        // The integrand falls as s towards 0 and as s^{-1/2} beyond the smallest weight.
        let lowest = varlab_log(2 * smallestWeight) - 42
        let highest = 85 + (beta2 > 0 ? 2 * min(average.decayExponent, 250) : 0)
        grid = ExactLawGrid(average: average, momentum: momentum, logNodes: lowest...highest, variant: varlab_best_variant())
    }

    /// The second moment at each of the steps.
    /// - Parameter steps: ascending, from the last step of the piece before on, up to the sweep's last.
    public func secondMoments(at steps: some Collection<Int>) -> [Double] {
        steps.map { step in
            grid.advance(to: step, groups: grid.groupCount)
            return secondMoment()
        }
    }

    private func secondMoment() -> Double {
        if average.beta2 == 0 { return grid.step == 1 || momentum.beta2 == 0 ? 1 : .infinity }
        let twoWeights = 2 * grid.largestWeight
        let momentumWeight = (1 - momentum.beta2) / momentum.biasCorrection(at: grid.step)
        if let known, known.revision == grid.revision, known.twoWeights == twoWeights, known.momentumWeight == momentumWeight {
            return known.value
        }
        let integrals = grid.integrate(
            groups: 0..<grid.groupCount, squaredMean: 0, firstWeights: grid.rootNodes, secondWeights: grid.nodes)
        let value = integrals.momentum * ExactLawGrid.spacing / twoWeights * momentumWeight * momentumWeight
        known = (grid.revision, twoWeights, momentumWeight, value)
        return value
    }
}
