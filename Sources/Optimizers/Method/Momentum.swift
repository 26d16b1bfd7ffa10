import CKernels
import Theory

/// φ of algorithm 1: what of the gradients so far gives the direction of a step.
///
/// In every case g_t is the gradient after clipping and coupled weight decay, and m_0 = 0.
public enum Momentum: Hashable, Sendable {
    /// φ_t = g_t: plain SGD, RMSProp.
    case none

    /// m_t = β1 m_{t-1} + (1-β1) g_t and φ_t = m̂_t = m_t/(1-β1^t): Adam, RAdam.
    ///
    /// - `decay`: β1 in [0, 1).
    /// - `biasCorrection`: what m_t is divided by.
    /// - `lookAhead`: Nesterov's variant of it.
    case average(decay: Double, biasCorrection: BiasCorrection = .exact, lookAhead: LookAhead = .none)

    /// m_t = μ m_{t-1} + (1-d) g_t, with m_1 = g_1, and φ_t = m_t, or g_t + μ m_t for Nesterov's variant: PyTorch's SGD, the
    /// heavy ball.
    ///
    /// - `decay`: μ in [0, 1).
    /// - `dampening`: d in [0, 1].
    case accumulation(decay: Double, dampening: Double = 0, isNesterov: Bool = false)

    /// m_t = μ m_{t-1} + g_t l_t, and the step is α_t m_t: RMSProp with momentum (Graves 2013), where the momentum gathers
    /// gradients that are already divided by their root mean square.
    case afterAdaptiveRate(decay: Double)

    /// How an average looks one step ahead (Dozat, "Incorporating Nesterov momentum into Adam", 2016).
    public enum LookAhead: Hashable, Sendable {
        case none
        /// φ_t = β1 m_t/(1-β1^{t+1}) + (1-β1) g_t/(1-β1^t), as optax computes it.
        case constant
        /// With μ_t = β1 (1 - ½ 0.96^{t s}) and Π_t = μ_1 … μ_t: φ_t = μ_{t+1} m_t/(1-Π_{t+1}) + (1-μ_t) g_t/(1-Π_t), as
        /// PyTorch computes it; s is its `momentum_decay`. Unless its default type is double, PyTorch keeps Π_t in single
        /// precision, also for parameters in double: `roundsProduct`.
        case scheduled(decay: Double = 0.004, roundsProduct: Bool = false)
    }

    var needsBuffer: Bool { self != .none }
}

/// φ_t = a m_t/b + c g_t/d at one step: a weight and a bias correction for each. Kept apart, so that α_t a/b rounds as in the
/// implementations that the parity tests follow.
public struct MomentumFactors: Hashable, Sendable {
    public var momentumWeight = 0.0, momentumCorrection = 1.0
    public var gradientWeight = 0.0, gradientCorrection = 1.0
}

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
                // Where the product has underflowed it stays 0.
                if product == 0 { productStep = max(productStep, count) }
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
