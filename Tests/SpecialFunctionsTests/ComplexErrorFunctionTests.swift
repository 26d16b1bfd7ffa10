import SpecialFunctions
import TestSupport
import Testing

@Suite struct ComplexErrorFunctionTests {
    /// Of h₁ and h₂ the factors by which they cancel below |z| = 6, |z|² and |z|⁴, are at most 36 and 1296.
    @Test func agreesWithReference() throws {
        for row in try ReferenceTable("half_line_integrals", in: "SpecialFunctionsTests/Reference").rows {
            let z = Complex(row["x"]!, row["y"]!)
            let integrals = halfLineIntegrals(z)
            func error(_ value: Complex, _ name: String) -> Double {
                let expected = Complex(row[name + "_real"]!, row[name + "_imaginary"]!)
                return ((value - expected).squaredMagnitude / expected.squaredMagnitude).squareRoot()
            }
            #expect(error(integrals.zeroth, "zeroth") < 4e-15, "z = \(z)")
            #expect(error(integrals.first, "first") < 2e-13, "z = \(z)")
            #expect(error(integrals.second, "second") < 1e-11, "z = \(z)")
        }
    }

    @Test func complexArithmetic() {
        let a = Complex(3, -4), b = Complex(-1e200, 2e200)
        let one = (a * b) / (b * a)
        #expect(abs(one.real - 1) < 1e-15 && abs(one.imaginary) < 1e-15)
        #expect(a.squareRoot == Complex(2, -1) && Complex(-4).squareRoot == Complex(0, 2) && Complex(-4, -0.0).squareRoot == Complex(0, 2))
        #expect(Complex(0).squareRoot == Complex(0) && Complex(-4, -1e-300).squareRoot.imaginary == -2)
        #expect(Complex(-1000, 1e300).exponential == Complex(0))
        #expect((Complex(0, .pi).exponential - Complex(-1)).squaredMagnitude < 1e-31)
    }
}
