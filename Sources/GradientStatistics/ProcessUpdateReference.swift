import Concurrency
import Errors
import Theory

/// E[u_t²] of the update across coordinates by the laws of ``ProcessReference``, which know one thing of a trace each.
///
/// u_t has no scale: that each coordinate is divided by its own root mean square changes nothing but the meaning of ε. At ε = 0 it is of the
/// coordinates that have had a gradient other than 0.
package struct ProcessUpdateReference: Sendable {
    /// At each step; nil where there is no such law.
    package let secondMoments: [ProcessReference.Knowledge: [Double?]]

    /// - Parameters: as ``ProcessReference`` has them.
    package init(
        beta1: Double, beta2: Double, epsilon: Double, ingredients: TraceIngredients, autocorrelation: Double?, stepCount: Int, steps: [Int],
        threads: Int
    ) throws {
        var made: [ProcessReference.Knowledge: [Double?]] = [:]
        if !ingredients.values.isEmpty, let law = try? GradientUpdateLaw(GradientProcess(.recorded, recorded: ingredients.values)) {
            let zeros = Double(ingredients.values.count { $0 == 0 }) / Double(ingredients.values.count)
            made[.marginal] = try concurrentMap(steps, threads: threads) { step in
                guard let moments = try? law.moments(beta1: beta1, beta2: beta2, epsilon: epsilon, step: step) else { return nil }
                // Where all are 0 so is u, which is in no mean.
                let none = epsilon > 0 || zeros == 0 ? 0 : Self.power(zeros, step)
                return moments.secondMoment / (1 - none)
            }
        }
        if let autocorrelation, ingredients.count > 0 {
            made[.autocorrelation] = try concurrentMap(steps, threads: threads) { step in
                try? CorrelatedUpdateLaw(beta1: beta1, beta2: beta2, autocorrelation: autocorrelation, epsilon: epsilon, step: step).moments().secondMoment
            }
        }
        @Sendable func scaled(_ scales: StretchScales, _ step: Int) -> Double? {
            try? ScaledUpdateLaw(beta1: beta1, beta2: beta2, epsilon: epsilon, scales: scales.values.prefix(step)).secondMoment
        }
        if let scales = ingredients.commonScales { made[.commonScales] = try concurrentMap(steps, threads: threads) { scaled(scales, $0) } }
        let members = ingredients.members.compactMap { member in
            StretchScales(meanSquares: member.meanSquares, steps: stepCount, valuesPerStep: 1).map { (scales: $0, first: member.firstNonzero) }
        }
        if !members.isEmpty, members.count == ingredients.members.count {
            made[.ownScales] = try concurrentMap(steps, threads: threads) { step in
                let present = members.filter { epsilon > 0 || $0.first <= step }
                let moments = present.compactMap { scaled($0.scales, step) }
                return moments.isEmpty || moments.count < present.count ? nil : moments.reduce(0, +) / Double(moments.count)
            }
        }
        secondMoments = made
    }

    /// p^n by squaring.
    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
