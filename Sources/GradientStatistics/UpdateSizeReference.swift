import Concurrency
import Errors
import SpecialFunctions
import Theory

/// E[u_t²] of the whole update u_t = m̂_t/(√v̂_t + ε) across coordinates, for independent normal gradients with the |μ|/σ of each coordinate.
///
/// u_t has no scale, so that dividing a coordinate by its own root mean square changes nothing but the meaning of ε. In
/// x = μ²/(σ²+μ²) the moment of `UpdateLaw` is smooth: a Chebyshev series of it serves all coordinates of all traces.
package struct UpdateSizeReference: Sendable {
    /// Ascending.
    package let steps: [Int]
    /// At μ = 0, at each step.
    package let secondMomentAtZero: [Double]
    private let series: [ChebyshevSeries?]

    /// The series' last coefficients stay below this: E[u²] is at most 1 for weights as Adam's at β1² ≤ β2.
    private static let tolerance = 1e-7
    /// `UpdateLaw` takes |μ| up to here; beyond, u is ±1 but for 1e-12.
    private static let largestMean = 1e6

    /// - Parameters:
    ///   - epsilon: in units of each coordinate's root mean square.
    ///   - largestMean: no coordinate has a larger |μ|/σ.
    ///   - steps: ascending, from 1.
    /// - Throws: `ParameterError` for decay rates and an ε outside the domain of `UpdateLaw`.
    package init(beta1: Double, beta2: Double, epsilon: Double, largestMean: Double, steps: [Int], threads: Int = 1) throws {
        self.steps = steps
        let largest = Self.share(largestMean)
        let laws = try concurrentMap(steps, threads: threads) { step in
            let family = try UpdateLawFamily(beta1: beta1, beta2: beta2, epsilon: epsilon, step: step)
            func moment(_ x: Double) -> Double {
                let mean = min((x / (1 - x)).squareRoot(), Self.largestMean)
                let scaled = epsilon * (1 + mean * mean).squareRoot()
                return scaled <= 1e100 ? family.moments(mean: mean, epsilon: scaled).secondMoment : .nan
            }
            let series = largest > 0
                ? ChebyshevSeries(on: 0...largest, tolerance: Self.tolerance, largestDegree: 128) { moment(max(0, $0)) } : nil
            return (atZero: moment(0), series: series)
        }
        secondMomentAtZero = laws.map(\.atZero)
        series = laws.map(\.series)
    }

    /// The mean over coordinates of E[u²] at the step of this index; nil where it does not exist.
    package func secondMoment(at index: Int, meansOverDeviation: [Double]) -> Double? {
        guard !meansOverDeviation.isEmpty else { return nil }
        guard let series = series[index] else {
            return meansOverDeviation.contains { $0 != 0 } ? nil : secondMomentAtZero[index]
        }
        return meansOverDeviation.reduce(0) { $0 + series.value(at: Self.share($1)) } / Double(meansOverDeviation.count)
    }

    /// μ²/(σ²+μ²).
    private static func share(_ mean: Double) -> Double {
        let bounded = min(abs(mean), largestMean)
        return bounded * bounded / (1 + bounded * bounded)
    }
}
