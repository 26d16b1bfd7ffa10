import CGSL
import CLibC

extension ScaledInverseChi {
    /// Var[ψ] by numerical integration of the density: the path that does not know the closed form.
    ///
    /// ∫ (ψ-τ)² f dψ - (∫ (ψ-τ) f dψ)², in y = ln(ψ/τ), where the density is √(ρ/π)/Γ*(ρ/2) · exp(-ρ/2 (e^{-2y} - 1 + 2y)) with the
    /// scaled gamma function Γ*: a peak of width 1/√(2ρ) at 0 and a tail e^{-ρy}, against which the integrand grows as e^{2y}. The error is what the quadrature
    /// (`gsl_integration_qag`) reports, and a bound on the rounding of the integrands, which near ρ = 2 and for all but the roughest
    /// integrals is the larger part.
    /// - Returns: infinite without error for ρ ≤ 2.
    /// - Throws: `ComputationError` if an integral does not converge.
    public func varianceByQuadrature() throws(ComputationError) -> (value: Double, errorBound: Double) {
        let rho = square.degreesOfFreedom
        if rho <= 2 { return (.infinity, 0) }
        let width = (0.5 / rho).squareRoot()
        let moments = CentralMoments(rho: rho, width: width)
        let (first, second) = try ComputationError.naming("the integral of the variance at rho = \(rho)") { () throws(GSLError) in
            (try moments.integral(power: 1), try moments.integral(power: 2))
        }
        let variance = (second.value - first.value * first.value) * width * width
        // The squares' sum counts both parts of the difference.
        let error = (second.absoluteError + 2 * abs(first.value) * first.absoluteError) * width * width
            + 4 * Double.ulpOfOne * (second.value + first.value * first.value) * width * width
        return (square.scale * variance, square.scale * error)
    }
}

/// ∫ ((ψ-τ)/(τ·width))^power f dψ for the law of ψ at ρ, in units of the width so that no ρ leaves the range of doubles.
private struct CentralMoments {
    let rho: Double
    let width: Double
    /// The density of y = ln(ψ/τ) at 0, times the width.
    private let peak: Double

    init(rho: Double, width: Double) {
        GSL.prepare()
        self.rho = rho
        self.width = width
        // 2 √(a/2π)/Γ*(a) at a = ρ/2, times 1/√(4a).
        peak = 1 / ((2 * .pi).squareRoot() * gsl_sf_gammastar(rho / 2))
    }

    /// The integral over z = y/width, with a bound on its error.
    func integral(power: Int) throws(GSLError) -> Quadrature {
        let left = -min(40, 0.5 * log(1600 / rho + 40) / width)
        // The integrand falls as e^{(power-ρ)y} from an order of magnitude on; there 45 leave 3e-20.
        let decay = 45 / (rho - Double(power)) / width
        let right = max(40, decay + 10)
        let breakpoints = [-12, -4, 0, 4, 12, 1 / width, 4 / width] + Self.steps(to: right)
        let value = try integrate(from: left, to: right, breakpoints: breakpoints) { integrand($0, power, isError: false) }
        let roundedOff = try integrate(from: left, to: right, breakpoints: breakpoints, relativeTolerance: 1e-3) {
            integrand($0, power, isError: true)
        }
        return Quadrature(
            value: value.value, absoluteError: value.absoluteError + Double.ulpOfOne * (roundedOff.value + roundedOff.absoluteError))
    }

    /// Powers of four, so that a peak at the end of a long interval is seen.
    private static func steps(to end: Double) -> [Double] {
        var steps: [Double] = []
        var step = 64.0
        while step < end {
            steps.append(step)
            step *= 4
        }
        return steps
    }

    /// ((ψ-τ)/width)^power f at z, or that many times its size as it may be off by units in the last place.
    private func integrand(_ z: Double, _ power: Int, isError: Bool) -> Double {
        let y = z * width
        let degree = Double(power)
        if y > 1 {
            // In one exponential, since the density may underflow before the product. The first term is all that is left far out.
            let terms = [(degree - rho) * y, -0.5 * rho * expm1(-2 * y), degree * log1p(-exp(-y)), -degree * log(width)]
            let value = peak * exp(terms[0] + terms[1] + terms[2] + terms[3])
            return isError ? value * (16 + 4 * terms.reduce(0) { $0 + abs($1) }) : value
        }
        // ρ/2 (e^{-2y} - 1 + 2y) = ½ z² h(-2y), h(x) = 2 (e^x - 1 - x)/x².
        let exponent = -0.5 * z * z * relativeExponentialExcess(-2 * y)
        let factor = expm1(y) / width
        let value = peak * exp(exponent) * (power == 1 ? factor : factor * factor)
        return isError ? abs(value) * (16 + 8 * abs(exponent)) : value
    }
}

/// 2 (e^x - 1 - x)/x², to a few units in the last place: by its series near 0, where GSL's `gsl_sf_exprel_2` subtracts from 0.002 on.
private func relativeExponentialExcess(_ x: Double) -> Double {
    if abs(x) > 1 { return 2 * (expm1(x) - x) / (x * x) }
    // 1 + x/3 (1 + x/4 (1 + …)); the first left out is below 2/21! = 4e-20.
    var sum = 1.0
    for k in stride(from: 20.0, through: 3, by: -1) { sum = 1 + x / k * sum }
    return sum
}

/// A numerical integral and GSL's bound on its absolute error.
package struct Quadrature: Equatable, Sendable {
    package let value: Double
    package let absoluteError: Double

    package init(value: Double, absoluteError: Double) {
        self.value = value
        self.absoluteError = absoluteError
    }
}

/// ∫ `integrand` over [`lower`, `upper`] by adaptive Gauss-Kronrod quadrature with 61 points (`gsl_integration_qag`).
///
/// - Parameters:
///   - breakpoints: interior points at which the interval is split first, so that a narrow peak is not missed.
///   - relativeTolerance: the error aimed at, relative to the integral of each part. Where rounding keeps the routine
///     from it the result is returned all the same, with the error that was reached.
/// - Throws: `GSLError` if the integral does not converge.
package func integrate(
    from lower: Double, to upper: Double, breakpoints: [Double] = [], relativeTolerance: Double = 1e-13,
    _ integrand: (Double) -> Double
) throws(GSLError) -> Quadrature {
    GSL.prepare()
    let intervalLimit = 1000
    let workspace = gsl_integration_workspace_alloc(intervalLimit)
    defer { gsl_integration_workspace_free(workspace) }
    let ends = [lower] + breakpoints.filter { $0 > lower && $0 < upper }.sorted() + [upper]
    var total = 0.0
    var error = 0.0
    for (start, end) in zip(ends, ends.dropFirst()) {
        var part = 0.0
        var partError = 0.0
        let status = withGSLFunction(integrand) { function in
            gsl_integration_qag(
                function, start, end, 0, relativeTolerance, intervalLimit, Int32(GSL_INTEG_GAUSS61), workspace, &part,
                &partError)
        }
        if status != Int32(GSL_EROUND) { try GSL.check(status, in: "gsl_integration_qag") }
        total += part
        error += partError
    }
    return Quadrature(value: total, absoluteError: error)
}
