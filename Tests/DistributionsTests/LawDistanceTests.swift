import Distributions
import Foundation
import Testing
import Theory

@Suite struct LawDistanceTests {
    private func normal(_ x: Double, _ mean: Double, _ deviation: Double) -> (density: Double, distribution: Double) {
        let z = (x - mean) / deviation
        return (exp(-z * z / 2) / (deviation * (2 * .pi).squareRoot()), 0.5 * erfc(-z / 2.0.squareRoot()))
    }

    private func distance(mean: Double, deviation: Double) throws -> LawDistance {
        try LawDistance(grid: stride(from: -12.05, through: 12, by: 0.1).map { $0 }) {
            normal($0, 0, 1).density - normal($0, mean, deviation).density
        } distribution: {
            normal($0, 0, 1).distribution - normal($0, mean, deviation).distribution
        }
    }

    /// Two normal laws a distance d apart cross once: both distances are erf(d/√8).
    @Test(arguments: [1e-6, 0.3, 2])
    func shiftedNormals(shift: Double) throws {
        let distance = try distance(mean: shift, deviation: 1)
        let expected = erf(shift / 8.0.squareRoot())
        #expect(abs(distance.kolmogorovSmirnov - expected) < 1e-14 + 1e-9 * expected)
        #expect(abs(distance.totalVariation - expected) < 1e-14 + 1e-9 * expected)
    }

    /// Of different width they cross at ±x, x² = 2 s² ln s/(s²-1), and the total variation is twice the other.
    @Test func widerNormal() throws {
        let distance = try distance(mean: 0, deviation: 1.5)
        let x = (2 * 2.25 * log(1.5) / 1.25).squareRoot()
        let expected = normal(x, 0, 1).distribution - normal(x, 0, 1.5).distribution
        #expect(abs(distance.kolmogorovSmirnov - expected) < 1e-9)
        #expect(abs(distance.totalVariation - 2 * expected) < 1e-9)
    }
}
