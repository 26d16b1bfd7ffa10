import CKernels
import Theory

/// The factors at ascending steps.
struct MomentumFactorSequence: Sendable {
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
            average = try ExponentialAverage(decay: decay, parameter: .beta1)
        } catch {
            preconditionFailure("a validated method: \(error)")
        }
    }

    /// - Parameter count: how many steps m has averaged, with this one; ascending from call to call.
    mutating func factors(at count: Int) -> MomentumFactors {
        switch momentum {
        case .none:
            return MomentumFactors(gradientWeight: 1)
        case .accumulation(let decay, _, let isNesterov):
            return isNesterov
                ? MomentumFactors(momentumWeight: decay, gradientWeight: 1) : MomentumFactors(momentumWeight: 1)
        case .afterAdaptiveRate:
            return MomentumFactors(momentumWeight: 1)
        case .average(let decay, let biasCorrection, let lookAhead):
            func correction(_ count: Int) -> Double { biasCorrection.value(average!, at: count) }
            switch lookAhead {
            case .none:
                return MomentumFactors(momentumWeight: 1, momentumCorrection: correction(count))
            case .constant:
                return MomentumFactors(
                    momentumWeight: decay, momentumCorrection: correction(count + 1), gradientWeight: 1 - decay,
                    gradientCorrection: correction(count))
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
                return MomentumFactors(
                    momentumWeight: next, momentumCorrection: 1 - product * next, gradientWeight: 1 - scheduled(count),
                    gradientCorrection: 1 - product)
            }
        }
    }
}
