import CKernels
import Theory

/// ψ of algorithm 1: the adaptive learning rate of a coordinate, from v_t = β2 v_{t-1} + (1-β2) g_t² with v_0 = 0.
public struct AdaptiveRate: Hashable, Sendable {
    /// Where implementations add ε; c_t = 1-β2^t, or 1 where the bias is not corrected.
    public enum EpsilonPlacement: String, Hashable, Codable, Sendable, CaseIterable {
        /// ψ = √c_t/(√v_t + ε): the paper, the authors' code, PyTorch's RAdam.
        case insideBiasCorrection = "inside-bias-correction"
        /// ψ = 1/(√(v_t/c_t) + ε): PyTorch's Adam, optax.
        case outsideBiasCorrection = "outside-bias-correction"
        /// ψ = 1/√(v_t/c_t + ε): optax's RMSProp.
        case underRoot = "under-root"
    }

    /// β2 in [0, 1).
    public var decay: Double
    public var epsilon: EpsilonSchedule
    public var placement: EpsilonPlacement
    /// What v_t is divided by.
    public var biasCorrection: BiasCorrection
    /// Whether the squared average of the gradients, by the same β2, is subtracted from v_t (centred RMSProp).
    public var isCentred: Bool

    public init(
        decay: Double = 0.999, epsilon: EpsilonSchedule = .constant(1e-8),
        placement: EpsilonPlacement = .outsideBiasCorrection, biasCorrection: BiasCorrection = .exact, isCentred: Bool = false
    ) {
        self.decay = decay
        self.epsilon = epsilon
        self.placement = placement
        self.biasCorrection = biasCorrection
        self.isCentred = isCentred
    }
}

/// Adam's ε, which a method may let grow: a larger ε bounds ψ, and with it its variance (section 3.2).
public enum EpsilonSchedule: Hashable, Sendable {
    case constant(Double)
    /// From `first` at t = 1 in equal differences to `last` at t = `steps` and from there on.
    case linear(first: Double, last: Double, steps: Int)
    /// From `first` at t = 1 in equal ratios to `last` at t = `steps` and from there on.
    case geometric(first: Double, last: Double, steps: Int)

    /// ε_t for t ≥ 1.
    public func value(at step: Int) -> Double {
        switch self {
        case .constant(let value):
            return value
        case .linear(let first, let last, let steps):
            return step >= steps ? last : first + (last - first) * Self.progress(step, steps)
        case .geometric(let first, let last, let steps):
            if step >= steps { return last }
            return step <= 1 ? first : first * varlab_exp(Self.progress(step, steps) * varlab_log(last / first))
        }
    }

    private static func progress(_ step: Int, _ steps: Int) -> Double {
        Double(max(step, 1) - 1) / Double(steps - 1)
    }
}

/// What an average that begins at 0 is divided by.
public enum BiasCorrection: String, Hashable, Codable, Sendable, CaseIterable {
    /// 1: no correction.
    case none
    /// 1-β^t, to the last digit.
    case exact
    /// 1-β^t with β^t rounded first, as PyTorch and optax compute it: a relative error of 1e-16/(1-β^t), 1e-13 at β = 0.999 and
    /// t = 1. Only to follow them to the last digits.
    case textbook

    func value(_ average: ExponentialAverage, at count: Int) -> Double {
        switch self {
        case .none: 1
        case .exact: average.biasCorrection(at: count)
        case .textbook: 1 - roundedPower(average.beta2, count)
        }
    }
}

/// β^t rounded once: squared and multiplied in twice the precision, so that it is what a good `pow` returns on every platform.
func roundedPower(_ base: Double, _ exponent: Int) -> Double {
    var power = (high: 1.0, low: 0.0)
    var square = (high: base, low: 0.0)
    var rest = exponent
    while rest > 0 {
        if rest & 1 == 1 { power = product(power, square) }
        square = product(square, square)
        rest >>= 1
    }
    return power.high
}

private func product(_ a: (high: Double, low: Double), _ b: (high: Double, low: Double)) -> (high: Double, low: Double) {
    let high = a.high * b.high
    let low = (-high).addingProduct(a.high, b.high) + (a.high * b.low + a.low * b.high)
    let sum = high + low
    return (sum, low - (sum - high))
}
