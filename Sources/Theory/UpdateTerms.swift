import CKernels
import SpecialFunctions

/// The weights of one step's averages, m̂_t = Σ_k a_k g_{t-k} and v̂_t = Σ_k w_k g²_{t-k}, in a form that is short for every t.
///
/// w_k = c β2^k and a_k = d β1^k, each once as long as m̂ changes from term to term; long runs of terms, where both are smooth, by
/// the nodes and weights of `UniformSumRule`. Terms too small to change a double are left out.
package struct UpdateTerms: Sendable {
    /// w_k/c.
    package let relativeWeights: [Double]
    /// a_k.
    package let momentumWeights: [Double]
    /// How many terms each stands for.
    package let multiplicities: [Double]
    /// c_t = (1-β2)/(1-β2^t), the largest weight in v̂_t.
    package let largestWeight: Double
    /// Σ a_k², the variance of m̂_t.
    package let momentumVariance: Double
    /// sup |m̂_t|/√v̂_t = √(Σ a_k²/w_k), by Cauchy and Schwarz.
    package let largestUpdate: Double

    /// - Parameter blockLength: how much ln of a factor changes over a run of terms that eight nodes stand for.
    init(momentum: ExponentialAverage, square: ExponentialAverage, step: Int, blockLength: Double = 0.5) {
        let (slow, fast) = (square.decayExponent, momentum.decayExponent)
        largestWeight = (1 - square.beta2) / square.biasCorrection(at: step)
        let newest = (1 - momentum.beta2) / momentum.biasCorrection(at: step)
        var relativeWeights = [1.0], momentumWeights = [newest], multiplicities = [1.0]
        // Beyond, a_k changes neither Σ a_k nor Σ a_k²; β2^k changes nothing at a node where the transform is no zero.
        let lastMomentum = 45 / fast
        let lastSquare = slow.isFinite ? (60 + 20 * slow.squareRoot()) / slow : 0
        let last = min(Double(step), max(lastMomentum, lastSquare).rounded(.up) + 1)
        func append(_ k: Double, multiplicity: Double) {
            relativeWeights.append(square.beta2 == 0 ? 0 : varlab_exp(-k * slow))
            momentumWeights.append(momentum.beta2 == 0 || k > lastMomentum ? 0 : newest * varlab_exp(-k * fast))
            multiplicities.append(multiplicity)
        }
        var k = 1.0
        while k < last {
            // Half an e-fold of the fastest factor in any sum, but for a w_k that is below the doubles: eight nodes leave less than 1e-20.
            let rate = (k * slow < 750 ? slow : 0) + (k <= lastMomentum && fast.isFinite ? 2 * fast : 0)
            // Beyond 2^53 a number and the next whole one may be the same double.
            let end = max(k.nextUp, k <= lastMomentum ? min(last, lastMomentum.rounded(.down) + 1) : last)
            let block = min(max(end - k, 1), max((blockLength / rate).rounded(.down), 1))
            if block <= 16 {
                append(k, multiplicity: 1)
                k += 1
            } else {
                let rule = UniformSumRule(count: Int(block))
                for (offset, weight) in zip(rule.offsets, rule.weights) { append(k + offset, multiplicity: weight) }
                k += block
            }
        }
        self.relativeWeights = relativeWeights
        self.momentumWeights = momentumWeights
        self.multiplicities = multiplicities
        momentumVariance = zip(momentumWeights, multiplicities).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        largestUpdate = Self.largestUpdate(momentum, square, step: step, newest: newest, largestWeight: largestWeight)
    }

    func withKernelTerms<Result>(_ body: (varlab_update_law_terms) -> Result) -> Result {
        relativeWeights.withUnsafeBufferPointer { weights in
            momentumWeights.withUnsafeBufferPointer { momentumWeights in
                multiplicities.withUnsafeBufferPointer { multiplicities in
                    body(
                        varlab_update_law_terms(
                            weights: weights.baseAddress, momentum_weights: momentumWeights.baseAddress,
                            multiplicities: multiplicities.baseAddress, count: weights.count))
                }
            }
        }
    }

    /// d²/c Σ_{k<t} q^k with q = β1²/β2.
    private static func largestUpdate(
        _ momentum: ExponentialAverage, _ square: ExponentialAverage, step: Int, newest: Double, largestWeight: Double
    ) -> Double {
        let first = newest * newest / largestWeight
        if step == 1 { return 1 }
        if momentum.beta2 == 0 { return first.squareRoot() }
        if square.beta2 == 0 { return .infinity }
        // q - 1 with one rounding, so that the sum is right also where q is next to 1.
        let excess = (-square.beta2).addingProduct(momentum.beta2, momentum.beta2) / square.beta2
        if excess == 0 { return (first * Double(step)).squareRoot() }
        let exponent = excess > -0.5 && excess < 1
            ? (excess >= 0 ? varlab_log1p(excess) : -varlab_log1p(-excess / (1 + excess)))
            : square.decayExponent - 2 * momentum.decayExponent
        let power = Double(step) * exponent
        if power > 700 { return (first / excess).squareRoot() * (power > 1400 ? .infinity : varlab_exp(power / 2)) }
        return (first * varlab_expm1(power) / excess).squareRoot()
    }
}
