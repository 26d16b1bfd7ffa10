import CLibC
import Errors
import SpecialFunctions
import Theory

/// Mean and variance of the square of a gradient about μ; infinite where they do not exist.
struct SquareMoments {
    let mean: Double
    let variance: Double

    init(_ law: GradientLaw, mean: Double) {
        // E[z⁴] of unit variance.
        let fourth: Double
        switch law {
        case .normal: fourth = 3
        case .laplace: fourth = 6
        case .uniform: fourth = 1.8
        case .logistic: fourth = 4.2
        case .studentT(let nu): fourth = nu > 4 ? 3 * (nu - 2) / (nu - 4) : .infinity
        case .mixture(let share, let deviation):
            let square = deviation * deviation
            let unit = 1 - share + share * square
            fourth = 3 * (1 - share + share * square * square) / (unit * unit)
        case .recorded: fourth = .infinity
        }
        self.mean = law.hasUnitVariance ? 1 + mean * mean : .infinity
        variance = fourth - 1 + 4 * mean * mean
    }
}

/// A sum of independent weighted squares of one law that is not normal, and how to invert its transform.
struct IndependentSquares {
    private let transform: ComplexGradientTransform
    private let runs: WeightRuns
    private let process: GradientProcess
    private let step: Int
    let mean, variance: Double
    /// Between which there is something of the law.
    let support: ClosedRange<Double>

    init(_ process: GradientProcess, average: ExponentialAverage, step: Int) throws(ParameterError) {
        self.process = process
        self.step = step
        var transform = ComplexGradientTransform(process.law, mean: process.mean)
        let deepest = 60 / average.decayExponent / transform.powerAtZero
        if let scales = process.scales {
            runs = WeightRuns(average, step: step, deepest: deepest, scales: scales)
        } else {
            runs = WeightRuns(average, step: step, deepest: deepest)
        }
        transform.keepsSmallDigits = runs.multiplicities.contains { $0 != 1 }
        self.transform = transform
        let moments = SquareMoments(process.law, mean: process.mean)
        mean = moments.mean * runs.sum(power: 1)
        variance = moments.variance * runs.sum(power: 2)
        if process.law == .uniform {
            let (low, high) = (transform.mean - 3.0.squareRoot(), transform.mean + 3.0.squareRoot())
            let total = runs.sum(power: 1)
            support = (low > 0 ? low * low * total : 0)...(high * high * total)
        } else {
            support = 0...(.infinity)
        }
    }

    func inversion() throws(ParameterError) -> any TransformInversion {
        let bend = min(RayInversion.widestBend, transform.bend / 2)
        if bend >= RayInversion.leastBend { return try ray(bend: bend) }
        if transform.law != .uniform, transform.law != .laplace { throw refusal("needs a smaller |μ| for these gradients") }
        if let line = line() { return line }
        return try split()
    }

    private func refusal(_ rule: String) -> ParameterError {
        ParameterError(parameter: .mu, value: process.mean, rule: rule)
    }

    /// ln |s| about which Φ begins to fall.
    private var scale: Double {
        mean.isFinite ? -log(mean) : -log(runs.sum(power: transform.powerAtZero)) / transform.powerAtZero
    }

    private func ray(bend: Double) throws(ParameterError) -> RayInversion {
        let power = transform.powerAtZero
        let range = (scale - 40 / power)...(scale + 80)
        let table = RayTable(transform, angle: .pi / 2 + bend, runs: runs, logs: range)
        let center = transform.mean * transform.mean * runs.sum(power: 1)
        let lowest = RayInversion.lowest(scale: scale) { s in
            zip(runs.weights, runs.multiplicities).reduce(0) { $0 + $1.1 * transform.logarithm(at: Complex($1.0 * s), isCentred: false).real }
        }
        return try RayInversion.checked(bend: bend, refusal: { refusal("leaves no law that can be inverted to 1e-9") }) { spacing in
            RayInversion(bend: bend, spacing: spacing, logs: range, center: center, lowest: lowest) { u, _, isCentred in
                table.sum(runs, at: u, isCentred: isCentred)
            }
        }
    }

    /// The most nodes of a Fourier series.
    private static let mostNodes = 1 << 17

    private func line() -> LineInversion? {
        let deviation = variance.squareRoot()
        let start: Double, length: Double
        if support.upperBound.isFinite {
            start = max(support.lowerBound, mean - 12 * deviation)
            length = (support.upperBound - start) * 1.000001
        } else {
            start = max(0, mean - 12 * deviation)
            // Beyond, P(v̂ > v) is below 1e-12: e^{-√2·20} for the one largest square.
            let far = transform.mean + 20
            length = mean - start + 15 * deviation + runs.weights[0] * (far * far - transform.mean * transform.mean)
        }
        let center = transform.mean * transform.mean
        let moments = SquareMoments(transform.law, mean: transform.mean), tails = runs.tails
        return LineInversion(start: start, length: length, mostNodes: Self.mostNodes, scale: deviation) { s in
            let size = hypot(s.real, s.imaginary)
            var sum = Complex(0)
            for (index, weight) in runs.weights.enumerated() {
                // Two cumulants are all that is left of the small weights.
                if size * weight * moments.mean < SplitInversion.smallArgument {
                    sum = sum - (tails[index].first * (moments.mean - center)) * s + (0.5 * tails[index].second * moments.variance) * (s * s)
                    break
                }
                sum = sum + runs.multiplicities[index] * transform.logarithm(at: weight * s, isCentred: true)
                if sum.real < -60 { break }
            }
            return sum + (start - center * tails[0].first) * s
        }
    }

    /// The most choices of terms of one value.
    private static let mostLeaves = 1000

    private func split() throws(ParameterError) -> SplitInversion {
        let split = SplitInversion(transform, runs)
        guard runs.multiplicities.allSatisfy({ $0 == 1 }), split.takes(atMost: Self.mostLeaves, at: mean),
            split.takes(atMost: Self.mostLeaves, at: min(support.upperBound, 2 * mean))
        else {
            throw ParameterError(parameter: .steps, value: step, rule: "leaves too many edges in the density of v̂_t to sum at this beta2")
        }
        let places = [0.2, 0.6, 1, 1.4, 3].map { $0 * mean }.filter { $0 > support.lowerBound && $0 < support.upperBound }
        // Of Laplace's law a change of 1e-4 leaves an error of 3e-11 by the other route, where both reach: the convergence is geometric.
        guard split.change(at: places) < (transform.law == .uniform ? 1e-8 : 1e-4) else {
            throw refusal("is too large for so few steps of these gradients: the law of v̂_t has cusps, and the sum over them does not reach 1e-9")
        }
        return split
    }
}
