import Errors
import Simulation
import Testing
import Theory

@Suite struct SimulationParametersTests {
    @Test func defaultsAreThoseOfFigure9() throws {
        let parameters = try SimulationParameters()
        #expect(parameters.means == [0, 0.001, 0.01, 0.1, 1, 10])
        #expect(parameters.beta2 == 0.999)
        #expect(parameters.epsilon == 0)
        #expect(parameters.trajectories == 5000)
        #expect(parameters.iterations == 6000)
        #expect(parameters.seed == 1)
        #expect(parameters.sampleSteps == [])
    }

    private func rejected(_ make: () throws(ParameterError) -> SimulationParameters) -> Parameter? {
        do {
            _ = try make()
            return nil
        } catch {
            return error.parameter
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1.1e6, -1.1e6, 1e100])
    func means(mean: Double) {
        #expect(rejected { () throws(ParameterError) in try SimulationParameters(means: [0, mean]) } == .mu)
    }

    @Test(arguments: [Double.nan, -0.1, 1, 1.5, .infinity])
    func beta2(beta2: Double) {
        #expect(rejected { () throws(ParameterError) in try SimulationParameters(beta2: beta2) } == .beta2)
    }

    @Test(arguments: [Double.nan, -1e-8, .infinity, 1.1e6])
    func epsilon(epsilon: Double) {
        #expect(rejected { () throws(ParameterError) in try SimulationParameters(epsilon: epsilon) } == .epsilon)
    }

    @Test(arguments: [0, -1, (1 << 40) + 1, .max])
    func trajectories(trajectories: Int) {
        #expect(
            rejected { () throws(ParameterError) in try SimulationParameters(trajectories: trajectories) } == .trajectories)
    }

    @Test(arguments: [0, -1, (1 << 22) + 1, .max])
    func iterations(iterations: Int) {
        #expect(
            rejected { () throws(ParameterError) in try SimulationParameters(means: [0], iterations: iterations) }
                == .iterations)
    }

    @Test(arguments: [[0], [1, 1], [2, 1], [6001], [-3, 5]])
    func sampleSteps(steps: [Int]) {
        #expect(rejected { () throws(ParameterError) in try SimulationParameters(sampleSteps: steps) } == .sampleSteps)
    }

    @Test func manyMeansLimitTheIterations() throws {
        #expect(rejected { () throws(ParameterError) in try SimulationParameters(means: []) } == .mu)
        let means = [Double](repeating: 0, count: 1 << 12)
        #expect(rejected { () throws(ParameterError) in try SimulationParameters(means: means, iterations: 1025) } == .iterations)
        #expect(try SimulationParameters(means: means, iterations: 1024).means.count == 1 << 12)
    }

    @Test func boundsAreAccepted() throws {
        #expect(try SimulationParameters(means: [1e6, -1e6], beta2: 0, epsilon: 1e6).beta2 == 0)
        #expect(try SimulationParameters(trajectories: 1 << 40, iterations: 1, sampleSteps: [1]).sampleSteps == [1])
    }
}
