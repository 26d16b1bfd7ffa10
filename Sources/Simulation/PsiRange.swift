import CLibC
import SpecialFunctions
import Theory

/// Where ψ_t lies: the range that its histogram shows, and one of 1/ψ_t that holds nearly everything.
package struct PsiRange: Sendable {
    /// Of ψ, with round edges.
    package let display: Range<Double>
    /// Of 1/ψ, wider.
    package let inverse: Range<Double>

    /// From the χ² law of the same first two moments of v̂_t, m = 1+μ² times χ²_ν/ν with ν = ν_t m²/(1+2μ²), by the cube of
    /// a normal variable (Wilson and Hilferty 1931): ψ between its quantiles 0.0005 and 0.9975.
    package init(average: ExponentialAverage, mean: Double, epsilon: Double, step: Int) {
        let square = 1 + mean * mean
        let degreesOfFreedom = average.satterthwaite(at: step) * square * (square / (1 + 2 * mean * mean))
        let spread = 2 / (9 * degreesOfFreedom)
        func psi(_ deviations: Double) -> Double {
            let cubeRoot = max(1 - spread - deviations * spread.squareRoot(), 0)
            return 1 / ((square * cubeRoot * cubeRoot * cubeRoot).squareRoot() + epsilon)
        }
        // A heavy tail would squeeze the rest: at t = 1 the quantile is a hundred times the median.
        let (lowest, highest) = (psi(-3.29), min(psi(2.81), 6 * psi(0)))
        display = Self.rounded(lowest, highest)
        let wide = 8 * (square / (2 * degreesOfFreedom)).squareRoot()
        let center = square.squareRoot()
        inverse = max(0, center - wide) + epsilon..<center + wide + epsilon
    }

    /// From values of ψ_t, where no law is known: between their quantiles 0.005 and 0.99, with the same limit to the tail.
    /// Infinite values are left out, as a histogram counts them beyond its range.
    package init(pilot: [Double]) {
        let sorted = pilot.filter(\.isFinite).sorted()
        guard !sorted.isEmpty else {
            (display, inverse) = (0..<1, 0..<1)
            return
        }
        func quantile(_ p: Double) -> Double { sorted[min(Int(p * Double(sorted.count)), sorted.count - 1)] }
        let (lowest, median) = (quantile(0.005), quantile(0.5))
        // A single value still needs a range about it.
        display = Self.rounded(0.9 * lowest, max(1.1 * lowest, min(1.1 * quantile(0.99), 6 * median)))
        // The largest 1/ψ may be the only one of its size; what lies beyond is counted as one.
        inverse = 0..<2 / lowest
    }

    /// Round edges, to about a thousandth of the range.
    private static func rounded(_ lowest: Double, _ highest: Double) -> Range<Double> {
        let unit = pow(10, log10(highest - lowest).rounded(.down) - 3)
        return ((lowest / unit).rounded(.down) * unit).roundedToTenDigits..<((highest / unit).rounded(.up) * unit).roundedToTenDigits
    }
}

/// ψ_t of the first trajectories of a run, to see where its histograms should lie. A function of the parameters alone.
package struct PilotSamples: SampleConsumer {
    private var blocks: [SampleBlock] = []

    /// Runs at most 512 trajectories, the first of the whole run.
    package init(_ parameters: SimulationParameters, threads: Int) throws {
        guard let last = parameters.sampleSteps.last else { return }
        let few = try SimulationParameters(
            means: parameters.means, beta2: parameters.beta2, epsilon: parameters.epsilon,
            trajectories: min(parameters.trajectories, 512), iterations: last, seed: parameters.seed,
            sampleSteps: parameters.sampleSteps, gradients: parameters.gradients, sequence: parameters.sequence, beta1: parameters.beta1)
        _ = try MonteCarlo(few).run(threads: threads, samples: &self)
    }

    package mutating func consume(_ block: SampleBlock) { blocks.append(block) }
    package mutating func merge(_ later: PilotSamples) { blocks += later.blocks }

    package func values(stepIndex: Int, meanIndex: Int) -> [Double] {
        blocks.flatMap { $0.values(stepIndex: stepIndex, meanIndex: meanIndex) }
    }

    package func updates(stepIndex: Int, meanIndex: Int) -> [Double] {
        blocks.flatMap { $0.updates(stepIndex: stepIndex, meanIndex: meanIndex) }
    }
}
