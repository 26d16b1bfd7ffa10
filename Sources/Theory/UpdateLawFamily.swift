import CKernels
import Errors
import Synchronization

/// The laws of the update at one β1, β2, ε and t, for any means μ of the gradients.
///
/// What the sums over the gradients' weights have of μ can be taken out of them, so that they are there once for all means: a further mean costs some
/// hundredths of what ``UpdateLaw/moments()`` does. The moments are the same but for the last digits.
package final class UpdateLawFamily: Sendable {
    /// That of noise, μ = 0.
    package let noise: UpdateLaw
    /// By s.
    private let sums = Mutex<[Double: NodeSums]>([:])

    /// - Throws: `ParameterError` as `UpdateLaw` does.
    package init(beta1: Double, beta2: Double, epsilon: Double = 0, step: Int) throws(ParameterError) {
        noise = try UpdateLaw(beta1: beta1, beta2: beta2, epsilon: epsilon, step: step)
    }

    /// E[u], E[u²] and Var[u] at a mean.
    /// - Parameter epsilon: another ε than the family's; 0 or in [1e-100, 1e100].
    /// - Precondition: |μ| ≤ 1e6.
    package func moments(mean: Double, epsilon: Double? = nil) -> UpdateLaw.Moments {
        let law = UpdateLaw(noise, mean: mean, epsilon: epsilon)
        return law.elementaryMoments ?? law.moments { node($0, squaredMean: mean * mean) }
    }

    /// E[u⁴] at ε = 0.
    func fourthMoment(mean: Double) -> Double {
        UpdateLaw(noise, mean: mean).fourthMoment { node($0, squaredMean: mean * mean) }
    }

    /// The law of u² at a mean.
    /// - Precondition: |μ| ≤ 1e6, ε = 0, and β2 is positive.
    package func squares(mean: Double) -> UpdateSquares {
        precondition(noise.epsilon == 0 && noise.beta2 > 0, "squares are for epsilon 0")
        return UpdateSquares(
            mean: mean, momentumVariance: noise.terms.momentumVariance, meanSquare: moments(mean: mean).secondMoment,
            meanFourth: noise.step == 1 ? 1 : fourthMoment(mean: mean))
    }

    private func node(_ s: Double, squaredMean: Double) -> UpdateLaw.Node {
        let found = sums.withLock { $0[s] }
        let node = found ?? NodeSums(noise.terms, s: s)
        if found == nil { sums.withLock { $0[s] = node } }
        return UpdateLaw.Node(
            s: s, argument: node.argument, transform: varlab_exp(-0.5 * (node.logarithm + squaredMean * node.lost)),
            excess: 0.5 * (node.remainder + squaredMean * node.lostExcess), shrinkage: node.shrinkage, kept: node.kept,
            momentumVariance: node.momentumVariance)
    }
}

/// Sums over k at a node, x_k = 2 s w_k: of ln(1+x), x/(1+x), x - ln(1+x), x²/(1+x), a x/(1+x), a/(1+x) and a²/(1+x).
private struct NodeSums {
    let argument: Double
    let logarithm, lost, remainder, lostExcess, shrinkage, kept, momentumVariance: Double

    init(_ terms: UpdateTerms, s: Double) {
        let largest = 2 * s * terms.largestWeight
        var sums = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        withUnsafeMutableBytes(of: &sums) { sums in
            terms.withKernelTerms {
                varlab_update_law_plain(varlab_best_variant(), $0, largest, sums.assumingMemoryBound(to: Double.self).baseAddress!)
            }
        }
        argument = largest
        (logarithm, lost, remainder, lostExcess, shrinkage, kept, momentumVariance) = sums
    }
}
