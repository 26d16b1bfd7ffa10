import CLibC
import SpecialFunctions
import Theory

/// What e^{-z v̂_t} makes of the averages, at a complex z: M(z) = E e^{-z v̂}, and the law N(μA, B) of m̂ under it.
///
///     ln M = -½ Σ ln(1+2zw_k) - μ² Λ,   Λ = Σ z w_k/(1+2zw_k),   A = Σ a_k/(1+2zw_k),   B = Σ a_k²/(1+2zw_k).
struct UpdateTransform {
    let z: Complex
    /// -½ Σ ln(1+2zw_k).
    let logarithm: Complex
    /// Λ.
    let noncentral: Complex
    /// z - Λ, of which nothing cancels: Σ 2(zw_k)²/(1+2zw_k).
    let excess: Complex
    /// A, for μ = 1.
    let average: Complex
    /// 1 - A.
    let shrinkage: Complex
    /// B.
    let variance: Complex

    /// x² - 2zB at a real z: above 0 left of F's singularity.
    func room(_ x: Double) -> Double { x * x - 2 * z.real * variance.real }
}

/// One side of an update's law: of u > x > 0 for gradients of mean μ.
struct UpdateSide {
    let x: Double
    let mean: Double
    let epsilon: Double
    /// 2 where it stands for both sides of a symmetric law.
    var weight = 1.0

    /// F = E[e^{zR}; m̂ > xε] with R = (m̂/x - ε)² - v̂, and G = E[e^{zR} (-∂R/∂x); m̂ > xε], both times the weight and e^{-scale}.
    ///
    /// With y = m̂/x - ε, F = M x e^{-r}/√(2πB) ∫_0^∞ e^{-py² - 2qy} dy where p = x²/2B - z, q = x(xε-μA)/2B, r = (xε-μA)²/2B, and
    /// -∂R/∂x = 2y(y+ε)/x. Where Re q/√p < 0, the integral is that over the whole line less that of -q.
    func values(_ transform: UpdateTransform, scale: Double) -> (probability: Complex, density: Complex) {
        let z = transform.z, B = transform.variance
        let logarithm = transform.logarithm - (mean * mean) * transform.noncentral
        let offset = Complex(x * epsilon) - mean * transform.average
        let half = Complex(0.5) / B
        let p = (x * x) * half - z
        let inverseRoot = Complex(1) / p.squareRoot
        let argument = x * (offset * half * inverseRoot)
        let factor = (0.5 * weight * x) * (inverseRoot * half.squareRoot)
        let isReflected = argument.real < 0
        let integrals = halfLineIntegrals(isReflected ? -argument : argument)
        // x e^{-r}/√(2πB) ½ p^{-1/2}.
        var reduced = logarithm - offset * offset * half
        reduced.real -= scale
        let outer = (1 / Double.pi.squareRoot()) * (reduced.exponential * factor)
        var (zeroth, first, second) = (outer * integrals.zeroth, outer * integrals.first, outer * integrals.second)
        if isReflected {
            (zeroth, second) = (-zeroth, -second)
            var whole = transform.logarithm + wholeExponent(transform)
            whole.real -= scale
            let peak = whole.exponential * factor
            zeroth = zeroth + 2 * peak
            first = first - 2 * (argument * peak)
            second = second + peak + 2 * (argument * argument * peak)
        }
        return (zeroth, (2 / x) * (inverseRoot * (inverseRoot * second + epsilon * first)))
    }

    /// The exponent of the integral over the whole line, -μ²Λ + z (xε-μA)²/(x²-2zB).
    private func wholeExponent(_ transform: UpdateTransform) -> Complex {
        let z = transform.z, squaredMean = mean * mean
        let spread = 2 * z * transform.variance
        let denominator = Complex(x * x) - spread
        if abs(mean) < 10 || spread.squaredMagnitude > x * x * x * x {
            let offset = Complex(x * epsilon) - mean * transform.average
            return z * offset * offset / denominator - squaredMean * transform.noncentral
        }
        // Both parts are about z μ², the more the narrower the law is: they are taken from their values at Λ = z, A = 1, B = 0.
        let offset = x * epsilon - mean
        let distance = (abs(offset) - abs(mean) * x) / x
        let change = mean * transform.shrinkage
        let numerator = x * x * (change * (Complex(2 * offset) + change)) + offset * offset * spread
        return z * (Complex(distance * (abs(offset) / x + abs(mean))) + (1 / (x * x)) * numerator / denominator) + squaredMean * transform.excess
    }

    /// ln F at a real z.
    func logarithm(_ transform: UpdateTransform) -> Double {
        // As values, with the larger exponent as the scale.
        let B = transform.variance.real, z = transform.z.real
        let offset = x * epsilon - mean * transform.average.real
        let p = x * x / (2 * B) - z
        let argument = x * offset / (2 * B * p.squareRoot())
        let exponent = argument < 0 ? wholeExponent(transform).real : -mean * mean * transform.noncentral.real - offset * offset / (2 * B)
        let scale = transform.logarithm.real + exponent
        return scale + log(values(transform, scale: scale).probability.real)
    }
}
