import Experiments
import Report
import Simulation
import SpecialFunctions
import Testing

/// The distance of simulated ψ_t from the exact law, and its p-value, as `histogram.csv` has them.
@Suite struct ExactDistanceTests {
    /// p-values as [step and mean][seed]: the runs of different seeds are independent, those of one seed are not.
    private func pValues(
        seeds: ClosedRange<UInt64>, means: [Double], beta2: Double, epsilon: Double, steps: [Int], gradients: GradientSource = .normal,
        ofNormal: Bool = false
    ) throws -> [[Double]] {
        var values = Array(repeating: [Double](), count: steps.count * means.count)
        for seed in seeds {
            let table = try SimulateExperiment(
                means: means, beta2: beta2, epsilon: epsilon, trajectories: 1000, iterations: steps.last!, seed: seed,
                histogramSteps: steps, gradients: gradients
            ).run(threads: 2).histogramTable()
            let column = table.reals(ofNormal ? "ks_normal" : "p_value_exact")
            let block = table.rowCount / values.count
            for index in values.indices {
                let value = try #require(column[index * block])
                values[index].append(ofNormal ? Kolmogorov.pValue(distance: value, sampleSize: 1000) : value)
            }
        }
        return values
    }

    /// No p-value below 1e-6, of 40 seeds × 8: false alarms in 3.2e-4 of seeds. And the 40 of each histogram are uniform, by their own
    /// Kolmogorov-Smirnov p-value above 1e-5: false alarms in 8e-5. The seeds are fixed.
    @Test(arguments: [(0.999, 0.0, [1, 2, 5, 60]), (0.9, 0.2, [1, 3, 10, 100])])
    func normalSamplesFollowTheExactLaw(beta2: Double, epsilon: Double, steps: [Int]) throws {
        try expectUniform(pValues(seeds: 1...40, means: [0, 1], beta2: beta2, epsilon: epsilon, steps: steps))
    }

    private func expectUniform(_ histograms: [[Double]]) {
        for values in histograms {
            #expect(values.min()! > 1e-6)
            let sorted = values.sorted()
            let n = Double(sorted.count)
            let distance = sorted.enumerated().reduce(0.0) { largest, item in
                max(largest, item.element - Double(item.offset) / n, Double(item.offset + 1) / n - item.element)
            }
            #expect(Kolmogorov.pValue(distance: distance, sampleSize: sorted.count) > 1e-5, "\(sorted)")
        }
    }

    /// Draws of every other law follow their own, few squares and many, likewise: 20 seeds × 6 each.
    @Test(arguments: ["laplace", "student-t:3", "student-t:1", "uniform", "logistic", "mixture:0.1,5"])
    func otherSamplesFollowTheirOwnLaw(gradients: String) throws {
        let source = try GradientSource(specification: gradients)
        try expectUniform(pValues(seeds: 1...20, means: [0, 1], beta2: 0.99, epsilon: 0, steps: [1, 3, 40], gradients: source))
    }

    /// Student's t with three degrees of freedom is told from the normal law by a thousand trajectories: every p-value is
    /// below 1e-9.
    @Test func heavyTailsAreRejected() throws {
        let source = try GradientSource(.studentT(degreesOfFreedom: 3))
        for values in try pValues(seeds: 1...3, means: [0], beta2: 0.999, epsilon: 0, steps: [5, 60, 500], gradients: source, ofNormal: true) {
            #expect(values.max()! < 1e-9)
        }
    }
}
