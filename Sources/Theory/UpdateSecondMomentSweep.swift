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
    /// Groups from here on are negligible at every later step too.
    private var groupEnd: Int
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
        grid = ExactLawGrid(average: average, momentum: momentum, onlyMomentum: true, logNodes: lowest...highest, variant: varlab_best_variant())
        groupEnd = grid.groupCount
    }

    /// The second moment at each of the steps.
    /// - Parameter steps: ascending, from the last step of the piece before on, up to the sweep's last.
    public func secondMoments(at steps: some Collection<Int>) -> [Double] {
        steps.map { step in
            grid.advance(to: step, groups: groupEnd)
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
        let integral = grid.integrateMomentum(groups: groupEnd)
        dropNegligibleGroups(momentumWeight: momentumWeight)
        let value = integral * ExactLawGrid.spacing / twoWeights * momentumWeight * momentumWeight
        known = (grid.revision, twoWeights, momentumWeight, value)
        return value
    }

    /// Leaves out for good the highest groups whose integrands are now, and from now on, too small to change the sum.
    ///
    /// The integrand a M_t S_t has one peak in ln a; M_t falls with t, and S_t stays below 1/(1-β1²). The whole sum is never below that
    /// of (E|m̂|)²/E[v̂] = 2/π Σ a_i² (Cauchy and Schwarz), where Σ a_i² ≥ (1-β1)/(1+β1) and c_t ≥ 1-β2.
    private func dropNegligibleGroups(momentumWeight: Double) {
        let beta1 = momentum.beta2
        let leastSecondMoment = 0.6 * (1 - beta1) / (1 + beta1)
        let leastSum = leastSecondMoment * 2 * (1 - average.beta2) / (momentumWeight * momentumWeight * ExactLawGrid.spacing)
        let negligible = 0x1p-75 * leastSum * (1 - beta1) * (1 + beta1)
        while groupEnd > 1 {
            let first = (groupEnd - 1) * ExactLawGrid.stride
            // Before the third step it does not fall.
            guard grid.step > 2, grid.nodes[first] * varlab_exp(grid.logTransform(atNode: first, squaredMean: 0)) < negligible else { return }
            groupEnd -= 1
        }
    }
}
