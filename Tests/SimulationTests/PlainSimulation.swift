import Simulation

/// The definition, one trajectory after the other and step by step, on the kernel's noise: v_t, the bias correction by
/// multiplication, the processor's square root and division, and two-pass moments.
struct PlainSimulation {
    /// ψ [means][iterations][trajectories].
    var psi: [[[Double]]]

    init(_ parameters: SimulationParameters) {
        let n = parameters.trajectories
        psi = parameters.means.map { _ in
            Array(repeating: [Double](repeating: 0, count: n), count: parameters.iterations)
        }
        for trajectory in 0..<n {
            let z = NoiseStream.values(
                of: parameters.gradients, seed: parameters.seed, trajectory: trajectory, count: parameters.iterations)
            for (index, mean) in parameters.means.enumerated() {
                var v = 0.0
                var weight = 0.0
                for step in 0..<parameters.iterations {
                    let g = z[step] + mean
                    // 1-β2^t obeys the recurrence of v with g = 1.
                    v = parameters.beta2 * v + (1 - parameters.beta2) * g * g
                    weight = parameters.beta2 * weight + (1 - parameters.beta2)
                    psi[index][step][trajectory] = 1 / ((v / weight).squareRoot() + parameters.epsilon)
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
