import CLibC

/// A complex number in double precision, with what characteristic functions need of it.
package struct Complex: Equatable, Sendable {
    package var real, imaginary: Double

    @inlinable package init(_ real: Double, _ imaginary: Double = 0) {
        self.real = real
        self.imaginary = imaginary
    }

    /// |z|², which overflows from |z| = 1e154 on.
    @inlinable package var squaredMagnitude: Double { real * real + imaginary * imaginary }

    /// The root with a real part that is not negative.
    package var squareRoot: Complex {
        let magnitude = hypot(real, imaginary)
        let larger = ((magnitude + abs(real)) / 2).squareRoot()
        if larger == 0 { return Complex(0) }
        let smaller = abs(imaginary) / (2 * larger)
        return real >= 0
            ? Complex(larger, imaginary < 0 ? -smaller : smaller) : Complex(smaller, imaginary < 0 ? -larger : larger)
    }

    /// e^z.
    package var exponential: Complex {
        let modulus = exp(real)
        // The angle of an exponential that is 0 may be no number.
        return modulus == 0 ? Complex(0) : Complex(modulus * cos(imaginary), modulus * sin(imaginary))
    }

    @inlinable package static prefix func - (a: Complex) -> Complex { Complex(-a.real, -a.imaginary) }
    @inlinable package static func + (a: Complex, b: Complex) -> Complex { Complex(a.real + b.real, a.imaginary + b.imaginary) }
    @inlinable package static func - (a: Complex, b: Complex) -> Complex { Complex(a.real - b.real, a.imaginary - b.imaginary) }
    @inlinable package static func * (a: Double, b: Complex) -> Complex { Complex(a * b.real, a * b.imaginary) }
    @inlinable package static func * (a: Complex, b: Complex) -> Complex {
        Complex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
    }
    @inlinable package static func / (a: Complex, b: Complex) -> Complex {
        // Scaled, so that the squares neither overflow nor vanish.
        let scale = max(abs(b.real), abs(b.imaginary))
        let (c, d) = (b.real / scale, b.imaginary / scale)
        let norm = (c * c + d * d) * scale
        return Complex((a.real * c + a.imaginary * d) / norm, (a.imaginary * c - a.real * d) / norm)
    }
}

/// e^{z²} erfc(z) for Re z ≥ 0, by Weideman's rational series with 40 terms (SIAM J. Numer. Anal. 31, 1994, 1497-1518).
///
/// In Z = (L-z)/(L+z) the function is analytic in the unit disc, and its coefficients are a cosine transform of e^{-t²}(L²+t²).
/// Relative error below 3e-15 in the whole half plane.
package func scaledComplementaryError(_ z: Complex) -> Complex {
    let inverse = Complex(1) / Complex(weidemanScale + z.real, z.imaginary)
    let ratio = Complex(weidemanScale - z.real, -z.imaginary) * inverse
    var sum = Complex(0)
    for coefficient in weidemanCoefficients {
        sum = sum * ratio
        sum.real += coefficient
    }
    return inverse * (2 * (sum * inverse) + Complex(0.5641895835477563))
}

private let weidemanTerms = 40
private let weidemanScale = (Double(weidemanTerms) / 2.0.squareRoot()).squareRoot()
/// From the highest power of Z down.
private let weidemanCoefficients: [Double] = {
    let points = 2 * weidemanTerms
    return (1...weidemanTerms).reversed().map { n in
        var sum = 0.0
        for k in (1 - points)..<points {
            let angle = Double(k) * .pi / Double(points)
            let t = weidemanScale * tan(angle / 2)
            sum += exp(-t * t) * (weidemanScale * weidemanScale + t * t) * cos(Double(n) * angle)
        }
        return sum / Double(2 * points)
    }
}()

/// √π e^{z²} erfc z, and with it h₁ = 1 - z h₀ and h₂ = ½ h₀ - z h₁: the integrals ∫_0^∞ y^k e^{-y² - 2zy} dy are ½ h₀, ½ h₁ and ½ h₂.
///
/// Valid for Re z ≥ 0. From |z| = 6 on by their asymptotic series, in which nothing cancels; below, h₁ and h₂ lose up to |z|² and |z|⁴ of the
/// relative accuracy: at worst 1e-13 and 1e-11.
package func halfLineIntegrals(_ z: Complex) -> (zeroth: Complex, first: Complex, second: Complex) {
    if z.squaredMagnitude < 36 {
        let zeroth = 1.772453850905516 * scaledComplementaryError(z)
        let first = Complex(1) - z * zeroth
        return (zeroth, first, 0.5 * zeroth - z * first)
    }
    // h₀ = z⁻¹ Σ c_n, h₁ = -Σ_{n≥1} c_n with c_n = (-1)^n (2n-1)!!/(2z²)^n; h₂ = z⁻¹ (½ Σ c_n + z² Σ_{n≥1} c_n), where z² c_{n+1} = -(n+½) c_n:
    // z⁻¹ Σ_{n≥1} -n c_n.
    let inverse = Complex(1) / z
    let factor = -0.5 * (inverse * inverse)
    var term = Complex(1), zeroth = Complex(1), first = Complex(0), second = Complex(0)
    var size = 1.0
    for n in 1...40 {
        term = Double(2 * n - 1) * (term * factor)
        let next = abs(term.real) + abs(term.imaginary)
        if next >= size { break }
        size = next
        zeroth = zeroth + term
        first = first - term
        second = second - Double(n) * term
        if next < 1e-20 { break }
    }
    return (inverse * zeroth, first, inverse * second)
}
