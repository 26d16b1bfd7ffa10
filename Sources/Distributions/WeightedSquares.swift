import CKernels
import CLibC
import SpecialFunctions
import Theory

/// The cumulant transform of v̂_t = Σ_k w_k (z_k + μ)², and its derivatives.
///
/// K(s) = ln E e^{-s v̂} = Σ_k n_k [-½ ln(1 + 2 s w_k) - μ² s w_k/(1 + 2 s w_k)], with n_k = 1 term by term, or for slow
/// averages with the nodes and weights by which `UniformSumRule` sums long runs of terms. Where 2 s w_k has become small, the
/// remaining terms are summed by powers: Σ_k n_k w_k^j is known beforehand.
struct WeightedSquares: Sendable {
    private let weights: [Double]
    private let multiplicities: [Double]
    private let squaredMean: Double
    /// What rounding took from `squaredMean`.
    private let squaredMeanLost: Double
    /// For every eighth term i, Σ_{k≥i} n_k (w_k/w_i)^j for j = 1 to 8.
    private let powerSums: [Double]

    /// Terms between two places at which the sum may change to powers, and the highest power.
    private static let chunk = 8
    /// The size of 2 s w below which the powers take over: the first left out is 0.01^9/9 < 1e-18.
    private static let smallest = 0.01

    /// Whether no weight is far below its predecessor: then the contour of a gamma law serves. The two contours agree to 1e-12
    /// down to β2 = 0.1, and no longer at 0.05 and μ = 5.
    let weightsAreAlike: Bool
    /// E[v̂] = 1 + μ².
    let mean: Double
    /// Whether |μ| is so large that s v and K(s), each about |μ| near the mean, would cost more than two digits of the exponent.
    var isNarrow: Bool { squaredMean > 1000 }
    /// The singularity nearest to 0, at -1/(2 w_0), is this far from it.
    let branchDistance: Double

    init(average: ExponentialAverage, mean: Double, step: Int) {
        let exponent = average.decayExponent
        // Far down in the lower tail each term from n on is worth a factor √(v/w_n): with ln w_n = -nL it comes to e^{-709}, the smallest
        // number, where n²L/4 = 709.
        let runs = WeightRuns(average, step: step, deepest: max(60 / exponent, min((2836 / exponent).squareRoot(), 660 / exponent - 1)))
        let largest = runs.weights[0]
        weights = runs.weights
        multiplicities = runs.multiplicities
        powerSums = Self.powerSums(weights, multiplicities)
        weightsAreAlike = weights.count == 1 || average.beta2 >= 0.3
        squaredMean = mean * mean
        squaredMeanLost = (-squaredMean).addingProduct(mean, mean)
        self.mean = 1 + squaredMean
        branchDistance = 1 / (2 * largest)
    }

    private static func powerSums(_ weights: [Double], _ multiplicities: [Double]) -> [Double] {
        var sums = [Double](repeating: 0, count: (weights.count + chunk - 1) / chunk * chunk)
        var current = [Double](repeating: 0, count: chunk)
        for index in weights.indices.reversed() {
            // Relative to this term's weight: from the smallest on, so that nothing is lost or leaves the range.
            let ratio = index + 1 < weights.count ? weights[index + 1] / weights[index] : 0
            var power = 1.0
            for j in 0..<chunk {
                power *= ratio
                current[j] = current[j] * power + multiplicities[index]
            }
            if index % chunk == 0 { sums.replaceSubrange(index..<index + chunk, with: current) }
        }
        return sums
    }

    /// K', K'' and -K''' at a real s > -branchDistance: minus the mean, the variance and the third cumulant of v̂ under the
    /// tilted law. K' to a relative 1e-6, the others to 1e-2 or better, all exact at 0: they place the contour.
    func derivatives(at s: Double) -> (first: Double, second: Double, minusThird: Double) {
        var (first, second, third) = (0.0, 0.0, 0.0)
        for index in weights.indices {
            let w = weights[index]
            let x = 2 * s * w
            if index % Self.chunk == 0, abs(x) < Self.smallest {
                let one = w * powerSums[index], two = w * w * powerSums[index + 1]
                let three = w * w * w * powerSums[index + 2]
                first -= one * (1 + squaredMean) - 2 * s * two * (1 + 2 * squaredMean)
                    + 4 * s * s * three * (1 + 3 * squaredMean)
                second += 2 * two * (1 + 2 * squaredMean) - 8 * s * three * (1 + 3 * squaredMean)
                third += 8 * three * (1 + 3 * squaredMean)
                break
            }
            let q = 1 / (1 + x)
            let n = multiplicities[index]
            let u = w * q
            let noncentral = squaredMean * q
            first -= n * u * (1 + noncentral)
            second += n * 2 * u * u * (1 + 2 * noncentral)
            third += n * 8 * u * u * u * (1 + 3 * noncentral)
        }
        return (first, second, third)
    }

    /// K(s) for real s > -branchDistance.
    func value(at s: Double) -> Double { value(real: s, imaginary: 0).real }

    /// K(s).
    func value(real: Double, imaginary: Double) -> (real: Double, imaginary: Double) {
        var (realSum, imaginarySum) = (0.0, 0.0)
        for index in weights.indices {
            let w = weights[index]
            let x = 2 * real * w
            let y = 2 * imaginary * w
            if index % Self.chunk == 0, abs(x) + abs(y) < Self.smallest {
                let tail = powers(from: index, x, y)
                return (realSum - 0.5 * tail.real, imaginarySum - 0.5 * tail.imaginary)
            }
            // |1 + x + iy|² - 1, so that small terms, of which there may be thousands, keep their digits.
            let excess = x * (2 + x) + y * y
            let norm = 1 + excess
            let n = multiplicities[index]
            // s w/(1+2sw) = ½ (1 - 1/(1+2sw)).
            realSum -= 0.5 * n * (0.5 * log1p(excess) + squaredMean * ((excess - x) / norm))
            imaginarySum -= 0.5 * n * (atan2(y, 1 + x) + squaredMean * (y / norm))
        }
        return (realSum, imaginarySum)
    }

    /// v - E[v̂], which for a narrow law is small beside both.
    func distanceFromMean(_ v: Double) -> Double { (v - squaredMean) - 1 - squaredMeanLost }

    /// K(s) + s E[v̂] = ½ Σ n_k [B(x) + μ² A(x)] at x = 2 s w_k, A(x) = x²/(1+x), B(x) = x - ln(1+x): what of a narrow law's
    /// transform is left beside the mean, without the rounding of the large numbers.
    func centredValue(real: Double, imaginary: Double) -> (real: Double, imaginary: Double) {
        var (realSum, imaginarySum) = (0.0, 0.0)
        for index in weights.indices {
            let x = 2 * real * weights[index]
            let y = 2 * imaginary * weights[index]
            if index % Self.chunk == 0, abs(x) + abs(y) < Self.smallest {
                let tail = powers(from: index, x, y, lowest: 2)
                return (realSum - 0.5 * tail.real, imaginarySum - 0.5 * tail.imaginary)
            }
            let excess = x * (2 + x) + y * y
            let norm = 1 + excess
            let n = multiplicities[index]
            let (squareReal, squareImaginary) = (x * x - y * y, 2 * x * y)
            let aReal = (squareReal * (1 + x) + squareImaginary * y) / norm
            let aImaginary = (squareImaginary * (1 + x) - squareReal * y) / norm
            realSum += 0.5 * n * (x - 0.5 * log1p(excess) + squaredMean * aReal)
            imaginarySum += 0.5 * n * (y - atan2(y, 1 + x) + squaredMean * aImaginary)
        }
        return (realSum, imaginarySum)
    }

    /// Σ n [ln(1+z) + μ² z/(1+z)] over the terms from `index` on, z = x + iy for the first: Σ_j (-1)^{j+1} (1/j + μ²) z^j S_j,
    /// from j = `lowest` on.
    private func powers(
        from index: Int, _ x: Double, _ y: Double, lowest: Int = 1
    ) -> (real: Double, imaginary: Double) {
        var (real, imaginary) = (0.0, 0.0)
        for j in stride(from: Self.chunk, to: 0, by: -1) {
            let sign = j % 2 == 0 ? -1.0 : 1.0
            let sum = j < lowest ? real : real + sign * (1 / Double(j) + squaredMean) * powerSums[index + j - 1]
            (real, imaginary) = (sum * x - imaginary * y, sum * y + imaginary * x)
        }
        return (real, imaginary)
    }
}
