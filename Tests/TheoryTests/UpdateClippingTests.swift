import Errors
import Foundation
import TestSupport
import Testing
import Theory

@Suite struct UpdateClippingTests {
    /// Simulated tensors. The moments are exact: within five standard errors, which happens by chance once in a million. How often RMS > 1 is known to the
    /// order 1/n: 0.15/n is more than the skewness and kurtosis of these laws leave, and five standard errors of the share come to it.
    @Test(arguments: [(0.99, 0.0, 300, 64), (0.9, 0, 60, 128), (0.95, 0.5, 100, 64), (0.99, 0, 5, 256)])
    func simulation(beta2: Double, mean: Double, step: Int, coordinates: Int) throws {
        let clipping = try UpdateClipping(beta2: beta2, mean: mean, step: step, coordinates: coordinates)
        var generator = SplitMix(state: 7)
        let tensors = 24_000 / coordinates * 300 / step
        var (squares, clipped) = ([Double](), 0)
        for _ in 0..<tensors {
            var sum = 0.0
            for _ in 0..<coordinates {
                var (v, g) = (0.0, 0.0)
                for _ in 0..<step {
                    g = mean + (-2 * log(1 - generator.uniform())).squareRoot() * cos(2 * .pi * generator.uniform())
                    v = beta2 * v + (1 - beta2) * g * g
                }
                sum += g * g / v * (1 - pow(beta2, Double(step)))
            }
            squares.append(sum / Double(coordinates))
            if sum > Double(coordinates) { clipped += 1 }
        }
        let count = Double(tensors)
        let average = squares.reduce(0, +) / count
        #expect(abs(average - clipping.meanSquare) < 5 * (clipping.varianceOfSquare / count).squareRoot())
        let variance = squares.reduce(0) { $0 + ($1 - average) * ($1 - average) } / (count - 1)
        // The variance of a sample variance of nearly normal numbers is 2σ⁴/n.
        #expect(abs(variance / clipping.varianceOfSquare - 1) < 6 * (2 / count).squareRoot())
        let probability = clipping.probability()
        #expect(abs(Double(clipped) / count - probability) < 5 * (0.25 / count).squareRoot() + 0.15 / Double(coordinates))
        let root = squares.map { $0.squareRoot() }.reduce(0, +) / count
        #expect(abs(root - clipping.mean) < 5 * clipping.standardDeviation / count.squareRoot() + 1 / Double(coordinates * coordinates))
    }

    /// What simulation gave beforehand: about 45% of the steps for 64 entries, 29 to 34% for 4096.
    @Test func noiseIsClipped() throws {
        #expect(abs(try UpdateClipping(beta2: 0.99, step: 2000, coordinates: 64).probability() - 0.45) < 0.01)
        #expect((0.29...0.34).contains(try UpdateClipping(beta2: 0.99, step: 2000, coordinates: 4096).probability()))
        #expect(try UpdateClipping(beta2: 0.99, step: 2000, coordinates: 1_000_000_000).probability() == 0)
    }

    /// The moments of g²/v̂ at t = 2 in polar coordinates: v̂ = (cos² + β2 sin²)/(1+β2) r², whatever r is at μ = 0; and 1 at t = 1.
    @Test func twoSteps() throws {
        for beta2 in [0.3, 0.9, 0.999] {
            let clipping = try UpdateClipping(beta2: beta2, step: 2, coordinates: 1)
            let count = 400
            let ratios = (0..<count).map { index in
                let angle = 2 * Double.pi * (Double(index) + 0.5) / Double(count)
                let (c, s) = (cos(angle) * cos(angle), sin(angle) * sin(angle))
                return c * (1 + beta2) / (c + beta2 * s)
            }
            let mean = ratios.reduce(0, +) / Double(count)
            #expect(relativeError(clipping.meanSquare, mean) < 1e-12)
            #expect(relativeError(clipping.varianceOfSquare, ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)) < 1e-11)
        }
        let first = try UpdateClipping(beta2: 0.99, step: 1, coordinates: 10)
        #expect(first.meanSquare == 1 && first.varianceOfSquare == 0 && first.probability() == 0 && first.mean == 1 && first.standardDeviation == 0)
    }

    /// Autocorrelated gradients at t = 2: the direction of a bivariate normal pair has the density √(1-r²)/(2π (1 - r sin 2θ)).
    @Test(arguments: [-0.9, 0.3, 0.95]) func autocorrelatedTwoSteps(r: Double) throws {
        for beta2 in [0.3, 0.9, 0.999] {
            let clipping = try UpdateClipping(beta2: beta2, autocorrelation: r, step: 2, coordinates: 1)
            let count = 2000
            var (first, second) = (0.0, 0.0)
            for index in 0..<count {
                let angle = 2 * Double.pi * (Double(index) + 0.5) / Double(count)
                let (c, s) = (cos(angle) * cos(angle), sin(angle) * sin(angle))
                let ratio = c * (1 + beta2) / (c + beta2 * s)
                let weight = (1 - r * r).squareRoot() / (1 - r * sin(2 * angle)) / Double(count)
                first += weight * ratio
                second += weight * ratio * ratio
            }
            #expect(relativeError(clipping.meanSquare, first) < 1e-12)
            #expect(relativeError(clipping.varianceOfSquare, second - first * first) < 1e-10)
        }
    }

    /// It is the square of an update with β1 = 0, also about a mean; r → 0 is the independent law.
    @Test func autocorrelatedMoments() throws {
        for (r, mean, step) in [(0.8, 0.0, 50), (-0.5, 0.7, 20), (0.99, 2, 300)] {
            let clipping = try UpdateClipping(beta2: 0.97, mean: mean, autocorrelation: r, step: step, coordinates: 3)
            let update = try CorrelatedUpdateLaw(beta1: 0, beta2: 0.97, autocorrelation: r, mean: mean, step: step).moments()
            #expect(relativeError(clipping.meanSquare, update.secondMoment) < 1e-11)
        }
        let near = try UpdateClipping(beta2: 0.97, mean: 0.4, autocorrelation: 1e-9, step: 30, coordinates: 8)
        let none = try UpdateClipping(beta2: 0.97, mean: 0.4, step: 30, coordinates: 8)
        // The mean square moves in the first order of r about a mean.
        #expect(relativeError(near.meanSquare, none.meanSquare) < 1e-8 && relativeError(near.varianceOfSquare, none.varianceOfSquare) < 1e-7)
        #expect(abs(near.probability() - none.probability()) < 1e-7)
    }

    @Test func domain() {
        #expect(throws: ParameterError.self) { try UpdateClipping(beta2: 1, step: 1, coordinates: 1) }
        #expect { try UpdateClipping(beta2: 0.9, autocorrelation: 1, step: 2, coordinates: 1) } throws: {
            ($0 as? ParameterError)?.parameter == .autocorrelation
        }
        #expect { try UpdateClipping(beta2: 0.9, step: 1, coordinates: 0) } throws: { ($0 as? ParameterError)?.parameter == .coordinates }
    }
}
