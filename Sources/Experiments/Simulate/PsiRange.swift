import Foundation
import Theory

/// Where ψ_t lies: the range that its histogram shows, and one of 1/ψ_t that holds nearly everything.
struct PsiRange {
    let display: Range<Double>
    let inverse: Range<Double>

    /// From the law of the same first two moments of v̂_t: Scale-inv-χ² with m = 1+μ², ν_t m²/(1+2μ²) degrees of freedom.
    init(average: ExponentialAverage, mean: Double, epsilon: Double, step: Int) throws(ParameterError) {
        let square = 1 + mean * mean
        let degreesOfFreedom = average.satterthwaite(at: step) * square * (square / (1 + 2 * mean * mean))
        let law = try ScaledInverseChi(degreesOfFreedom: degreesOfFreedom, scale: 1 / square)
        // A heavy tail would squeeze the rest: at t = 1 the quantile is a hundred times the median.
        let median = try law.quantile(0.5)
        let low = try law.quantile(0.0005)
        let high = min(try law.quantile(0.9975), 6 * median)
        let (lowest, highest) = (1 / (1 / low + epsilon), 1 / (1 / high + epsilon))
        // To about a thousandth of the range: round edges, whose bits do not depend on the C library that GSL calls.
        let unit = pow(10, log10(highest - lowest).rounded(.down) - 3)
        display = tenDigits((lowest / unit).rounded(.down) * unit)..<tenDigits((highest / unit).rounded(.up) * unit)
        let spread = 8 * (square / (2 * degreesOfFreedom)).squareRoot()
        let center = square.squareRoot()
        inverse = max(0, center - spread) + epsilon..<center + spread + epsilon
    }
}
