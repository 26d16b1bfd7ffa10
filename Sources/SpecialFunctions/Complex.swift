import Foundation

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
