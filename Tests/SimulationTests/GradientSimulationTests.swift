import CKernels
import Simulation
import TestSupport
import Testing
import Theory

/// Whole simulations from other sources than the normal one.
@Suite struct GradientSimulationTests {
    static let variations: [SimulationParameters] = {
        do {
            return try GradientSourceTests.all().flatMap { source in
                [
                    try SimulationParameters(
                        means: [0, 0.5, 1e6], trajectories: 301, iterations: 41, sampleSteps: [1, 5, 41], gradients: source),
                    try SimulationParameters(
                        means: [0.25], beta2: 0.01, epsilon: 1e-3, trajectories: 9, iterations: 6, gradients: source),
                ]
            }
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    struct AllSamples: SampleConsumer {
        var values: [Double] = []
        let count: Int

        init(_ parameters: SimulationParameters) { count = parameters.sampleSteps.count }

        mutating func merge(_ later: AllSamples) { values += later.values }

        mutating func consume(_ block: SampleBlock) {
            for step in 0..<count { values += block.values(stepIndex: step, meanIndex: 0) }
        }
    }

    private func run(
        _ parameters: SimulationParameters, threads: Int = 1, variant: varlab_variant = varlab_best_variant()
    ) throws -> (bits: [[UInt64?]], samples: [UInt64]) {
        var samples = AllSamples(parameters)
        let result = try MonteCarlo(parameters).run(threads: threads, variant: variant, samples: &samples)
        return (result.curves.map(\.bits), samples.values.map(\.bitPattern))
    }

    @Test func everyVariantAndNumberOfThreadsGivesTheSameBits() throws {
        for parameters in Self.variations {
            let baseline = try run(parameters, variant: VARLAB_BASELINE)
            for variant in availableVariants {
                for threads in [1, 3] {
                    let other = try run(parameters, threads: threads, variant: variant)
                    #expect(other == baseline, "\(parameters.gradients) \(variant) \(threads) threads")
                }
            }
        }
    }

    /// Rounding as in the normal simulation: of additions in v_t and in the sums, and the inverse root's 4e-16. Bounds on the
    /// variance: see `MonteCarloTests`.
    @Test func agreesWithTheDefinition() throws {
        for parameters in Self.variations where parameters.gradients.law != .recorded {
            let plain = PlainSimulation(parameters)
            let result = try MonteCarlo(parameters).run(threads: 1)
            for (index, curve) in result.curves.enumerated() {
                for step in 0..<parameters.iterations {
                    let expected = PlainSimulation.moments(plain.psi[index][step])
                    let label = "\(parameters.gradients) μ = \(curve.mean) t = \(step + 1)"
                    // In units of the value about which the powers are summed, which heavy tails leave far behind.
                    let centre = 1 / ((1 + curve.mean * curve.mean).squareRoot() + parameters.epsilon)
                    #expect(abs(curve.meanPsi[step] - expected.mean) <= 1e-13 * max(expected.mean, centre), "\(label)")
                    let variance = try #require(curve.variance[step])
                    let perturbation = 4e-15 * expected.variance.squareRoot() * max(expected.mean, centre)
                    let floor = 1e-30 * expected.mean * expected.mean
                    #expect(abs(variance - expected.variance) <= 1e-11 * expected.variance + perturbation + floor, "\(label)")
                }
            }
        }
    }

    /// The words of the normal law are not touched by what else there is: the mixture that is one normal has its bits.
    @Test func aMixtureOfOneIsTheNormalSimulation() throws {
        let normal = try SimulationParameters(trajectories: 300, iterations: 50)
        for specification in ["mixture:0,7", "mixture:0.5,1", "normal"] {
            let other = try SimulationParameters(
                trajectories: 300, iterations: 50, gradients: GradientSource(specification: specification))
            #expect(try run(other).bits == run(normal).bits)
        }
    }

    /// What the sampled variance of ψ_t should do at t = 3000, β2 = 0.9: a kurtosis below the normal's lowers it, one above
    /// raises it. To first order Var[ψ] = Var[v̂]/4 = (κ-1)/4 (1-β2)/(1+β2); at such short memory only the order is sure.
    @Test func kurtosisOrdersTheVariance() throws {
        let variances = try ["uniform", "normal", "logistic", "laplace", "mixture:0.1,10"].map { specification in
            let parameters = try SimulationParameters(
                means: [0], beta2: 0.99, trajectories: 4000, iterations: 1000, gradients: GradientSource(specification: specification))
            return try #require(try MonteCarlo(parameters).run(threads: 2).curves[0].variance.last ?? nil)
        }
        // Standard errors are 2-4%, the kurtoses 1.8, 3, 4.2, 6, 25.
        #expect(zip(variances, variances.dropFirst()).allSatisfy { $0 * 1.2 < $1 }, "\(variances)")
    }
}
