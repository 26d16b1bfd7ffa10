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

    /// A law far narrower than the grid's spacing: the grid alone steps over both crossings, quantiles separate them.
    @Test(arguments: [1e-2, 1e-5, 1e-9])
    func narrowNormalBetweenGridPoints(deviation: Double) throws {
        func distance(quantiles: [Double]) throws -> LawDistance {
            try LawDistance(grid: stride(from: -9.95, through: 10, by: 0.1).map { $0 }, quantiles: quantiles) {
                normal($0, 0, 1).density - normal($0, 0, deviation).density
            } distribution: {
                normal($0, 0, 1).distribution - normal($0, 0, deviation).distribution
            }
        }
        #expect(try distance(quantiles: []).kolmogorovSmirnov == 0)
        let found = try distance(quantiles: [6 * deviation, 0, 0.3, -0.3, -6 * deviation, 0.3 * deviation])
        // They cross at ±x, x² = -2 ln s/(1/s²-1), symmetric.
        let x = (-2 * log(deviation) / (1 / (deviation * deviation) - 1)).squareRoot()
        let expected = normal(-x, 0, 1).distribution - normal(-x, 0, deviation).distribution
        #expect(abs(found.kolmogorovSmirnov - expected) < 1e-8)
        #expect(abs(found.totalVariation - 2 * expected) < 1e-8)
    }

    /// Signs that an approximation gets wrong next to a crossing cost no more than its error.
    @Test func approximateSigns() throws {
        let exact = { (x: Double) in self.normal(x, 0, 1).density - self.normal(x, 1, 1).density }
        for offset in [-1e-9, 1e-9] {
            let distance = try LawDistance(
                grid: stride(from: -9, through: 10, by: 0.5).map { $0 }, approximateDensity: { exact($0 - offset) }, density: exact
            ) {
                self.normal($0, 0, 1).distribution - self.normal($0, 1, 1).distribution
            }
            #expect(abs(distance.kolmogorovSmirnov - erf(1 / 8.0.squareRoot())) < 1e-9)
        }
    }

    /// Nothing but the grid's own interval is used where it holds one crossing: further points change no digit.
    @Test func quantilesChangeNothingWhereTheGridSuffices() throws {
        let grid = stride(from: -12.05, through: 12, by: 0.1).map { $0 }
        func distance(quantiles: [Double]) throws -> LawDistance {
            try LawDistance(grid: grid, quantiles: quantiles) {
                normal($0, 0, 1).density - normal($0, 0.7, 1.3).density
            } distribution: {
                normal($0, 0, 1).distribution - normal($0, 0.7, 1.3).distribution
            }
        }
        #expect(try distance(quantiles: []) == distance(quantiles: stride(from: -5, through: 5, by: 0.033).map { $0 }))
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
