import CLibC
import Errors
import Theory

extension UpdateDistribution {
    /// The x with P(|u| ≤ x) = p, from 0 at p = 0 to sup |u| at p = 1; 1 where u is a sign.
    ///
    /// By Newton's method on the logarithm of the smaller tail over that of x, between bounds that close in; the relative error is that of
    /// the tails divided by x times the density.
    /// - Throws: `ParameterError` unless 0 ≤ p ≤ 1.
    public func quantileOfSize(_ probability: Double) throws(ParameterError) -> Double {
        guard probability >= 0, probability <= 1 else {
            throw ParameterError(parameter: .probability, value: probability, rule: "must be in [0, 1]")
        }
        if isSign { return 1 }
        if probability == 0 { return 0 }
        if probability == 1 { return law.largest }
        let largest = law.largest
        let isLower = probability < 0.5
        let target = isLower ? probability : 1 - probability
        var (lower, upper) = (0.0, largest)
        // As if v̂ were its mean.
        let squaredMean = law.mean * law.mean
        var x = min((squaredMean + law.terms.momentumVariance).squareRoot() / ((1 + squaredMean).squareRoot() + law.epsilon), 0.9 * largest)
        // ln of the tail over its target, which falls or rises by about the slope times ln x.
        func excess(_ values: Values, at x: Double) -> (excess: Double, slope: Double) {
            let tail = isLower ? values.lower : values.upper
            return (log(tail / target), (isLower ? x : -x) * (values.density ?? 0) / tail)
        }
        for _ in 0..<80 {
            let contour = hasOneGradient ? nil : UpdateContour(sums, sides(at: x, mean: law.mean, isSize: true))
            func position(at x: Double) -> (excess: Double, slope: Double)? {
                guard let contour else { return excess(valuesOfSize(at: x), at: x) }
                return values(at: x, mean: law.mean, isSize: true, on: contour).map { excess($0, at: x) }
            }
            guard let start = position(at: x) else { break }
            if isLower == (start.excess < 0) { lower = x } else { upper = x }
            var distance = -start.excess / start.slope
            if abs(start.excess) < 3 {
                // The contour serves the places around, as far as the tail does not change by much, and is as good as their own next to it.
                let reach = min(3, 3 / abs(start.slope))
                for _ in 0..<10 {
                    distance = max(-reach, min(reach, distance))
                    guard distance.isFinite, let there = position(at: x * exp(distance)) else { break }
                    let change = there.excess / there.slope
                    guard change.isFinite else { break }
                    distance -= change
                    if abs(there.excess) < 1e-7 || abs(distance) >= reach { break }
                }
            }
            let candidate = x * exp(max(-3, min(3, distance)))
            if !(candidate > lower && candidate < upper) {
                if abs(start.excess) < 1e-13 || upper - lower <= 4e-16 * upper { break }
                x = lower == 0 ? upper / 16 : upper == .infinity ? lower * 16 : upper > 4 * lower ? lower * (upper / lower).squareRoot() : lower + (upper - lower) / 2
                continue
            }
            x = candidate
            if abs(start.excess) < 1e-3 { break }
        }
        return min(x, largest)
    }
}
