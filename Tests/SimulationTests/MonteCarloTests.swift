import CKernels
import Simulation
import Synchronization
import TestSupport
import Testing
import Theory

@Suite struct MonteCarloTests {
    /// Corners: partial vectors and chunks, one iteration, odd numbers of them, one mean and many, ε, β2 = 0, large means.
    static let corners: [SimulationParameters] = {
        do {
            return [
                try SimulationParameters(means: [0], trajectories: 1, iterations: 1, sampleSteps: [1]),
                try SimulationParameters(means: [0, 1], trajectories: 7, iterations: 5, sampleSteps: [1, 2, 5]),
                try SimulationParameters(trajectories: 8, iterations: 64),
                try SimulationParameters(trajectories: 300, iterations: 101, sampleSteps: [1, 4, 5, 100, 101]),
                try SimulationParameters(means: [0, 10], beta2: 0, trajectories: 257, iterations: 9, sampleSteps: [9]),
                try SimulationParameters(beta2: 0.05, epsilon: 1e-4, trajectories: 100, iterations: 30),
                try SimulationParameters(beta2: 0.9, epsilon: 0.1, trajectories: 515, iterations: 40, seed: .max, sampleSteps: [3, 7]),
                try SimulationParameters(means: [1e6, -1e6, 300], trajectories: 65, iterations: 12),
                try SimulationParameters(means: [-0.5], beta2: 1 - 1e-8, epsilon: 1e6, trajectories: 33, iterations: 12),
            ]
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    /// Keeps all samples, and the order in which they came.
    struct AllSamples: SampleConsumer {
        var ranges: [Range<Int>] = []
        var values: [[Double]]  // [steps * means][trajectories]
        let meanCount: Int

        init(_ parameters: SimulationParameters) {
            meanCount = parameters.means.count
            values = Array(repeating: [], count: parameters.sampleSteps.count * meanCount)
        }

        mutating func merge(_ later: AllSamples) {
            ranges += later.ranges
            for index in values.indices { values[index] += later.values[index] }
        }

        mutating func consume(_ block: SampleBlock) {
            ranges.append(block.trajectories)
            for index in values.indices {
                values[index] += block.values(stepIndex: index / meanCount, meanIndex: index % meanCount)
            }
        }
    }

    private func run(
        _ parameters: SimulationParameters, threads: Int = 1, variant: varlab_variant = varlab_best_variant()
    ) throws -> (SimulationResult, AllSamples) {
        var samples = AllSamples(parameters)
        let result = try MonteCarlo(parameters).run(threads: threads, variant: variant, samples: &samples)
        return (result, samples)
    }

    @Test(arguments: corners)
    func everyVariantGivesTheSameBits(parameters: SimulationParameters) throws {
        let (baseline, samples) = try run(parameters, variant: VARLAB_BASELINE)
        for variant in availableVariants {
            let (result, other) = try run(parameters, variant: variant)
            #expect(result.curves.map(\.bits) == baseline.curves.map(\.bits), "\(variant)")
            #expect(other.values.map { $0.map(\.bitPattern) } == samples.values.map { $0.map(\.bitPattern) }, "\(variant)")
        }
    }

    @Test(arguments: [2, 3, 7])
    func everyNumberOfThreadsGivesTheSameBits(threads: Int) throws {
        let parameters = try SimulationParameters(
            means: [0, 1], trajectories: 5003, iterations: 31, seed: 9, sampleSteps: [6, 31])
        let (one, oneSamples) = try run(parameters)
        let (many, manySamples) = try run(parameters, threads: threads)
        #expect(many.curves.map(\.bits) == one.curves.map(\.bits))
        #expect(manySamples.values == oneSamples.values)
        #expect(manySamples.ranges == oneSamples.ranges)
        // In order, without gap or overlap.
        #expect(manySamples.ranges.first?.lowerBound == 0)
        #expect(manySamples.ranges.last?.upperBound == 5003)
        for (left, right) in zip(manySamples.ranges, manySamples.ranges.dropFirst()) {
            #expect(left.upperBound == right.lowerBound)
        }
    }

    /// Rounding: of some 1/(1-β2) = 1000 additions in v_t and as many in the sums, and the inverse root's 4e-16.
    static let roundingTolerance = 1e-13

    @Test(arguments: corners)
    func agreesWithTheDefinition(parameters: SimulationParameters) throws {
        let (result, samples) = try run(parameters)
        let plain = PlainSimulation(parameters)
        for (index, mean) in parameters.means.enumerated() {
            let curve = result.curves[index]
            #expect(curve.mean == mean)
            for step in 0..<parameters.iterations {
                let expected = PlainSimulation.moments(plain.psi[index][step])
                // Where the trajectories hardly differ, their common rounding shows in the variance.
                let floor = 1e-15 * expected.mean * expected.mean
                #expect(curve.meanPsi[step].isClose(to: expected.mean, relative: Self.roundingTolerance), "t = \(step + 1)")
                if parameters.trajectories == 1 {
                    #expect(curve.variance[step] == nil)
                    #expect(curve.varianceStandardError[step] == nil)
                    continue
                }
                let variance = try #require(curve.variance[step])
                let error = abs(variance - expected.variance)
                // d ψ/ψ = 1e-15 perturbs the variance by 2e-15 σ ψ.
                let perturbation = 4e-15 * expected.variance.squareRoot() * expected.mean
                #expect(error <= 1e-12 * expected.variance + perturbation + floor * 1e-15, "μ = \(mean) t = \(step + 1)")
            }
            for (stepIndex, step) in parameters.sampleSteps.enumerated() {
                let values = samples.values[stepIndex * parameters.means.count + index]
                for (sample, expected) in zip(values, plain.psi[index][step - 1]) {
                    #expect(sample.isClose(to: expected, relative: Self.roundingTolerance))
                }
            }
        }
    }

    @Test func agreesWithTheDefinitionOverManySteps() throws {
        let parameters = try SimulationParameters(trajectories: 40, iterations: 3000, sampleSteps: [1000, 3000])
        let (result, _) = try run(parameters)
        let plain = PlainSimulation(parameters)
        var largestMean = 0.0
        var largestVariance = 0.0
        var largestError = 0.0
        for (index, curve) in result.curves.enumerated() {
            for step in 0..<parameters.iterations {
                let expected = PlainSimulation.moments(plain.psi[index][step])
                let n = Double(parameters.trajectories)
                let squared = expected.variance * expected.variance
                let standardError = ((expected.fourth - (n - 3) / (n - 1) * squared) / n).squareRoot()
                largestMean = max(largestMean, abs(curve.meanPsi[step] / expected.mean - 1))
                largestVariance = max(largestVariance, abs(curve.variance[step]! / expected.variance - 1))
                if let error = curve.varianceStandardError[step] {
                    largestError = max(largestError, abs(error / standardError - 1))
                } else {
                    // Forty trajectories are enough for a kurtosis of 5.4.
                    #expect(step < 60)
                }
            }
        }
        #expect(largestMean < 1e-13)
        #expect(largestVariance < 1e-11)
        #expect(largestError < 1e-10)
    }

    @Test func aMeanDoesNotDependOnTheOthers() throws {
        let all = try MonteCarlo(SimulationParameters(trajectories: 100, iterations: 50)).run(threads: 1)
        for curve in all.curves {
            let alone = try MonteCarlo(SimulationParameters(means: [curve.mean], trajectories: 100, iterations: 50))
                .run(threads: 1)
            #expect(alone.curves.map(\.bits) == [curve.bits])
        }
    }

    @Test func theFourthMomentDecidesOnTheStandardError() throws {
        func errors(_ beta2: Double, _ epsilon: Double, _ trajectories: Int = 5000) throws -> [Bool] {
            let parameters = try SimulationParameters(
                means: [0], beta2: beta2, epsilon: epsilon, trajectories: trajectories, iterations: 6)
            let result = try MonteCarlo(parameters).run(threads: 1)
            return result.curves[0].varianceStandardError.map { $0 != nil }
        }
        #expect(try errors(0.999, 0) == [false, false, false, false, true, true])
        #expect(try errors(0.999, 0.01) == Array(repeating: true, count: 6))
        #expect(try errors(0, 0) == Array(repeating: false, count: 6))
        #expect(try errors(0, 0.01) == Array(repeating: true, count: 6))
        #expect(try errors(0.999, 0.01, 3) == Array(repeating: false, count: 6))
    }

    @Test func progressCountsTrajectoriesInOrder() throws {
        let seen = Mutex<[Int]>([])
        let parameters = try SimulationParameters(means: [0], trajectories: 1000, iterations: 3)
        _ = try MonteCarlo(parameters).run(threads: 3, progress: { count in seen.withLock { $0.append(count) } })
        let counts = seen.withLock { $0 }
        #expect(counts.count == 4)
        #expect(counts == counts.sorted())
        #expect(counts.last == 1000)
    }

    @Test func cancellationThrows() throws {
        let merged = Mutex(0)
        let parameters = try SimulationParameters(means: [0], trajectories: 100_000, iterations: 3)
        #expect(throws: CancellationError.self) {
            try MonteCarlo(parameters).run(
                threads: 2, progress: { count in merged.withLock { $0 = count } },
                isCancelled: { merged.withLock { $0 >= 512 } })
        }
        #expect(merged.withLock { $0 } < 100_000)
    }
}

extension SimulationResult.Curve {
    /// All numbers as bits, so that equality means equal bits.
    var bits: [UInt64?] {
        meanPsi.map(\.bitPattern) + meanStandardError.map { $0?.bitPattern } + variance.map { $0?.bitPattern } + varianceStandardError.map { $0?.bitPattern }
    }
}

extension Double {
    func isClose(to other: Double, relative tolerance: Double) -> Bool {
        (self - other).magnitude <= tolerance * other.magnitude
    }
}
