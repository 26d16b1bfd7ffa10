import CKernels
import Theory

/// The factors of m_t and g_t in φ_t at ascending steps.
struct MomentumFactors: Sendable {
    private let momentum: Momentum
    private let average: ExponentialAverage?
    /// Π_t of the scheduled look-ahead, and the step it stands at.
    private var product = 1.0
    private var productStep = 0

    init(_ momentum: Momentum) {
        self.momentum = momentum
        guard case .average(let decay, _, _) = momentum else {
            average = nil
            return
        }
        do {
            average = try ExponentialAverage(decay: decay, parameter: "beta1")
        } catch {
            preconditionFailure("a validated method: \(error)")
        }
    }

    /// - Parameter count: how many steps m has averaged, with this one; ascending from call to call.
    mutating func factors(at count: Int) -> (momentum: Double, gradient: Double) {
        switch momentum {
        case .none:
            return (0, 1)
        case .accumulation(let decay, _, let isNesterov):
            return isNesterov ? (decay, 1) : (1, 0)
        case .afterAdaptiveRate:
            return (1, 0)
        case .average(let decay, let correctsBias, let lookAhead):
            func correction(_ count: Int) -> Double { correctsBias ? average!.biasCorrection(at: count) : 1 }
            switch lookAhead {
            case .none:
                return (1 / correction(count), 0)
            case .constant:
                return (decay / correction(count + 1), (1 - decay) / correction(count))
            case .scheduled(let rate, let roundsProduct):
                func scheduled(_ step: Int) -> Double {
                    decay * (1 - 0.5 * varlab_exp(Double(step) * rate * varlab_log(0.96)))
                }
                while productStep < count {
                    productStep += 1
                    product = roundsProduct
                        ? Double(Float(product) * Float(scheduled(productStep))) : product * scheduled(productStep)
                }
                let next = scheduled(count + 1)
                return (next / (1 - product * next), (1 - scheduled(count)) / (1 - product))
            }
        }
    }
}
