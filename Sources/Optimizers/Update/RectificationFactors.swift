import Theory

/// r_t at any step, by any of the three variances.
struct RectificationFactors: Sendable {
    private let average: ExponentialAverage
    private let variance: RectificationRule.Variance
    private var exact: ExactRectification?

    init(average: ExponentialAverage, variance: RectificationRule.Variance) {
        self.average = average
        self.variance = variance
        exact = variance == .exactLaw ? ExactRectification(beta2: average.beta2) : nil
    }

    /// Computes the exact law's factors at these ascending steps in one pass.
    mutating func prepare(for steps: [Int]) { exact?.prepare(for: steps) }

    /// nil where the variance is infinite.
    mutating func factor(at step: Int) -> Double? {
        switch variance {
        case .firstOrder:
            Rectification.firstOrder(rho: average.rho(at: step), rhoInfinity: average.rhoInfinity)
        case .closedForm:
            Rectification.closedForm(rho: average.rho(at: step), rhoInfinity: average.rhoInfinity)
        case .exactLaw:
            exact!.factor(at: step)
        }
    }
}
