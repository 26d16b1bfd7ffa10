import Errors
import Experiments
import Report
import Simulation
import TestSupport
import Testing
import Theory

/// The table of exact moments for any gradients, and the simulation that it goes through.
@Suite struct ProcessTableTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func table(
        _ specification: String = "normal", beta2: [Double] = [0.99], means: [Double] = [0], epsilons: [Double] = [0],
        autocorrelations: [Double] = [0], scales: [Double]? = nil, stepMeans: [Double]? = nil,
        weights: SecondMomentWeights = .biasCorrected, steps: [Int] = [3, 10]
    ) throws -> Table {
        try ProcessTable(
            source: GradientSource(specification: specification), beta2: beta2, means: means, epsilons: epsilons,
            autocorrelations: autocorrelations, scales: scales, stepMeans: stepMeans, weights: weights, steps: steps
        ).table()
    }

    /// Every combination is a block of rows, autocorrelations outermost.
    @Test func blocksOfEveryCombination() throws {
        let table = try table(beta2: [0.9, 0.99], means: [0, 1], epsilons: [0, 0.1], autocorrelations: [0, 0.5])
        #expect(table.rowCount == 32)
        #expect(table.reals("autocorrelation").map { $0! } == (0..<32).map { $0 < 16 ? 0 : 0.5 })
        #expect(table.reals("mu").map { $0! } == (0..<32).map { $0 / 8 % 2 == 0 ? 0 : 1 })
        #expect(table.reals("beta2").map { $0! } == (0..<32).map { $0 / 4 % 2 == 0 ? 0.9 : 0.99 })
        #expect(table.reals("epsilon").map { $0! } == (0..<32).map { $0 / 2 % 2 == 0 ? 0 : 0.1 })
    }

    /// Without anything beyond the normal law both variances are the same bits; scales of 1 and means of 0 change no more than rounding.
    @Test func theNormalLawIsItsOwnReference() throws {
        let plain = try table()
        #expect(plain.reals("var_psi") == plain.reals("var_normal"))
        let listed = try table(scales: [Double](repeating: 1, count: 10), stepMeans: [Double](repeating: 0, count: 10))
        #expect(listed.reals("var_normal").allSatisfy { $0 == nil } && listed.reals("mu").allSatisfy { $0 == nil })
        for (a, b) in zip(listed.reals("var_psi"), plain.reals("var_psi")) { #expect(relativeError(a!, b!) < 1e-12) }
    }

    /// ψ_1 under v_0 is undefined without a v_0, and steps beyond the scales are refused.
    @Test func whatIsUndefinedIsEmpty() throws {
        #expect(try table(weights: .previous, steps: [1, 4]).reals("var_psi").map { $0 == nil } == [true, false])
        #expect(throws: ParameterError.self) { try table(scales: [1, 2], steps: [3]) }
        #expect(throws: ParameterError.self) { try table(means: [1], stepMeans: [1, 2, 3], steps: [3]) }
    }

    /// The pieces do not depend on the threads.
    @Test func sameRowsForAnyThreads() throws {
        let table = try ProcessTable(source: GradientSource(specification: "laplace"), beta2: [0.9, 0.99, 0.999], means: [0, 1], epsilons: [0], steps: [3, 9])
        #expect(CSVWriter().bytes(of: try table.table(threads: 1)) == CSVWriter().bytes(of: try table.table(threads: 3)))
    }

    /// The simulated variance of other gradients goes through their own exact law: at t = 12 the error is estimated from the fourth
    /// moment of 20,000 draws; five standard errors are missed once in 2e6. The seed is fixed.
    @Test(arguments: ["laplace", "uniform", "student-t:5", "mixture:0.1,3"])
    func simulationGoesThroughTheExactLaw(specification: String) throws {
        let outcome = try SimulateExperiment(
            means: [0, 0.5], beta2: 0.9, epsilon: 0, trajectories: 20_000, iterations: 12, seed: 7, histogramSteps: [],
            gradients: GradientSource(specification: specification)
        ).run(threads: 2)
        let table = try outcome.varianceTable()
        for row in [11, 23] {
            let error = try #require(table.reals("var_psi_stderr")[row])
            #expect(abs(table.reals("var_psi")[row]! - table.reals("var_exact")[row]!) < 5 * error)
        }
        #expect(table.reals("var_normal")[11] != table.reals("var_exact")[11])
    }

    /// Blocks of a trace have no exact law here: the cells are empty.
    @Test func blocksHaveNoExactVariance() throws {
        let values = (0..<40).map { Double($0 % 7) - 3.25 }
        let source = try GradientSource.samples(values, seriesLength: 40, blockLength: 4)
        let table = try SimulateExperiment(
            means: [0], beta2: 0.9, epsilon: 0, trajectories: 20, iterations: 5, seed: 1, histogramSteps: [], gradients: source
        ).run(threads: 1).varianceTable()
        #expect(table.reals("var_exact").allSatisfy { $0 == nil } && table.reals("var_normal").allSatisfy { $0 != nil })
    }

    @Test func seriesOfAFile() throws {
        let path = try scratch.put("sigma\n1\n2.5\n4\n".utf8, at: "s.csv")
        #expect(try NumberSeries.read(path, for: .scales) == [1, 2.5, 4])
        let wide = try scratch.put("1,2\n3,4\n".utf8, at: "wide.csv")
        let error = #expect(throws: ParameterError.self) { try NumberSeries.read(wide, for: .scales) }
        #expect(error?.description.contains("must hold one column of numbers") == true)
    }
}
