import Foundation

/// Adam's m and v from simulated gradients, by the recursion as it stands in the paper.
public enum AdamState {
    /// Of one coordinate with gradients N(μ, σ²).
    public static func one(
        beta1: Double, beta2: Double, mean: Double, deviation: Double = 1, step: Int, _ generator: inout SplitMix
    ) -> (m: Double, v: Double) {
        var (m, v) = (0.0, 0.0)
        var left = 0.0, isLeft = false
        for _ in 0..<step {
            // Box and Muller's two normal numbers.
            let z: Double
            if isLeft {
                z = left
            } else {
                let (radius, angle) = ((-2 * log(1 - generator.uniform())).squareRoot(), 2 * .pi * generator.uniform())
                z = radius * cos(angle)
                left = radius * sin(angle)
            }
            isLeft.toggle()
            let g = mean + deviation * z
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
        }
        return (m, v)
    }

    /// Of many coordinates with gradients of the same μ/σ and with σ over orders of magnitude, in single precision as PyTorch keeps it.
    public static func tensor(
        count: Int, beta1: Double, beta2: Double, meanOverDeviation: Double, step: Int, scale: Double = 1, decades: Double = 0, seed: UInt64
    ) -> (first: [Float], second: [Float]) {
        var generator = SplitMix(state: seed)
        var first: [Float] = [], second: [Float] = []
        for _ in 0..<count {
            let deviation = scale * pow(10, decades * (generator.uniform() - 0.5))
            let sign: Double = generator.uniform() < 0.5 ? -1 : 1
            let (m, v) = one(
                beta1: beta1, beta2: beta2, mean: sign * meanOverDeviation * deviation, deviation: deviation, step: step, &generator)
            first.append(Float(m))
            second.append(Float(v))
        }
        return (first, second)
    }
}
