import Simulation

/// The definition, one trajectory after the other and step by step, on the kernel's noise: v_t, the bias correction by
/// multiplication, the processor's square root and division, and two-pass moments.
struct PlainSimulation {
    /// ψ [means][iterations][trajectories].
    var psi: [[[Double]]]
    /// The update u = m̂ ψ likewise, with β1 = 0 where none is simulated.
    var updates: [[[Double]]]

    init(_ parameters: SimulationParameters) {
        let n = parameters.trajectories
        psi = parameters.means.map { _ in
            Array(repeating: [Double](repeating: 0, count: n), count: parameters.iterations)
        }
        updates = psi
        let r = parameters.sequence.autocorrelation, beta1 = parameters.beta1 ?? 0
        for trajectory in 0..<n {
            let z = NoiseStream.values(
                of: parameters.gradients, seed: parameters.seed, trajectory: trajectory, count: parameters.iterations)
            for (index, mean) in parameters.means.enumerated() {
                var v = 0.0
                var weight = 0.0
                var (m, momentumWeight, x) = (0.0, 0.0, 0.0)
                for step in 0..<parameters.iterations {
                    x = step == 0 || r == 0 ? z[step] : r * x + ((1 - r) * (1 + r)).squareRoot() * z[step]
                    let scaled = parameters.sequence.scales.map { $0[step] * x } ?? x
                    let g = scaled + (parameters.sequence.means?[step] ?? 0) + mean
                    m = beta1 * m + (1 - beta1) * g
                    momentumWeight = beta1 * momentumWeight + (1 - beta1)
                    // 1-β2^t obeys the recurrence of v with g = 1.
                    v = parameters.beta2 * v + (1 - parameters.beta2) * g * g
                    weight = parameters.beta2 * weight + (1 - parameters.beta2)
                    psi[index][step][trajectory] = 1 / ((v / weight).squareRoot() + parameters.epsilon)
                    updates[index][step][trajectory] = m / momentumWeight * psi[index][step][trajectory]
                }
            }
        }
    }

    struct Moments {
        var mean: Double
        var variance: Double
        var fourth: Double
    }

    /// Mean, unbiased variance and fourth central moment.
    static func moments(_ values: [Double]) -> Moments {
        let n = Double(values.count)
        let rough = values.reduce(0, +) / n
        let mean = rough + values.reduce(0) { $0 + ($1 - rough) } / n
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
        let fourth = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) * ($1 - mean) } / n
        return Moments(mean: mean, variance: variance, fourth: fourth)
    }
}
