import CKernels
import CLibC
import SpecialFunctions
import Theory

/// The weights w_k of v̂_t from the newest on, one by one, or for slow averages the nodes and weights by which `UniformSumRule` sums long runs
/// of terms.
struct WeightRuns: Sendable {
    /// The largest first.
    private(set) var weights: [Double]
    private(set) var multiplicities: [Double] = [1]

    /// - Parameter deepest: the number of steps below which a term changes nothing. Terms e^{-60} of the first do not where E[g²] exists.
    init(_ average: ExponentialAverage, step: Int, deepest: Double) {
        let correction = average.biasCorrection(at: step)
        let largest = (1 - average.beta2) / correction
        weights = [largest]
        guard average.beta2 > 0 else { return }
        let exponent = average.decayExponent
        let last = min(Double(step), deepest.rounded(.up) + 1)
        // Half an e-fold: eight nodes leave about (1/8)^16 where the nearest singularity, 1 + 2 s w = 0, is an e-fold away.
        let longest = (0.5 / exponent).rounded(.down)
        var k = 1.0
        while k < last {
            let block = min(last - k, max(longest, 1))
            if block <= 16 {
                weights.append(largest * varlab_exp(-k * exponent))
                multiplicities.append(1)
                k += 1
            } else {
                let rule = UniformSumRule(count: Int(block))
                for (offset, weight) in zip(rule.offsets, rule.weights) {
                    weights.append(largest * varlab_exp(-(k + offset) * exponent))
                    multiplicities.append(weight)
                }
                k += block
            }
        }
    }

    /// w_k σ²_{t-k}, one by one.
    init(_ average: ExponentialAverage, step: Int, deepest: Double, scales: [Double]) {
        let first = (1 - average.beta2) / average.biasCorrection(at: step)
        let count = Int(min(Double(step), deepest.rounded(.up) + 1))
        weights = (0..<count).map { k in
            first * (k == 0 ? 1 : varlab_exp(-Double(k) * average.decayExponent)) * scales[step - 1 - k] * scales[step - 1 - k]
        }.sorted(by: >)
        multiplicities = Array(repeating: 1, count: count)
    }

    /// Σ n w and Σ n w² from each term on, and 0 at the end.
    var tails: [(first: Double, second: Double)] {
        var sums = [(first: 0.0, second: 0.0)]
        for (w, n) in zip(weights, multiplicities).reversed() { sums.append((sums.last!.first + n * w, sums.last!.second + n * w * w)) }
        return sums.reversed()
    }

    /// Σ n w^power.
    func sum(power: Double) -> Double {
        zip(weights, multiplicities).reduce(0) { $0 + $1.1 * (power == 1 ? $1.0 : power == 2 ? $1.0 * $1.0 : pow($1.0, power)) }
    }
}
