import Optimizers
import Theory

/// The root mean square of an update that the exact law gives for independent normal gradients of mean 0 and any σ:
/// α_t r_t √E[(m̂_t ψ_t)²], without ε.
///
/// Only of adaptive steps whose m̂_t and v̂_t are bias-corrected averages of all gradients, as recorded, and whose ε is the 1e-8 that
/// all implementations have, or less: not of methods with another momentum, a look-ahead, centring, a freeze, weight decay, clipping,
/// or an ε that is there to change ψ.
struct UpdateReference {
    private struct Decays: Hashable {
        let beta1, beta2: Double
    }

    private static let negligibleEpsilon = 1e-8

    private let lastStep: Int
    private var known: [Decays: [Double]] = [:]

    /// - Parameter lastStep: at least 1, the highest count of an optimizer's steps.
    init(lastStep: Int) { self.lastStep = lastStep }

    /// E[(m̂_t ψ_t)²] for t from 1 on; nil where the law does not hold.
    mutating func secondMoments(of method: OptimizationMethod) -> [Double]? {
        guard case .average(let beta1, let correction, .none) = method.momentum, correction != .none,
            let rate = method.adaptiveRate, rate.biasCorrection != .none, !rate.isCentred,
            case .constant(...Self.negligibleEpsilon) = rate.epsilon, method.freeze == nil, method.clipping == nil, method.weightDecay.rate == 0
        else { return nil }
        let decays = Decays(beta1: beta1, beta2: rate.decay)
        if let moments = known[decays] { return moments }
        let count = min(lastStep, Self.lastChange(max(beta1, rate.decay)))
        // It throws only for a positive β2 below 1e-100, outside of the exact law's domain.
        guard var moments = try? ExactLaw.updateSecondMoment(beta1: beta1, beta2: rate.decay, at: Array(1...count)) else { return nil }
        moments += Array(repeating: moments[count - 1], count: lastStep - count)
        known[decays] = moments
        return moments
    }

    /// From here on the law stands still: β^t is below 1e-20, and so is what the first gradients still weigh.
    private static func lastChange(_ decay: Double) -> Int {
        let steps = 46.1 / (1 - decay)
        return steps < 1e15 ? Int(steps.rounded(.up)) + 1 : Int.max
    }
}
