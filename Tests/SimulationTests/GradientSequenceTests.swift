import Errors
import Simulation
import TestSupport
import Testing
import Theory

/// What is drawn and what is refused, and where standard errors are given.
@Suite struct GradientSequenceTests {
    private func refusal(
        means: [Double] = [0], iterations: Int = 3, gradients: GradientSource = .normal, _ sequence: GradientSequence, beta1: Double? = nil
    ) -> ParameterError? {
        do {
            _ = try SimulationParameters(means: means, trajectories: 10, iterations: iterations, gradients: gradients, sequence: sequence, beta1: beta1)
            return nil
        } catch { return error }
    }

    @Test(arguments: [1.0, -1, 1.5, .nan, .infinity])
    func autocorrelationIsBelowOne(r: Double) {
        #expect(refusal(GradientSequence(autocorrelation: r))?.description.hasSuffix(": must be in (-1, 1)") == true)
    }

    @Test func refusals() throws {
        let laplace = try GradientSource(specification: "laplace"), recorded = try GradientSource.samples([-1, 2, 3])
        let error = refusal(gradients: laplace, GradientSequence(autocorrelation: 0.5))
        #expect(error?.description == "autocorrelation 0.5: is drawn for normal gradients only")
        #expect(refusal(GradientSequence(scales: [1, 2]))?.description == "iterations 3: must be at most the 2 steps that scales are given for")
        #expect(refusal(GradientSequence(means: []))?.parameter == .iterations)
        #expect(refusal(means: [1], GradientSequence(means: [1, 2, 3]))?.parameter == .means)
        #expect(refusal(GradientSequence(scales: [1, 0, 1]))?.parameter == .scales)
        #expect(refusal(GradientSequence(scales: [1, .nan, 1]))?.parameter == .scales)
        #expect(refusal(GradientSequence(means: [1, .infinity, 1]))?.parameter == .means)
        #expect(refusal(gradients: recorded, GradientSequence(means: [1, 1, 1]))?.parameter == .means)
        #expect(refusal(means: [1], gradients: recorded, GradientSequence(scales: [1, 1, 1]))?.parameter == .scales)
        #expect(refusal(gradients: recorded, GradientSequence(scales: [1, 1, 1])) == nil)
        #expect(refusal(gradients: laplace, GradientSequence(scales: [1, 1, 1], means: [1, 2, 3])) == nil)
        for beta1 in [-0.1, 1, .nan] { #expect(refusal(.independent, beta1: beta1)?.parameter == .beta1) }
        #expect(refusal(iterations: 1 << 22, .independent, beta1: 0.9)?.parameter == .iterations)
    }

    /// What is drawn but has no exact law.
    @Test func processOfTheExactLaw() throws {
        let laplace = try GradientSource(specification: "laplace")
        func process(_ source: GradientSource, _ sequence: GradientSequence, mean: Double = 0) throws -> GradientProcess? {
            try SimulationParameters(means: [mean], trajectories: 10, iterations: 3, gradients: source, sequence: sequence).process(mean: mean)
        }
        #expect(try process(laplace, GradientSequence(scales: [1, 2, 3]))?.scales == [1, 2, 3])
        #expect(try process(laplace, GradientSequence(scales: [1, 2, 3]), mean: 1) == nil)
        #expect(try process(laplace, GradientSequence(means: [1, 2, 3])) == nil)
        #expect(try process(.samples([1, -1, 3], blockLength: 2), .independent) == nil)
        #expect(try process(.normal, GradientSequence(autocorrelation: 0.5, means: [1, 2, 3]))?.autocorrelation == 0.5)
    }

    /// Independent gradients by the route of a sequence get nearly the same answers as by their exact law: ν_t is one part in a thousand off.
    @Test func standardErrorsGoByTheEffectiveLength() throws {
        func first(_ sequence: GradientSequence, mean: Double) throws -> Int {
            let parameters = try SimulationParameters(means: [mean], trajectories: 2000, iterations: 400, sequence: sequence)
            let errors = try MonteCarlo(parameters).run(threads: 1).curves[0].varianceStandardError
            let first = try #require(errors.firstIndex { $0 != nil })
            #expect(errors[first...].allSatisfy { $0 != nil })
            return first + 1
        }
        let ones = [Double](repeating: 1, count: 400)
        for mean in [0, 0.3] {
            #expect(abs(try first(.independent, mean: mean) - first(GradientSequence(scales: ones), mean: mean)) <= 1)
        }
        // x_i² has the autocorrelation r^{2k}: (1+r²)/(1-r²) = 9.5 steps count as one at r = 0.9.
        let slow = try Double(first(GradientSequence(autocorrelation: 0.9), mean: 0)) / Double(first(.independent, mean: 0))
        #expect(slow > 6 && slow < 12)
    }

    @Test func updatesOfFewTrajectoriesHaveNoError() throws {
        func errors(_ trajectories: Int, beta1: Double = 0.9, beta2: Double = 0.999) throws -> [Bool] {
            let parameters = try SimulationParameters(means: [0], beta2: beta2, trajectories: trajectories, iterations: 30, beta1: beta1)
            return try MonteCarlo(parameters).run(threads: 1).updates[0].varianceStandardError.map { $0 != nil }
        }
        #expect(try errors(3).allSatisfy { !$0 })
        #expect(try errors(5000).allSatisfy { $0 })
        // β2 = 0: u_t = m̂_t/|g_t| has no variance, but for the first, which is a sign.
        #expect(try errors(5000, beta2: 0) == [true] + Array(repeating: false, count: 29))
        #expect(try errors(5000, beta1: 0, beta2: 0).allSatisfy { $0 })
    }
}
