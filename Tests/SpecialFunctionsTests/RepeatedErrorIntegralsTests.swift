import SpecialFunctions
import TestSupport
import Testing

@Suite struct RepeatedErrorIntegralsTests {
    /// The series below 0.75 cancel by 20 (the first and the second), and once more by 3 (the third).
    static let tolerance = 1e-14
    static let thirdTolerance = 3e-14

    @Test func agreesWithReference() throws {
        for row in try ReferenceTable("repeated_error_integrals", in: "SpecialFunctionsTests/Reference").rows {
            let x = row["x"]!
            let kernels = scaledRepeatedErrorIntegrals(x)
            #expect(relativeError(kernels.first, row["first"]!) < Self.tolerance, "x = \(x)")
            #expect(relativeError(kernels.second, row["second"]!) < Self.tolerance, "x = \(x)")
            #expect(relativeError(kernels.third, row["third"]!) < Self.thirdTolerance, "x = \(x)")
        }
    }

    /// All fall in x, and none jumps where the series end.
    @Test func fall() {
        var last = scaledRepeatedErrorIntegrals(0)
        for index in 1...4000 {
            let x = 0.74 + 0.02 * Double(index) / 4000
            let next = scaledRepeatedErrorIntegrals(x)
            #expect(next.first < last.first && next.second < last.second && next.third < last.third * (1 + 3e-14), "x = \(x)")
            last = next
        }
        #expect(last.first > 0 && last.second > 0 && last.third > 0)
    }

    /// 2n e^{x²} iⁿerfc = iⁿ⁻²erfc - 2x iⁿ⁻¹erfc (DLMF 7.18.7) ties three of them together: third = 2 first - x second.
    @Test func recurrence() {
        for x in [0, 1e-5, 0.2, 0.6, 0.75, 0.8, 1.1, 2, 4, 10] {
            let kernels = scaledRepeatedErrorIntegrals(x)
            #expect(abs(2 * kernels.first - x * kernels.second - kernels.third) < 4e-15 * kernels.first, "x = \(x)")
        }
    }

    /// For large x: 1/(2√π x²)·…, and at last 0 below the range of doubles, never NaN.
    @Test func farOut() {
        let rootPi = Double.pi.squareRoot()
        for x in [1e9, 1e15, 1e40, 1e70] {
            let kernels = scaledRepeatedErrorIntegrals(x)
            #expect(relativeError(kernels.first * x * x, 0.5 / rootPi) < 1e-14)
            #expect(relativeError(kernels.second * x * x * x, 1 / rootPi) < 1e-14)
            #expect(relativeError(kernels.third * x * x * x * x, 1.5 / rootPi) < 1e-14)
        }
        for x in [1e165, 1e200, 1e308, .greatestFiniteMagnitude, .infinity] {
            let kernels = scaledRepeatedErrorIntegrals(x)
            #expect(kernels.first == 0 && kernels.second == 0 && kernels.third == 0, "x = \(x)")
        }
    }
}
