import Theory

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
