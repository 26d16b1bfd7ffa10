import Report
import TestSupport
import Testing

struct NumberFormatTests {
    @Test(arguments: [
        (1, "1"), (0, "0"), (-0.0, "-0"), (0.001, "0.001"), (1e-5, "1e-05"), (100, "100"), (-2.5, "-2.5"),
        (.infinity, "inf"), (-.infinity, "-inf"), (.nan, "nan"), (-.nan, "nan"), (.signalingNaN, "nan"),
        (.leastNonzeroMagnitude, "5e-324"), (2.2250738585072014e-308, "2.2250738585072014e-308"), (1e21, "1e+21"), (1e22, "1e+22"),
        (1.7976931348623157e308, "1.7976931348623157e+308"), (9_007_199_254_740_992, "9007199254740992"),
        (0.1 + 0.2, "0.30000000000000004"), (123_456_789, "123456789"),
    ])
    func shortestDigits(value: Double, text: String) {
        #expect(ShortestDigits.text(of: value) == text)
    }

    @Test func shortestDigitsAreThoseOfDescription() {
        var generator = SplitMix(state: 7)
        for _ in 0..<200_000 {
            let value = Double(bitPattern: generator.next())
            guard !value.isNaN else { continue }
            var expected = value.description
            if expected.hasSuffix(".0") { expected.removeLast(2) }
            #expect(ShortestDigits.text(of: value) == expected)
        }
    }

    @Test(arguments: [
        (0.12345678, "0.123457"), (1e-5, "1e-05"), (1_234_567, "1.23457e+06"), (123_456, "123456"), (0, "0"), (-0.0, "-0"),
        (.infinity, "inf"), (-.infinity, "-inf"), (.nan, "nan"), (0.5, "0.5"), (.leastNonzeroMagnitude, "4.94066e-324"), (999_999.5, "1e+06"),
    ])
    func significantDigits(value: Double, text: String) {
        #expect(SignificantDigits.text(of: value) == text)
    }
}
