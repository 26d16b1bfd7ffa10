import Errors
import TestSupport
import Testing
import Theory

@testable import GradientStatistics

/// The size of the update across coordinates with means of their own.
@Suite struct UpdateSizeReferenceTests {
    static let means = [0, 0.03, 0.4, 1, 2.5, 40]

    /// The series of each step against the law at every coordinate.
    @Test(arguments: [0.0, 0.5]) func isTheAverageOverCoordinates(epsilon: Double) throws {
        let steps = [1, 2, 10, 300]
        let reference = try UpdateSizeReference(beta1: 0.9, beta2: 0.99, epsilon: epsilon, largestMean: 40, steps: steps)
        for (index, step) in steps.enumerated() {
            // ε in units of the root mean square √(1+μ²).
            let moments = try Self.means.map { mean in
                try UpdateLaw(
                    beta1: 0.9, beta2: 0.99, mean: mean, epsilon: epsilon * (1 + mean * mean).squareRoot(), step: step).moments().secondMoment
            }
            #expect(relativeError(reference.secondMomentAtZero[index], moments[0]) < 1e-12)
            let average = try #require(reference.secondMoment(at: index, meansOverDeviation: Self.means.map { -$0 }))
            #expect(relativeError(average, moments.reduce(0, +) / Double(moments.count)) < 1e-6, "\(step)")
        }
    }

    @Test func edges() throws {
        let zero = try UpdateSizeReference(beta1: 0.9, beta2: 0.99, epsilon: 0, largestMean: 0, steps: [5])
        #expect(zero.secondMoment(at: 0, meansOverDeviation: [0, 0]) == zero.secondMomentAtZero[0])
        #expect(zero.secondMoment(at: 0, meansOverDeviation: []) == nil)
        // A coordinate that hardly varies moves by ±1.
        let huge = try UpdateSizeReference(beta1: 0.9, beta2: 0.99, epsilon: 0, largestMean: 1e15, steps: [50])
        #expect(abs(try #require(huge.secondMoment(at: 0, meansOverDeviation: [1e15])) - 1) < 1e-6)
        #expect(throws: ParameterError.self) {
            try UpdateSizeReference(beta1: 1, beta2: 0.99, epsilon: 0, largestMean: 0, steps: [5])
        }
    }
}
