import CLibC
import SpecialFunctions
import Theory

/// ln E e^{-s v̂_t} for normal gradients g_i = σ_i (x_i + μ_i/σ_i) with x a stationary AR(1), for complex s: Kalman's filter as in Theory's
/// chain of real s. Each 1 + Rz is a quotient of the determinants of a leading part of the squares and the part without its last; their
/// eigenvalues interlace, so that its angle is between 0 and that of s, and its logarithm the principal one.
struct ComplexGaussianChain: Sendable {
    private let autocorrelation: Double
    /// w_k σ² and μ/σ, from the newest gradient on.
    private let weights: [Double]
    private let means: [Double]
    /// E[v̂_t].
    let mean: Double
    /// Var[v̂_t].
    let variance: Double

    init(_ process: GradientProcess, average: ExponentialAverage, step: Int) {
        autocorrelation = process.autocorrelation
        let count = average.beta2 == 0 ? 1 : min(step, Int(min(60 / average.decayExponent + 2, 1e9)))
        let first = (1 - average.beta2) / average.biasCorrection(at: step)
        var weights: [Double] = [], means: [Double] = []
        for k in 0..<count {
            let scale = process.scales?[step - 1 - k] ?? 1
            weights.append(first * (k == 0 ? 1 : exp(-Double(k) * average.decayExponent)) * scale * scale)
            means.append((process.means?[step - 1 - k] ?? process.mean) / scale)
        }
        self.weights = weights
        self.means = means
        mean = zip(weights, means).reduce(0) { $0 + $1.0 * (1 + $1.1 * $1.1) }
        // Cov(y_i², y_j²) = 2ρ² + 4ρ μ_i μ_j, ρ = r^{|i-j|}, by two sums that run along the chain.
        var (squares, products, variance) = (0.0, 0.0, 0.0)
        let r = process.autocorrelation
        for (weight, mean) in zip(weights, means) {
            variance += weight * weight * (2 + 4 * mean * mean) + 2 * weight * (2 * r * r * squares + 4 * r * mean * products)
            squares = r * r * squares + weight
            products = r * products + weight * mean
        }
        self.variance = variance
    }

    /// ln E e^{-s v̂}, for `isCentred` ln E e^{-s (v̂ - E v̂)}.
    func logarithm(at s: Complex, isCentred: Bool) -> Complex {
        // Two cumulants are all that is left for small s.
        if hypot(s.real, s.imaginary) * mean < 1e-8 {
            let curvature = (0.5 * self.variance) * (s * s)
            return isCentred ? curvature : curvature - mean * s
        }
        let r = autocorrelation
        var variance = Complex(1), complement = Complex(0), predicted = Complex(0), sum = Complex(0)
        for (weight, mean) in zip(weights, means) {
            let z = 2 * weight * s
            let product = variance * z
            let one = Complex(1 + product.real, product.imaginary)
            let reduced = product / one
            let error = Complex(mean) - predicted
            // As the real chain: Rz - ln(1+Rz) + (1-R)z + z (e² Rz/(1+Rz) + a (2μ - a)), or -ln(1+Rz) - z e²/(1+Rz).
            if isCentred {
                sum = sum + (product - product.logarithmOfOnePlus) + complement * z
                    + z * (error * error * reduced + predicted * (Complex(2 * mean) - predicted))
            } else {
                sum = sum - product.logarithmOfOnePlus - error * error * (z / one)
            }
            complement = (r * r) * (complement + variance * reduced)
            variance = Complex(1) - complement
            predicted = r * (predicted + error * reduced)
        }
        return 0.5 * sum
    }
}
