import CKernels

/// Adam's ε, which a method may let grow: a larger ε bounds ψ, and with it its variance (section 3.2).
public enum EpsilonSchedule: Hashable, Codable, Sendable {
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
