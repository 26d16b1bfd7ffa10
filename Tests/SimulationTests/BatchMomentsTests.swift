import Errors
import Simulation
import Testing
import Theory

@Suite struct BatchMomentsTests {
    /// Sizes differ by at most one, the batches follow each other, and together they have the moments of the whole run.
    @Test(arguments: [1, 2, 7, 30, 2999, 3000])
    func batchesMakeUpTheWhole(batchCount: Int) throws {
        let parameters = try SimulationParameters(
            means: [0, 1], trajectories: 3000, iterations: 20, sampleSteps: [8, 20])
        var batches = try BatchMoments(parameters, batchCount: batchCount)
        let result = try MonteCarlo(parameters).run(threads: 2, samples: &batches)
        for (stepIndex, step) in parameters.sampleSteps.enumerated() {
            for meanIndex in 0..<2 {
                let parts = batches.batches(stepIndex: stepIndex, meanIndex: meanIndex)
                #expect(parts.count == batchCount)
                #expect(parts.map(\.count).reduce(0, +) == 3000)
                #expect(parts.map(\.count).max()! - parts.map(\.count).min()! <= 1)
                let mean = parts.reduce(0) { $0 + Double($1.count) * $1.mean } / 3000
                // Within and between the batches.
                let squares = parts.reduce(0) {
                    $0 + Double($1.count - 1) * ($1.variance ?? 0) + Double($1.count) * ($1.mean - mean) * ($1.mean - mean)
                }
                let curve = result.curves[meanIndex]
                #expect(mean.isClose(to: curve.meanPsi[step - 1], relative: 1e-13))
                #expect((squares / 2999).isClose(to: try #require(curve.variance[step - 1]), relative: 1e-12))
            }
        }
    }

    @Test func eachBatchHoldsItsTrajectories() throws {
        let parameters = try SimulationParameters(means: [2], trajectories: 1001, iterations: 9, sampleSteps: [9])
        let plain = PlainSimulation(parameters)
        var one = try BatchMoments(parameters, batchCount: 10)
        var three = one
        _ = try MonteCarlo(parameters).run(threads: 1, samples: &one)
        _ = try MonteCarlo(parameters).run(threads: 3, samples: &three)
        #expect(one.batches(stepIndex: 0, meanIndex: 0) == three.batches(stepIndex: 0, meanIndex: 0))
        for (batch, moments) in one.batches(stepIndex: 0, meanIndex: 0).enumerated() {
            let expected = PlainSimulation.moments(Array(plain.psi[0][8][one.trajectories(ofBatch: batch)]))
            #expect(moments.count == one.trajectories(ofBatch: batch).count)
            #expect(moments.mean.isClose(to: expected.mean, relative: 1e-13))
            #expect(try #require(moments.variance).isClose(to: expected.variance, relative: 1e-11))
        }
    }

    @Test func rejectsImpossibleNumbersOfBatches() throws {
        let parameters = try SimulationParameters(trajectories: 10)
        #expect(throws: ParameterError.self) { try BatchMoments(parameters, batchCount: 0) }
        #expect(throws: ParameterError.self) { try BatchMoments(parameters, batchCount: 11) }
    }

    @Test func smallSamplesHaveNoVariance() {
        var moments = StreamMoments()
        #expect(moments.variance == nil)
        moments.add([3])
        #expect(moments.mean == 3)
        #expect(moments.variance == nil)
        moments.add([5])
        #expect(moments.variance == 2)
    }
}
