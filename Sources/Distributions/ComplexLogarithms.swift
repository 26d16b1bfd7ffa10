import CLibC
import SpecialFunctions

extension Complex {
    /// ln z, the imaginary part in (-π, π].
    var logarithm: Complex { Complex(log(hypot(real, imaginary)), atan2(imaginary, real)) }

    /// ln(1+z), with every digit of a small z.
    var logarithmOfOnePlus: Complex {
        Complex(0.5 * log1p(real * (2 + real) + imaginary * imaginary), atan2(imaginary, 1 + real))
    }

    /// e^z - 1, with every digit of a small z.
    var exponentialMinusOne: Complex {
        let half = sin(0.5 * imaginary)
        let growth = expm1(real)
        return Complex(growth * cos(imaginary) - 2 * half * half, (growth + 1) * sin(imaginary))
    }
}
