import CKernels
import Errors
import SpecialFunctions

/// E[u_t²] of Adam's update for independent normal gradients of mean 0 whose σ_i changes over the steps.
///
/// As in ``UpdateLaw``, with σ_{t-k} a_k for a_k and σ²_{t-k} w_k for w_k:
///
///     E[u²] = ∫ E₂(ε√s) M B ds,    M = Π (1+x_k)^{-1/2},   B = Σ a_k² σ²_{t-k}/(1+x_k),   x_k = 2 s w_k σ²_{t-k}.
public struct ScaledUpdateLaw: Sendable {
    /// ε ≥ 0, in units of the scales.
    public let epsilon: Double
    /// 2 w_k σ² and a_k² σ², filled up to whole vectors by zeros.
    private let squareWeights, momentumWeights: [SIMD4<Double>]
    /// E[v̂_t].
    private let meanSquare: Double
    private let isSign: Bool

    /// - Parameters:
    ///   - beta1: decay rate of m̂.
    ///   - beta2: decay rate of v̂.
    ///   - epsilon: ε ≥ 0, in units of the scales.
    ///   - scales: σ_1, …, σ_t, the oldest first.
    /// - Throws: `ParameterError` as ``UpdateLaw`` does, for no scales and for one outside of [1e-50, 1e50], and for β2 = 0.
    public init(beta1: Double, beta2: Double, epsilon: Double = 0, scales: some RandomAccessCollection<Double>) throws(ParameterError) {
        let step = scales.count
        _ = try UpdateLaw(beta1: beta1, beta2: beta2, epsilon: epsilon, step: step)
        guard beta2 > 0 else { throw ParameterError(parameter: .beta2, value: beta2, rule: "must be positive with scales over the steps") }
        let momentum = try ExponentialAverage(decay: beta1, parameter: .beta1), square = try ExponentialAverage(beta2: beta2)
        var squares: [SIMD4<Double>] = [], momenta: [SIMD4<Double>] = []
        var (mean, lane) = (0.0, 4)
        func weight(_ average: ExponentialAverage, _ k: Int) -> Double {
            let newest = (1 - average.beta2) / average.biasCorrection(at: step)
            return k == 0 ? newest : average.beta2 == 0 ? 0 : newest * varlab_exp(max(-Double(k) * average.decayExponent, -745))
        }
        for (k, scale) in scales.reversed().enumerated() {
            guard scale >= 1e-50, scale <= 1e50 else { throw ParameterError(parameter: .scales, value: scale, rule: "must be in [1e-50, 1e50]") }
            if lane == 4 {
                squares.append(.zero)
                momenta.append(.zero)
                lane = 0
            }
            let w = weight(square, k) * scale * scale, a = weight(momentum, k) * scale
            mean += w
            squares[squares.count - 1][lane] = 2 * w
            momenta[momenta.count - 1][lane] = a * a
            lane += 1
        }
        (squareWeights, momentumWeights, meanSquare, self.epsilon) = (squares, momenta, mean, epsilon)
        isSign = step == 1 && epsilon == 0
    }

    /// E[u²]; the relative error is below 1e-12.
    public var secondMoment: Double {
        if isSign { return 1 }
        let scale = -varlab_log(meanSquare), turn = epsilon > 0 ? -2 * varlab_log(epsilon) : scale
        var index = ((min(scale, turn) - 46) / UpdateLaw.spacing).rounded(.down)
        var (sum, small) = (0.0, 0)
        while small < 3, index * UpdateLaw.spacing < 700 {
            let logarithm = index * UpdateLaw.spacing
            let term = integrand(varlab_exp(logarithm))
            sum += term
            small = logarithm > max(scale, turn) && term < 1e-19 * sum ? small + 1 : 0
            index += 1
        }
        return sum * UpdateLaw.spacing
    }

    /// Over ln s.
    private func integrand(_ s: Double) -> Double {
        var variance = SIMD4<Double>.zero
        var product = SIMD4<Double>(repeating: 1)
        var logarithm = 0.0
        for index in squareWeights.indices {
            let factor = 1 + s * squareWeights[index]
            variance += momentumWeights[index] / factor
            product *= factor
            // Before the product of four lanes leaves the range.
            if product.max() > 1e70 {
                logarithm += varlab_log(product[0] * product[1]) + varlab_log(product[2] * product[3])
                product = SIMD4(repeating: 1)
            }
        }
        logarithm += varlab_log(product[0] * product[1]) + varlab_log(product[2] * product[3])
        let kernel = epsilon == 0 ? s : s * scaledRepeatedErrorIntegrals(epsilon * s.squareRoot()).second
        return kernel * varlab_exp(max(-0.5 * logarithm, -745)) * variance.sum()
    }
}
