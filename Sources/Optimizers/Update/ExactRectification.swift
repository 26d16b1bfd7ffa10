import Theory

/// r_t of the exact law for any step, computed for blocks of steps or for a list of them.
///
/// A block is computed from its own first step on, whatever came before, so that a resumed run finds the same bits.
struct ExactRectification: Sendable {
    private static let blockLength = 1024
    private let law: ExactLaw
    private let limit: Double
    private var firstStep = 0
    private var factors: [Double?] = []
    private var prepared: [Int: Double?] = [:]

    init(beta2: Double) {
        do {
            law = try ExactLaw(beta2: beta2, means: [0])
        } catch {
            preconditionFailure("a validated method: \(error)")
        }
        limit = law.limit()[0].variance
    }

    /// Computes the factors at these ascending steps in one pass; `factor(at:)` then finds them.
    mutating func prepare(for steps: [Int]) {
        prepared = Dictionary(uniqueKeysWithValues: zip(steps, computed(at: steps)))
    }

    /// nil where the variance is infinite.
    mutating func factor(at step: Int) -> Double? {
        if let factor = prepared[step] { return factor }
        let first = (step - 1) / Self.blockLength * Self.blockLength + 1
        if first != firstStep {
            firstStep = first
            factors = computed(at: Array(first..<(first + Self.blockLength)))
        }
        return factors[step - first]
    }

    private func computed(at steps: [Int]) -> [Double?] {
        law.moments(at: steps)[0].map { Rectification.exact(variance: $0.variance, limit: limit) }
    }
}
