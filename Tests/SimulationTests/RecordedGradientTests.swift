import Errors
import Simulation
import Testing
import Theory

@Suite struct RecordedGradientTests {
    private func draws(_ source: GradientSource, trajectory: Int = 0, count: Int = 20_000) -> [Double] {
        NoiseStream.values(of: source, seed: 8, trajectory: trajectory, count: count)
    }

    /// Values 1000 + 2, 4, 6, 8: mean 1005 and standard deviation √5 are removed.
    @Test func valuesAreStandardised() throws {
        let source = try GradientSource.samples([1002, 1008, 1004, 1006])
        let samples = try #require(source.samples)
        for (sample, expected) in zip(samples, [-3.0, 3, -1, 1]) {
            #expect(abs(sample - expected / 5.0.squareRoot()) < 1e-12)
        }
        #expect(Set(draws(source)) == Set(samples))
    }

    /// Each series has its own mean and deviation removed; those that never change are left out.
    @Test func seriesAreStandardisedApart() throws {
        let source = try GradientSource.samples([2, 4, 6, 8, 5, 5, 5, 5, -3e9, -1e9, 1e9, 3e9, 0, 0, 0, 0], seriesLength: 4)
        #expect(source.constantSeries == 2)
        let samples = try #require(source.samples)
        #expect(samples.count == 8)
        for (sample, expected) in zip(samples, [-3.0, -1, 1, 3, -3, -1, 1, 3]) {
            #expect(abs(sample - expected / 5.0.squareRoot()) < 1e-12)
        }
    }

    /// Normal coordinates of which one is a thousand times as large as another are normal gradients: the variance is that of the exact law,
    /// within five standard errors (false alarms: one in two million). Pooled as they are, they were off by a factor of a hundred.
    @Test func scalesDoNotMatter() throws {
        let values = (0..<64).flatMap { series in
            NoiseStream.values(of: .normal, seed: 5, trajectory: series, count: 1000).map { $0 * (series % 2 == 0 ? 1 : 1000) }
        }
        let source = try GradientSource.samples(values, seriesLength: 1000)
        let parameters = try SimulationParameters(means: [0], beta2: 0.99, trajectories: 4000, iterations: 40, gradients: source)
        let curve = try MonteCarlo(parameters).run(threads: 2).curves[0]
        let exact = try ExactLaw(beta2: 0.99, means: [0]).moments(at: [40])[0][0].variance
        // The sample's own law is within 1% of the normal one: 64,000 values.
        #expect(abs(try #require(curve.variance[39]) - exact) < 5 * (try #require(curve.varianceStandardError[39])) + 0.01 * exact)
    }

    /// Pearson's χ² over 200 values: its standard score, √(2χ²) - √(2·199-1), stays below 4.9 but for one seed in a million.
    @Test(arguments: [1, 2, 7, 50])
    func everyValueIsAsLikely(blockLength: Int) throws {
        // Squares: no series of theirs is another's by scale and shift.
        let values = (0..<200).map { Double($0 * $0) }
        let source = try GradientSource.samples(values, seriesLength: 50, blockLength: blockLength)
        let samples = try #require(source.samples)
        let place = Dictionary(uniqueKeysWithValues: samples.enumerated().map { ($0.element, $0.offset) })
        // The first of each block, so that the draws are independent; and, as a second sample, the last.
        for offset in Set([0, blockLength - 1]) {
            var counts = [Double](repeating: 0, count: 200)
            for trajectory in 0..<20 {
                let z = draws(source, trajectory: trajectory, count: 1000 * blockLength)
                for start in stride(from: offset, to: z.count, by: blockLength) { counts[try #require(place[z[start]])] += 1 }
            }
            let chiSquare = counts.reduce(0) { $0 + ($1 - 100) * ($1 - 100) / 100 }
            #expect((2 * chiSquare).squareRoot() - 397.0.squareRoot() < 4.9)
        }
    }

    /// Within a block the values follow each other, around the end of their own series and never into the next.
    @Test func blocksFollowTheirSeries() throws {
        // Squares: no series of theirs is another's by scale and shift.
        let values = (0..<200).map { Double($0 * $0) }
        let source = try GradientSource.samples(values, seriesLength: 50, blockLength: 7)
        let samples = try #require(source.samples)
        let z = draws(source, count: 700)
        for (index, value) in z.enumerated().dropFirst() where index % 7 != 0 {
            let here = try #require(samples.firstIndex(of: value))
            let before = try #require(samples.firstIndex(of: z[index - 1]))
            #expect(here == before / 50 * 50 + (before + 1) % 50)
        }
        // Around the end somewhere, and blocks that do not continue each other.
        #expect(zip(z, z.dropFirst()).contains { samples.firstIndex(of: $0.0)! % 50 == 49 && samples.firstIndex(of: $0.1)! % 50 == 0 })
    }

    @Test func anExactZeroHasNoStandardError() throws {
        func errors(_ mean: Double, _ epsilon: Double) throws -> [Bool] {
            let parameters = try SimulationParameters(
                means: [mean], epsilon: epsilon, trajectories: 50, iterations: 6, gradients: .samples([-1, 0, 1]))
            return try MonteCarlo(parameters).run(threads: 1).curves[0].varianceStandardError.map { $0 != nil }
        }
        #expect(try errors(0, 0) == Array(repeating: false, count: 6))
        #expect(try errors(0, 0.1) == Array(repeating: true, count: 6))
        #expect(try errors(0.5, 0) == Array(repeating: true, count: 6))
    }

    @Test func badTablesAreRefused() {
        func rejected(_ make: () throws(ParameterError) -> GradientSource) -> String? {
            do {
                _ = try make()
                return nil
            } catch {
                return "\(error)"
            }
        }
        let bad: [([Double], Int?, Int, String)] = [
            ([], nil, 1, "whole series"), ([1, .nan], nil, 1, "finite"), ([1, .infinity], nil, 1, "finite"),
            ([3, 3, 3], nil, 1, "equal"), ([0, 0], nil, 1, "equal"), ([1, 2, 3], 2, 1, "whole series"),
            ([1, 2], 0, 1, "whole series"), ([1, 2], nil, 0, "block 0"), ([1, 2, 3, 4], 2, 3, "block 3"),
            ([0.1, 0.1, 0.1], nil, 1, "equal"),
        ]
        for (values, series, block, rule) in bad {
            let message = rejected { () throws(ParameterError) in
                try GradientSource.samples(values, seriesLength: series, blockLength: block)
            }
            #expect(message?.contains(rule) == true, "\(values) \(String(describing: message))")
        }
        // The extremes of the range are no reason.
        #expect(rejected { () throws(ParameterError) in try GradientSource.samples([1e308, -1e308, .leastNonzeroMagnitude]) } == nil)
    }
}
