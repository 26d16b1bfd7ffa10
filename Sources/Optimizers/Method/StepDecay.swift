import CKernels

/// The factor by which the step size falls; 1 at t = 1.
public enum StepDecay: Hashable, Codable, Sendable {
    case constant
    /// 1 - (t-1)/T, and 0 for t > T.
    case linear(steps: Int)
    /// `factor` to the power of the number of milestones below t.
    case steps(milestones: [Int], factor: Double)
    /// f + (1-f) (1 + cos(π (t-1)/T))/2 with the final factor f, and f for t > T (Loshchilov and Hutter, SGDR, 2017, without
    /// restarts).
    case cosine(steps: Int, final: Double = 0)
    /// min(1, √(T/t)): constant for T steps, then the inverse square root (Vaswani et al. 2017).
    case inverseSquareRoot(constantSteps: Int)

    /// The factor for t ≥ 1.
    public func factor(at step: Int) -> Double {
        switch self {
        case .constant:
            return 1
        case .linear(let steps):
            return step > steps ? 0 : 1 - Double(step - 1) / Double(steps)
        case .steps(let milestones, let factor):
            return milestones.reduce(1) { step > $1 ? $0 * factor : $0 }
        case .cosine(let steps, let final):
            return step > steps ? final : final + (1 - final) * raisedCosine(Double(step - 1) / Double(steps))
        case .inverseSquareRoot(let constantSteps):
            return step <= constantSteps ? 1 : (Double(constantSteps) / Double(step)).squareRoot()
        }
    }
}

/// (1 + cos πx)/2 = cos²(πx/2) for 0 ≤ x ≤ 1: by the Taylor series, so that the bits do not depend on the C library.
private func raisedCosine(_ x: Double) -> Double {
    if x > 0.5 { return 1 - raisedCosine(1 - x) }
    let half = Double.pi / 2 * x
    let square = half * half
    // |half| ≤ π/4: the term after x^18/18! is below 1e-20.
    var cosine = 1.0
    for k in stride(from: 18.0, to: 0, by: -2) { cosine = 1 - square / (k * (k - 1)) * cosine }
    return cosine * cosine
}
