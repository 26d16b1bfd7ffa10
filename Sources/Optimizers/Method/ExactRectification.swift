import Errors
import Theory

/// r_t of the exact law for any step, computed for blocks of steps or for a list of them.
///
/// A block is computed from its own first step on, whatever came before, so that a resumed run finds the same bits.
struct ExactRectification: Sendable {
    private enum Source: Sendable {
        /// Independent normal gradients, for which a block can begin anywhere.
        case normal(ExactLaw)
        case process(ExactProcessLaw)
    }

    private static let blockLength = 1024
    /// Later blocks double, up to this length, so that all of them together cost no more than the last where each begins at t = 1.
    private static let longestBlock = 1 << 20
    private let source: Source
    private let limit: Double
    private var block = 0..<0
    private var factors: [Double?] = []
    private var prepared: (steps: [Int], factors: [Double?]) = ([], [])

    /// - Throws: `ParameterError` for a recorded law without its values, or a β2 outside the exact law's domain.
    init(beta2: Double, law: RectificationLaw) throws(ParameterError) {
        guard let process = law.process else {
            throw ParameterError(parameter: .gradients, value: "recorded", rule: "the values of the law of r_t are not known here")
        }
        if law == .normal {
            let law = try ExactLaw(beta2: beta2, means: [0])
            source = .normal(law)
            limit = law.limit()[0].variance
        } else {
            let law = try ExactProcessLaw(beta2: beta2, process: process)
            try law.requireEveryStep()
            source = .process(law)
            limit = try law.limit()?.variance ?? .infinity
        }
    }

    /// Computes the factors at these ascending steps in one pass; `factor(at:)` then finds them.
    mutating func prepare(for steps: [Int]) { prepared = (steps, computed(at: steps)) }

    /// nil where the variance is infinite.
    mutating func factor(at step: Int) -> Double? {
        if let factor = preparedFactor(at: step) { return factor }
        if !block.contains(step) {
            block = blockRange(around: step)
            factors = computed(at: Array(block))
        }
        return factors[step - block.lowerBound]
    }

    /// By bisection among the ascending steps, one of which may stand there several times.
    private func preparedFactor(at step: Int) -> Double?? {
        var (low, high) = (0, prepared.steps.count)
        while low < high {
            let middle = (low + high) / 2
            if prepared.steps[middle] < step { low = middle + 1 } else { high = middle }
        }
        return low < prepared.steps.count && prepared.steps[low] == step ? .some(prepared.factors[low]) : nil
    }

    private func blockRange(around step: Int) -> Range<Int> {
        var length = Self.blockLength
        var first = 1
        if case .process = source {
            while step >= first + length, length < Self.longestBlock {
                first += length
                if first > length { length = min(first - 1, Self.longestBlock) }
            }
        }
        first += (step - first) / length * length
        return first..<(first + length)
    }

    private func computed(at steps: [Int]) -> [Double?] {
        variances(at: steps).map { Rectification.exact(variance: $0, limit: limit) }
    }

    private func variances(at steps: [Int]) -> [Double] {
        switch source {
        case .normal(let law):
            return law.moments(at: steps)[0].map(\.variance)
        case .process(let law):
            do {
                return try law.moments(at: steps).map { $0?.variance ?? .infinity }
            } catch {
                preconditionFailure("a law that has every step: \(error)")
            }
        }
    }
}
