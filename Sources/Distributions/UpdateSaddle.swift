import CLibC
import SpecialFunctions
import Theory

/// The saddle point of F(z)/z for a place x, on the side of the pole at 0 where the rarer event is. Any contour gives the integral; it need not
/// be exact.
struct UpdateSaddle {
    /// c ≠ 0.
    let center: Double
    /// ln F(c).
    let scale: Double
    /// The size of the region about c in which F/z changes.
    let width: Double

    init(_ sums: UpdateTransformSums, _ sides: [UpdateSide]) {
        func logarithm(_ c: Double) -> Double {
            let transform = sums.transform(at: Complex(c))
            if sides.count == 1 { return sides[0].logarithm(transform) }
            let values = sides.map { $0.logarithm(transform) }
            let largest = values.max()!
            return largest == -.infinity ? largest : largest + log(values.reduce(0) { $0 + exp($1 - largest) })
        }
        let terms = sums.terms
        let left = 0.5 / terms.largestWeight
        let right = Self.singularity(terms, sides[0].x)
        // Where R is negative on the average, R > 0 is the rarer. The step is as large as the singularities allow: what lies nearer may be flat.
        let step = 0.3 * min(left, right)
        let end = logarithm(step) < logarithm(-step) ? right : -left
        // The minimum of ln F - ln |c| over y, c = end/(1+e^{-y}); F/z grows towards the pole, and towards the end but where ε keeps it from it.
        func place(_ y: Double) -> Double { end / (1 + exp(-y)) }
        func height(_ y: Double) -> Double { logarithm(place(y)) - log(abs(place(y))) }
        var (low, middle, high) = (-1.5, -0.5, 0.5)
        var (atLow, atMiddle, atHigh) = (height(low), height(middle), height(high))
        var stride = 1.0
        // Rounding may leave no minimum where the exponents are huge, and nothing of the probability.
        for _ in 0..<120 where !(atMiddle <= atLow && atMiddle <= atHigh) && middle > -600 && high < 4 {
            stride = min(1.5 * stride, 8)
            if atLow < atHigh {
                (low, middle, high) = (low - stride, low, middle)
                (atLow, atMiddle, atHigh) = (height(low), atLow, atMiddle)
            } else {
                (low, middle, high) = (middle, high, high + stride)
                (atLow, atMiddle, atHigh) = (atMiddle, atHigh, height(high))
            }
        }
        for _ in 0..<60 where high - low > 1 {
            let isUpper = high - middle > middle - low
            let y = isUpper ? (middle + high) / 2 : (middle + low) / 2
            let atY = height(y)
            if atY < atMiddle {
                if isUpper { (low, atLow) = (middle, atMiddle) } else { (high, atHigh) = (middle, atMiddle) }
                (middle, atMiddle) = (y, atY)
            } else if isUpper { (high, atHigh) = (y, atY) } else { (low, atLow) = (y, atY) }
        }
        center = place(middle)
        scale = atMiddle + log(abs(center))
        // d²/dy² by the divided difference; dc/dy = c (1 - c/end).
        let curvature = 2 * ((atHigh - atMiddle) / (high - middle) - (atMiddle - atLow) / (middle - low)) / (high - low)
        let slope = abs(center) * (1 - center / end)
        let room = min(abs(center), abs(end - center))
        width = min(curvature > 0 ? 1.5 * slope / curvature.squareRoot() : .infinity, 1.5 * room)
    }

    /// The z > 0 with 2zB(z) = x² < (sup |u|)², to 1e-4 from below.
    private static func singularity(_ terms: UpdateTerms, _ x: Double) -> Double {
        var z = 0.5 * x * x / terms.momentumVariance
        // 2zB is concave: Newton's steps come from below.
        for _ in 0..<200 {
            var (value, slope) = (0.0, 0.0)
            let argument = 2 * z * terms.largestWeight
            for k in terms.relativeWeights.indices where terms.momentumWeights[k] != 0 {
                let a = terms.momentumWeights[k]
                let kept = 1 / (1 + argument * terms.relativeWeights[k])
                let term = terms.multiplicities[k] * a * a * kept
                value += term
                slope += term * kept
            }
            let change = 0.5 * (x * x - 2 * z * value) / slope
            guard change > 1e-4 * z, z < 1e290, change < .infinity else { break }
            z += change
        }
        return z
    }
}
