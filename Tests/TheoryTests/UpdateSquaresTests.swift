import Errors
import Foundation
import TestSupport
import Testing
import Theory

@Suite struct UpdateSquaresTests {
    /// The moments of u² at t = 2 in polar coordinates: m̂ = (g_2 + β1 g_1)/(1+β1), v̂ = (g_2² + β2 g_1²)/(1+β2), in which the radius of the
    /// gradients falls out at μ = 0. The trapezoid rule of a periodic function: to rounding.
    @Test(arguments: [(0.9, 0.999), (0.5, 0.3), (0, 0.9), (0.95, 0.99)]) func twoSteps(beta1: Double, beta2: Double) throws {
        let count = 400
        let squares = (0..<count).map { index in
            let angle = 2 * Double.pi * (Double(index) + 0.5) / Double(count)
            let m = (cos(angle) + beta1 * sin(angle)) / (1 + beta1)
            return m * m * (1 + beta2) / (cos(angle) * cos(angle) + beta2 * sin(angle) * sin(angle))
        }
        let law = try UpdateSquares(beta1: beta1, beta2: beta2, step: 2)
        let mean = squares.reduce(0, +) / Double(count)
        let variance = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
        #expect(relativeError(law.meanSquare, mean) < 1e-12)
        // A difference of moments whose ratio to it is below 100.
        #expect(relativeError(law.varianceOfSquare, variance) < 1e-10)
    }

    /// With β1 = 0 it is the square that StableAdamW's clipping sees.
    @Test(arguments: [0.0, 0.7, 3]) func withoutMomentum(mean: Double) throws {
        let law = try UpdateSquares(beta1: 0, beta2: 0.98, mean: mean, step: 40)
        let clipping = try UpdateClipping(beta2: 0.98, mean: mean, step: 40, coordinates: 1)
        #expect(relativeError(law.meanSquare, clipping.meanSquare) < 1e-12)
        #expect(relativeError(law.varianceOfSquare, clipping.varianceOfSquare) < 1e-10)
        #expect(relativeError(law.momentumShare, 1) < 1e-14)
    }

    /// Simulated tensors: their RMS² is within five standard errors, its variance within six, the RMS within the orders that are left out.
    @Test(arguments: [(0.9, 0.95, 0.0, 60), (0.9, 0.999, 0.4, 30), (0.8, 0.9, 2, 25)])
    func simulation(beta1: Double, beta2: Double, mean: Double, step: Int) throws {
        let law = try UpdateSquares(beta1: beta1, beta2: beta2, mean: mean, step: step)
        let (coordinates, tensors) = (50, 600)
        var generator = SplitMix(state: 11)
        let squares = (0..<tensors).map { _ in
            (0..<coordinates).reduce(0.0) { sum, _ in
                let (m, v) = AdamState.one(beta1: beta1, beta2: beta2, mean: mean, step: step, &generator)
                return sum + m * m / v / Double(coordinates)
            } * (1 - pow(beta2, Double(step))) / pow(1 - pow(beta1, Double(step)), 2)
        }
        let count = Double(tensors)
        let average = squares.reduce(0, +) / count
        let variance = law.varianceOfSquare / Double(coordinates)
        #expect(abs(average - law.meanSquare) < 5 * (variance / count).squareRoot())
        let observed = squares.reduce(0) { $0 + ($1 - average) * ($1 - average) } / (count - 1)
        #expect(abs(observed / variance - 1) < 6 * (2 / count).squareRoot() + 6 / Double(coordinates).squareRoot() / count.squareRoot())
        let root = law.rootMeanSquare(coordinates: coordinates)
        let roots = squares.map { $0.squareRoot() }.reduce(0, +) / count
        #expect(abs(roots - root.mean) < 5 * root.standardDeviation / count.squareRoot() + 2 / Double(coordinates * coordinates))
    }

    /// So long a memory that whole numbers are no longer doubles: both averages are the same in the limit, w_k = a_k, so that sup |u| is 1.
    @Test func longestMemory() throws {
        let decay = 1.0.nextDown
        let law = try UpdateLaw(beta1: decay, beta2: decay, step: 1_000_000_000_000_000_000)
        #expect(relativeError(law.largest, 1) < 1e-12 && law.moments().secondMoment < 1e-14)
    }

    @Test func edges() throws {
        // ±1.
        let first = try UpdateSquares(beta1: 0.9, beta2: 0.999, mean: 0.3, step: 1)
        #expect(first.meanSquare == 1 && first.varianceOfSquare == 0 && first.rootMeanSquare(coordinates: 3) == (1, 0))
        // Σ a² = (1-β1)/(1+β1) in the limit.
        let late = try UpdateSquares(beta1: 0.9, beta2: 0.999, step: 100_000)
        #expect(relativeError(late.momentumShare, 0.1 / 1.9) < 1e-14)
        #expect(throws: ParameterError.self) { try UpdateSquares(beta1: 0.9, beta2: 0, step: 3) }
        #expect(throws: ParameterError.self) { try UpdateSquares(beta1: 0.9, beta2: 0.999, step: 0) }
    }
}
