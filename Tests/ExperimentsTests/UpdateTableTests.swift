import Distributions
import Errors
import Experiments
import Report
import Simulation
import TestSupport
import Testing
import Theory

@Suite struct UpdateTableTests {
    private func parameters(
        beta1: [Double] = [0.9], beta2: [Double] = [0.999], means: [Double] = [0], epsilons: [Double] = [0], steps: [Int]
    ) throws -> UpdateParameters {
        try UpdateParameters(beta1: beta1, beta2: beta2, means: means, epsilons: epsilons, steps: steps)
    }

    private func reals(_ table: Table, _ name: String) throws -> [Double?] {
        guard case .real(let cells) = try #require(table[name]).values else { return [] }
        return (0..<cells.count).map { cells[$0] }
    }

    /// Every combination once, the last list fastest, each row what the library says; whatever the threads.
    @Test func rowsAreThoseOfTheLibrary() throws {
        let parameters = try parameters(beta1: [0, 0.9], beta2: [0.95, 0.999], means: [0, 0.5], epsilons: [0, 0.1], steps: [1, 7, 100])
        let made = try UpdateTable(parameters: parameters, quantiles: [0.25, 1])
        let table = try made.table(threads: 3)
        #expect(made.rowCount == 48 && table.rowCount == 48)
        var row = 0
        for beta1 in [0, 0.9] {
            for beta2 in [0.95, 0.999] {
                for mean in [0, 0.5] {
                    for epsilon in [0, 0.1] {
                        for step in [1, 7, 100] {
                            let law = try UpdateLaw(beta1: beta1, beta2: beta2, mean: mean, epsilon: epsilon, step: step)
                            let moments = law.moments()
                            #expect(try reals(table, "mean")[row] == moments.mean)
                            #expect(try reals(table, "rms")[row] == moments.secondMoment.squareRoot())
                            #expect(try reals(table, "signal_to_noise")[row] == moments.signalToNoise)
                            #expect(try reals(table, "wrong_sign")[row] == law.wrongSignProbability)
                            #expect(try reals(table, "quantile_1")[row] == law.largest)
                            #expect(try reals(table, "quantile_0.25")[row] == UpdateDistribution(law).quantileOfSize(0.25))
                            row += 1
                        }
                    }
                }
            }
        }
        let one = try made.table(threads: 1)
        for name in table.columns.map(\.name) { #expect(try reals(one, name) == reals(table, name)) }
    }

    /// Columns that nobody looks at are empty, the others as they are.
    @Test func onlyWhatIsNeeded() throws {
        let parameters = try parameters(means: [0.1], steps: [3, 40])
        let whole = try UpdateTable(parameters: parameters).table()
        let some = try UpdateTable(parameters: parameters, columns: ["t", "quantile_0.9", "largest"]).table()
        #expect(try reals(some, "quantile_0.9") == reals(whole, "quantile_0.9") && reals(some, "largest") == reals(whole, "largest"))
        #expect(try reals(some, "quantile_0.5") == [nil, nil] && reals(some, "rms") == [nil, nil])
    }

    /// The density integrates to the rise of the distribution function (trapezoid rule over 400 points of a smooth law: 1e-4), which is all but 1e-4.
    @Test(arguments: [0.0, 0.2, -3])
    func density(mean: Double) throws {
        let table = try UpdateDistributionTable(parameters: parameters(means: [mean], epsilons: [0.1], steps: [10]), points: 400).table(threads: 2)
        let (u, density) = (try reals(table, "u").map { $0! }, try reals(table, "density").map { $0! })
        let distribution = try reals(table, "distribution").map { $0! }
        var integral = 0.0
        for index in 1..<400 {
            let height = (density[index] + density[index - 1]) / 2
            integral += height * (u[index] - u[index - 1])
        }
        #expect(abs(integral - (distribution[399] - distribution[0])) < 1e-4)
        #expect(abs(integral - 1) < 4e-4 && zip(u, u.dropFirst()).allSatisfy { $0 < $1 })
        #expect(zip(distribution, distribution.dropFirst()).allSatisfy { $0 <= $1 })
        if mean == -3 { #expect(u[399] < 0) }
    }

    /// u = ±1 has no density.
    @Test func sign() throws {
        let table = try UpdateDistributionTable(parameters: parameters(means: [0.5], steps: [1]), points: 3).table()
        #expect(try reals(table, "u") == [-1, 0, 1] && reals(table, "density") == [nil, nil, nil])
        let distribution = try reals(table, "distribution").map { $0! }
        #expect(distribution[0] == distribution[1] && distribution[2] == 1)
    }

    /// One implied mean per root mean square; empty where none gives it, with the limits beside it.
    @Test func impliedMeans() throws {
        let table = try ImpliedUpdateTable(parameters: parameters(beta2: [0.95, 0.999], steps: [1, 100]), rootMeanSquares: [0.1, 0.4, 1.5]).table(threads: 2)
        let (means, limits) = (try reals(table, "mu"), try reals(table, "rms_at_mu_0"))
        #expect(means.map { $0 == nil } == [true, true, true, true, false, true, true, true, true, true, false, true])
        #expect(limits[0] == 1 && limits[4]! > 0.2 && limits[4]! < 0.3)
        let law = try UpdateLaw(beta1: 0.9, beta2: 0.999, mean: means[10]!, step: 100)
        #expect(relativeError(law.moments().rootMeanSquare, 0.4) < 1e-12)
        #expect(try reals(table, "wrong_sign")[10] == law.wrongSignProbability)
        #expect(throws: ParameterError.self) { try ImpliedUpdateTable(parameters: parameters(steps: [100]), rootMeanSquares: [0.1]) }
    }

    @Test func clipping() throws {
        let table = try UpdateClippingTable(parameters: parameters(beta2: [0.99], steps: [1, 2000]), coordinates: [64, 4096]).table(threads: 2)
        #expect(table.rowCount == 4)
        #expect(try reals(table, "clipped")[0] == 0)
        #expect(try reals(table, "clipped")[2] == UpdateClipping(beta2: 0.99, step: 2000, coordinates: 64).probability())
    }

    /// Other gradients: every combination by its law; normal ones as the table of normal gradients has them.
    @Test func rowsOfOtherGradients() throws {
        let parameters = try parameters(beta2: [0.95, 0.999], means: [0, -0.5], epsilons: [0, 0.1], steps: [1, 9])
        let made = try GradientUpdateTable(source: GradientSource(specification: "laplace"), parameters: parameters, threads: 2)
        let table = try made.table(threads: 2)
        #expect(made.rowCount == 16 && table.rowCount == 16)
        var row = 0
        for beta2 in [0.95, 0.999] {
            for mean in [0, -0.5] {
                let law = try GradientUpdateLaw(GradientProcess(.laplace, mean: mean))
                for epsilon in [0, 0.1] {
                    for step in [1, 9] {
                        let moments = try law.moments(beta1: 0.9, beta2: beta2, epsilon: epsilon, step: step)
                        #expect(try reals(table, "mean")[row] == moments.mean && reals(table, "second_moment")[row] == moments.secondMoment)
                        #expect(try reals(table, "variance")[row] == moments.variance && reals(table, "mu")[row] == mean)
                        row += 1
                    }
                }
            }
        }
        let normal = try GradientUpdateTable(source: .normal, parameters: parameters, threads: 1).table(threads: 1)
        #expect(try reals(normal, "rms") == reals(UpdateTable(parameters: parameters, quantiles: []).table(threads: 1), "rms"))
        // One of four centred values is 0, and the first update with it.
        let recorded = try GradientSource.samples([1, 2, 4, -3])
        let first = try reals(GradientUpdateTable(source: recorded, parameters: parameters, threads: 1).table(threads: 1), "second_moment")[0]
        #expect(abs(try #require(first) - 0.75) < 1e-12)
    }
}
