import Foundation

/// ∫_0^∞ f by the double exponential rule x = e^{π/2 sinh u} (Takahasi and Mori 1974): another rule than the library's, in the C
/// library's functions. For f that ends at both sides like powers or faster.
public func halfLineIntegral(step: Double = 1.0 / 32, _ f: (Double) -> Double) -> Double {
    var sum = 0.0
    for index in -190...190 {
        let u = Double(index) * step
        let x = exp(.pi / 2 * sinh(u))
        guard x > 1e-300, x < 1e300 else { continue }
        let value = f(x) * x * .pi / 2 * cosh(u)
        if value.isFinite { sum += value }
    }
    return sum * step
}

/// E[ψ], E[ψ²] and Var[ψ] of ψ = v^{-1/2} from M(s) = E e^{-sv}, the variance by subtraction.
public func plainMoments(_ transform: (Double) -> Double) -> (mean: Double, meanSquare: Double, variance: Double) {
    let mean = halfLineIntegral { transform($0) / $0.squareRoot() } / Double.pi.squareRoot()
    let meanSquare = halfLineIntegral(transform)
    return (mean, meanSquare, meanSquare - mean * mean)
}
