import Simulation
import TestSupport
import Testing
import Theory

/// Which moments and which standard errors a simulation gives: what exists, and what so many trajectories are enough for.
@Suite struct StandardErrorTests {
    private func curve(
        _ mean: Double = 0, beta2: Double = 0.999, epsilon: Double = 0, trajectories: Int = 5000, iterations: Int = 6,
        gradients: GradientSource = .normal
    ) throws -> SimulationResult.Curve {
        let parameters = try SimulationParameters(
            means: [mean], beta2: beta2, epsilon: epsilon, trajectories: trajectories, iterations: iterations, gradients: gradients)
        return try MonteCarlo(parameters).run(threads: 1).curves[0]
    }

    /// A third of the values is exactly zero: at ε = 0 P(v̂_t = 0) = 3^{-t}, and both moments are infinite at every t, also where no
    /// trajectory was so: at t = 40 that has a chance of 1e-16.
    @Test func zerosMakeBothMomentsInfinite() throws {
        let source = try GradientSource.samples([-1, 0, 1])
        for trajectories in [2, 50, 3000] {
            let curve = try curve(trajectories: trajectories, iterations: 40, gradients: source)
            #expect(curve.meanPsi.allSatisfy { $0 == .infinity })
            #expect(curve.variance.allSatisfy { $0 == .infinity })
            #expect(curve.meanStandardError.allSatisfy { $0 == nil })
            #expect(curve.varianceStandardError.allSatisfy { $0 == nil })
            #expect(curve.hasFiniteVariance.allSatisfy { !$0 })
        }
        // One trajectory has no variance, infinite or not.
        #expect(try curve(trajectories: 1, gradients: source).variance.allSatisfy { $0 == nil })
    }

    /// With ε > 0, or at a mean at which no value is zero, everything is finite. A zero makes ψ_1 = 1/ε exactly, for every ε.
    @Test(arguments: [1e-90, 1e-40, 1e-8, 0.1, 10])
    func epsilonBoundsAZero(epsilon: Double) throws {
        let source = try GradientSource.samples([-1, 0, 1])
        var samples = MonteCarloTests.AllSamples(
            try SimulationParameters(means: [0], trajectories: 64, iterations: 2, sampleSteps: [1]))
        let parameters = try SimulationParameters(
            means: [0], epsilon: epsilon, trajectories: 64, iterations: 2, sampleSteps: [1], gradients: source)
        let result = try MonteCarlo(parameters).run(threads: 1, samples: &samples)
        // √(3/2) is the standardised 1.
        let values = [1 / epsilon, 1 / (1.5.squareRoot() + epsilon)]
        #expect(samples.values[0].allSatisfy { sample in values.contains { relativeError(sample, $0) < 1e-14 } })
        #expect(samples.values[0].contains { relativeError($0, 1 / epsilon) < 1e-14 })
        #expect(result.curves[0].meanPsi[0].isFinite)
    }

    @Test func zerosElsewhereDoNotMatter() throws {
        let curve = try curve(0.5, gradients: .samples([-1, 0, 1]))
        #expect(curve.meanPsi.allSatisfy { $0.isFinite })
        #expect(curve.hasFiniteVariance.allSatisfy { $0 })
        #expect(curve.varianceStandardError.allSatisfy { $0 != nil })
    }

    /// The samples at ε = 0 are infinite where all gradients were zero, and nowhere huge.
    @Test func samplesOfZerosAreInfinite() throws {
        let parameters = try SimulationParameters(
            means: [0], trajectories: 500, iterations: 3, sampleSteps: [1, 2, 3], gradients: .samples([-1, 0, 1]))
        var samples = MonteCarloTests.AllSamples(parameters)
        _ = try MonteCarlo(parameters).run(threads: 1, samples: &samples)
        let z = (0..<500).map { NoiseStream.values(of: parameters.gradients, seed: 1, trajectory: $0, count: 3) }
        for step in 0..<3 {
            for (trajectory, psi) in samples.values[step].enumerated() {
                let isZero = z[trajectory][...step].allSatisfy { $0 == 0 }
                #expect(isZero ? psi == .infinity : psi < 1e3, "t = \(step + 1)")
            }
        }
    }

    /// Circular blocks of three from 0 0 1 -1 …: at most two zeros in a row can be drawn, around the end of a series three where it
    /// also begins with one. With blocks of two there are two in a row, and again two in the next block.
    @Test(arguments: [
        ([0.0, 0, 1, -1], 3, 2), ([0.0, 1, -1, 0], 3, 2), ([0.0, 1, -1, 0], 2, Int.max), ([0.0, 0, 1, -1], 1, .max),
        ([1.0, 0, -1, 0], 4, 1), ([0.0, 0, 0, 1, -1, 0], 4, .max), ([0.0, 0, 0, 1, -1, 0], 5, 4), ([2.0, -2, 1, -1], 3, 0),
    ])
    func blocksLimitTheSteps(values: [Double], block: Int, steps: Int) throws {
        let curve = try curve(iterations: 8, gradients: .samples(values, blockLength: block))
        for step in 1...8 {
            #expect(curve.meanPsi[step - 1].isInfinite == (step <= steps), "t = \(step)")
            #expect(curve.variance[step - 1]!.isInfinite == (step <= steps))
            #expect(curve.hasFiniteVariance[step - 1] == (step > steps))
        }
    }

    /// Two series: the zeros of one end with it, as a block does not go on in the next.
    @Test func seriesEndTheRows() throws {
        // Of mean 0 each, so that a zero stays one.
        let values = [2.0, -1, -1, 0, 0, 1, 1, -2]
        let curve = try curve(iterations: 4, gradients: .samples(values, seriesLength: 4, blockLength: 4))
        #expect(curve.meanPsi.map(\.isInfinite) == [true, false, false, false])
        // At β2 = 0 v̂_t = g_t²: every step can be zero.
        let plain = try self.curve(beta2: 0, iterations: 4, gradients: .samples(values, seriesLength: 4, blockLength: 4))
        #expect(plain.meanPsi.allSatisfy { $0.isInfinite })
    }

    /// At ε = 0 a variance has a standard error from t = 5 on, a mean from t = 3 on; at β2 = 0 neither.
    @Test func existenceAtZeroEpsilon() throws {
        let usual = try curve()
        #expect(usual.meanStandardError.map { $0 != nil } == [false, false, true, true, true, true])
        #expect(usual.varianceStandardError.map { $0 != nil } == [false, false, false, false, true, true])
        #expect(usual.hasFiniteVariance == [false, false, true, true, true, true])
        let last = try curve(beta2: 0)
        #expect(last.meanStandardError.allSatisfy { $0 == nil } && last.hasFiniteVariance.allSatisfy { !$0 })
    }

    /// √((κ-1)/n) ≤ 1/3 decides. At ε = 1e-3 and t = 1 Simpson's rule gives κ = 438.4, so that 3937 trajectories are needed; for the
    /// mean 9 Var/E² is 1304 at ε = 1e-4 and 3.3e6 at ε = 1e-8.
    @Test func theSampleMustBeLargeEnough() throws {
        func has(_ epsilon: Double, _ n: Int) throws -> Bool {
            try curve(epsilon: epsilon, trajectories: n, iterations: 1).varianceStandardError[0] != nil
        }
        #expect(try has(1e-3, 3936) == false)
        #expect(try has(1e-3, 3938))
        #expect(try has(1e-8, 1_000_000) == false)
        #expect(try has(0.1, 200))
        func hasMean(_ epsilon: Double, _ n: Int) throws -> Bool {
            try curve(epsilon: epsilon, trajectories: n, iterations: 1).meanStandardError[0] != nil
        }
        #expect(try hasMean(1e-8, 5000) == false)
        #expect(try hasMean(1e-4, 1303) == false)
        #expect(try hasMean(1e-4, 1305))
    }

    /// The case: 19,604 ± 14,235 where the exact variance is 79,788,238.
    @Test func aTinyEpsilonHasNoStandardErrorAtFirst() throws {
        let curve = try curve(epsilon: 1e-8, iterations: 8)
        #expect(curve.varianceStandardError.prefix(4).allSatisfy { $0 == nil })
        #expect(curve.varianceStandardError.dropFirst(4).allSatisfy { $0 != nil })
        #expect(curve.hasFiniteVariance.allSatisfy { $0 })
    }

    /// For recorded gradients t = 1 goes by their own values: one in a thousand near zero is nothing that a hundred trajectories see.
    @Test func rareRecordedValuesNeedManyTrajectories() throws {
        var values = (0..<999).map { $0.isMultiple(of: 2) ? 1.0 : -1 }
        values.append(1e-4)
        let source = try GradientSource.samples(values)
        #expect(try curve(trajectories: 500, gradients: source).varianceStandardError[0] == nil)
        #expect(try curve(trajectories: 40_000, gradients: source).varianceStandardError[0] != nil)
    }

    /// The printed error of the mean is s/√n.
    @Test func theMeansErrorIsThatOfTheSample() throws {
        let curve = try curve(0.5, trajectories: 700, iterations: 30)
        for step in 2..<30 {
            let error = try #require(curve.meanStandardError[step]), variance = try #require(curve.variance[step])
            #expect(relativeError(error, (variance / 700).squareRoot()) < 1e-14)
        }
    }

    /// Of 60 seeds × 6 steps the mean lies within 4 standard errors of the exact one: a false alarm in 2% for normal samples; seeds fixed.
    @Test func meansLieWithinTheirErrors() throws {
        let steps = [10, 20, 50, 100, 150, 200]
        let exact = try ExactLaw(beta2: 0.99, means: [0]).moments(at: steps)[0]
        var squares = 0.0
        for seed in 1...60 {
            let parameters = try SimulationParameters(means: [0], beta2: 0.99, trajectories: 500, iterations: 200, seed: UInt64(seed))
            let curve = try MonteCarlo(parameters).run(threads: 1).curves[0]
            for (step, moments) in zip(steps, exact) {
                let score = (curve.meanPsi[step - 1] - moments.mean) / (try #require(curve.meanStandardError[step - 1]))
                #expect(abs(score) < 4.5)
                squares += score * score / 360
            }
        }
        // Scores of one seed are not independent: at worst 60 are, whose mean square is 1 ± 0.18; five times that.
        #expect(abs(squares - 1) < 0.9)
    }
}
