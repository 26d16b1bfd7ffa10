import CKernels
import Foundation
import SpecialFunctions

/// The cumulant transform of v̂_t = Σ_k w_k (z_k + μ)², and its derivatives.
///
/// K(s) = ln E e^{-s v̂} = Σ_k n_k [-½ ln(1 + 2 s w_k) - μ² s w_k/(1 + 2 s w_k)], with n_k = 1 term by term, or for slow
/// averages with the nodes and weights by which `UniformSumRule` sums long runs of terms.
struct WeightedSquares: Sendable {
    private let weights: [Double]
    private let multiplicities: [Double]
    private let squaredMean: Double

    /// E[v̂] = 1 + μ².
    let mean: Double
    /// The singularity nearest to 0, at -1/(2 w_0), is this far from it.
    let branchDistance: Double

    init(average: ExponentialAverage, mean: Double, step: Int) {
        let correction = average.biasCorrection(at: step)
        let largest = (1 - average.beta2) / correction
        let exponent = average.decayExponent
        var weights: [Double] = [largest]
        var multiplicities: [Double] = [1]
        if average.beta2 > 0 {
            // Terms below e^{-60} of the first change nothing.
            let last = min(Double(step), (60 / exponent).rounded(.up) + 1)
            let longest = exponent < 0.01 ? (0.25 / exponent).rounded(.down) : 1
            var k = 1.0
            while k < last {
                let block = min(last - k, longest)
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
        self.weights = weights
        self.multiplicities = multiplicities
        squaredMean = mean * mean
        self.mean = 1 + squaredMean
        branchDistance = 1 / (2 * largest)
    }

    /// K', K'' and -K''' at a real s > -branchDistance: minus the mean, the variance and the third cumulant of v̂ under the
    /// tilted law.
    func derivatives(at s: Double) -> (first: Double, second: Double, minusThird: Double) {
        var (first, second, third) = (0.0, 0.0, 0.0)
        for (w, n) in zip(weights, multiplicities) {
            let q = 1 / (1 + 2 * s * w)
            let u = w * q
            let noncentral = squaredMean * q
            first -= n * u * (1 + noncentral)
            second += n * 2 * u * u * (1 + 2 * noncentral)
            third += n * 8 * u * u * u * (1 + 3 * noncentral)
        }
        return (first, second, third)
    }

    /// K(s) for real s > -branchDistance.
    func value(at s: Double) -> Double {
        var sum = 0.0
        for (w, n) in zip(weights, multiplicities) {
            let x = 2 * s * w
            sum -= 0.5 * n * (log1p(x) + squaredMean * x / (1 + x))
        }
        return sum
    }

    /// K(s) off the real axis.
    func value(real: Double, imaginary: Double) -> (real: Double, imaginary: Double) {
        var (realSum, imaginarySum) = (0.0, 0.0)
        for (w, n) in zip(weights, multiplicities) {
            let x = 2 * real * w
            let y = 2 * imaginary * w
            // |1 + x + iy|² - 1, so that small terms, of which there may be thousands, keep their digits.
            let excess = x * (2 + x) + y * y
            let norm = 1 + excess
            // s w/(1+2sw) = ½ (1 - 1/(1+2sw)).
            realSum -= 0.5 * n * (0.5 * log1p(excess) + squaredMean * ((excess - x) / norm))
            imaginarySum -= 0.5 * n * (atan2(y, 1 + x) + squaredMean * (y / norm))
        }
        return (realSum, imaginarySum)
    }
}
