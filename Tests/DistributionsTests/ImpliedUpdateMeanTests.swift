import Distributions
import Errors
import Foundation
import TestSupport
import Testing
import Theory

@Suite struct ImpliedUpdateMeanTests {
    /// There and back; near the ends the root mean square says little about the mean: of 1e-12 of it, the part that μ contributes decides.
    @Test(arguments: [(0.9, 0.999, 0.0, 1000), (0.9, 0.95, 0, 5), (0.9, 0.999, 0.1, 30), (0.95, 0.99999, 1e-8, 100_000), (0.9, 0.999, 2, 1)])
    func invertsTheRootMeanSquare(beta1: Double, beta2: Double, epsilon: Double, step: Int) throws {
        let inverse = try ImpliedUpdateMean(beta1: beta1, beta2: beta2, epsilon: epsilon, step: step)
        #expect(inverse.isMonotone)
        for mean in [0.001, 0.03, 0.5, 1, 7, 300] {
            let rms = try UpdateLaw(beta1: beta1, beta2: beta2, mean: mean, epsilon: epsilon, step: step).moments().rootMeanSquare
            let found = try inverse.mean(rootMeanSquare: rms)
            let contribution = min(abs(rms - inverse.limits.atZero), abs(rms - inverse.limits.atLargest)) / rms
            #expect(relativeError(found, mean) < 1e-11 / contribution, "μ = \(mean): \(found)")
        }
        #expect(try inverse.mean(rootMeanSquare: inverse.limits.atZero) == 0)
        for bad in [inverse.limits.atZero * 0.999, inverse.limits.atLargest * 1.001, 0, -1, Double.nan] {
            #expect { try inverse.mean(rootMeanSquare: bad) } throws: {
                ($0 as? ParameterError)?.parameter == .impliedByRms && ($0 as? ParameterError)?.rule.contains("\(inverse.limits.atZero)") == true
            }
        }
    }

    /// In the limit of a slow v̂ it is the mean-field value √[(SNR+κ)/(SNR+1)], SNR = μ²/σ² and κ = (1-β1)/(1+β1).
    @Test func meanField() throws {
        let inverse = try ImpliedUpdateMean(beta1: 0.9, beta2: 1 - 1e-7, step: 1_000_000_000)
        let kappa = 0.1 / 1.9
        for mean in [0.1, 0.5, 2] {
            let rms = ((mean * mean + kappa) / (mean * mean + 1)).squareRoot()
            #expect(relativeError(try inverse.mean(rootMeanSquare: rms), mean) < 1e-4)
        }
    }

    /// At t = 1 and ε = 0 all updates are ±1; with β2 = 0 the root mean square is infinite; β2 far below β1² makes large ones.
    @Test(arguments: [(0.9, 0.999, 1), (0.9, 0, 5), (0.9, 0.01, 50)])
    func withoutInverse(beta1: Double, beta2: Double, step: Int) throws {
        let inverse = try ImpliedUpdateMean(beta1: beta1, beta2: beta2, step: step)
        if beta2 == 0.01 {
            // Falls from its value at 0 to 1; that value by the plain trapezoid rule over ln s, outside of this package.
            #expect(relativeError(inverse.limits.atZero, 1.2532050669268164.squareRoot()) < 1e-13)
        } else {
            #expect(!inverse.isMonotone)
            #expect(throws: ParameterError.self) { try inverse.mean(rootMeanSquare: 0.9) }
        }
    }

    /// The other root mean square: there and back, the same at share 0, and that of m̂ alone at share 1.
    @Test func mixed() throws {
        let inverse = try ImpliedUpdateMean(beta1: 0.9, beta2: 0.95, step: 100)
        #expect(try inverse.mixed(momentumShare: 0).mean(rootMeanSquare: 0.4) == inverse.mean(rootMeanSquare: 0.4))
        let variance = 0.1 / 1.9 * (1 + pow(0.9, 100)) / (1 - pow(0.9, 100))
        for mean in [0.05, 0.6, 4] {
            let plain = try UpdateLaw(beta1: 0.9, beta2: 0.95, mean: mean, step: 100).moments().secondMoment
            let momentum = (variance + mean * mean) / (1 + mean * mean)
            for share in [0.3, 1] {
                let found = try inverse.mixed(momentumShare: share).mean(rootMeanSquare: ((1 - share) * plain + share * momentum).squareRoot())
                #expect(relativeError(found, mean) < 1e-9)
            }
        }
    }
}
