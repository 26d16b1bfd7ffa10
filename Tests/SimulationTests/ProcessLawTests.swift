import Simulation
import TestSupport
import Testing
import Theory

/// The exact law of each source against what is drawn from it.
@Suite struct ProcessLawTests {
    /// 28 comparisons at 4.5 standard errors, by the sample's own: a false alarm in 5000 seeds if they were normal; the seed is fixed.
    @Test func sourcesFollowTheirLaws() throws {
        var generator = SplitMix(state: 7)
        let recorded = (0..<5000).map { _ in Double.random(in: -1...1, using: &generator) * Double.random(in: 0...2, using: &generator) }
        let sources = try ["laplace", "uniform", "logistic", "student-t:3", "student-t:5", "mixture:0.1,3"].map(GradientSource.init(specification:))
            + [GradientSource.samples(recorded)]
        for source in sources {
            let means = [0, 0.5]
            let parameters = try SimulationParameters(
                means: means, beta2: 0.99, trajectories: 20_000, iterations: 40, seed: 11, gradients: source)
            let result = try MonteCarlo(parameters).run(threads: 1)
            for (curve, mean) in zip(result.curves, means) {
                let exact = try #require(try ExactProcessLaw(beta2: 0.99, process: source.process(mean: mean)).moments(at: [40])[0])
                let meanError = try #require(curve.meanStandardError[39]), error = try #require(curve.varianceStandardError[39])
                #expect(abs(curve.meanPsi[39] - exact.mean) < 4.5 * meanError, "\(source) \(mean)")
                #expect(abs(curve.variance[39]! - exact.variance) < 4.5 * error, "\(source) \(mean)")
            }
        }
    }

    @Test func refusalsNameTheSource() throws {
        #expect(try GradientSource.normal.process(autocorrelation: 0.5).autocorrelation == 0.5)
        do {
            _ = try GradientSource(specification: "student-t:0.2").process()
            Issue.record("accepted")
        } catch { #expect(error.parameter == .gradients && error.value == "student-t:0.2") }
    }
}
