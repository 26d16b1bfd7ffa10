import Theory

/// How much of Var[ψ_t] is left, in the first order, when a coordinate is divided by its root mean square S over the very T steps that are looked at.
///
/// With v̂_t = Σ w_i g_i² and S² = Σ g_i²/T, g_i = σ_i x_i, the first order of S/√v̂_t is linear in the x_i² with the weights a_i - b_i,
///
///     a_i = w_i σ_i²/Σ w σ²,   b_i = σ_i²/Σ σ²,   factor = Q(a - b)/Q(a),   Q(c) = Σ_ij c_i c_j r^{2|i-j|},
///
/// since normal x_i of autocorrelation r have squares of autocorrelation r². For scales that are alike and r = 0 the factor is 1 - ν_t/T.
///
/// Scales that are a coordinate's own root mean squares over stretches, drawn to their mean by λ, hold the share λ of the noise in these, which is the
/// variance of the mean between coordinates then. What is left within a coordinate is without it: with C_b and n_b the sum of c and the number of
/// steps of a stretch, Q(c) - λ² Σ_b C_b²/n_b for c = a - b.
struct RelativeWeights {
    let average: ExponentialAverage
    /// T.
    let stepCount: Int
    /// σ_i; nil for 1.
    var scales: [Double]?
    /// r.
    var autocorrelation = 0.0
    /// λ, and the stretches that it is of; for r = 0.
    var shrinkage = 0.0
    var stretches: [Range<Int>] = []

    /// - Parameter step: t, from 1 to T.
    func factor(at step: Int) -> Double {
        func square(_ index: Int) -> Double { scales.map { $0[index] * $0[index] } ?? 1 }
        // The newest has the weight 1.
        var weighted = 0.0, whole = 0.0
        for index in 0..<stepCount {
            if index < step { weighted = average.beta2 * weighted + square(index) }
            whole += square(index)
        }
        // A weight at the oldest step, times 1/β2 with each step; from the newest on it is 1, β2, β2² …
        var (weight, one, both) = (1.0, QuadraticForm(autocorrelation), QuadraticForm(autocorrelation))
        var (stretch, inStretch, known) = (stretches.count - 1, 0.0, 0.0)
        for index in (0..<stepCount).reversed() {
            let share = index < step ? weight * square(index) / weighted : 0
            if index < step { weight *= average.beta2 }
            one.add(share)
            both.add(share - square(index) / whole)
            guard stretch >= 0 else { continue }
            inStretch += share - square(index) / whole
            if index == stretches[stretch].lowerBound {
                known += inStretch * inStretch / Double(stretches[stretch].count)
                (stretch, inStretch) = (stretch - 1, 0)
            }
        }
        let left = both.value - shrinkage * shrinkage * known
        return one.value > 0 ? max(0, min(1, left / one.value)) : 1
    }

    /// Q(c), one c_i after the other.
    private struct QuadraticForm {
        private(set) var value = 0.0
        private let decay: Double
        /// Σ_j c_j r^{2(i-j)} over those before.
        private var before = 0.0

        init(_ autocorrelation: Double) { decay = autocorrelation * autocorrelation }

        mutating func add(_ coefficient: Double) {
            before *= decay
            value += coefficient * (coefficient + 2 * before)
            before += coefficient
        }
    }
}
