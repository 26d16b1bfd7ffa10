import Foundation
import SpecialFunctions
import Testing

@Suite struct SignificantDigitsTests {
    @Test(arguments: [
        (0.1 + 0.2, 0.3), (1.0 / 3, 0.3333333333), (-2.0 / 3, -0.6666666667), (123_456_789_012.0, 123_456_789_000), (9.99999999951, 10),
        (0, 0), (2.2250738585072014e-308, 2.225073859e-308), (1.234567890123e308, 1.23456789e308), (1, 1), (1e22, 1e22),
    ] as [(Double, Double)])
    func itKeepsTen(value: Double, rounded: Double) {
        #expect(value.roundedToTenDigits == rounded)
    }

    @Test func whatHasNoSuchNumberStays() {
        #expect((-Double.infinity).roundedToTenDigits == -.infinity && Double.nan.roundedToTenDigits.isNaN)
        #expect((-0.0).roundedToTenDigits.sign == .minus)
    }

    /// Foundation's formats and its reading of them are another route.
    @Test func itIsWhatTheTextSays() {
        var bits: UInt64 = 0x9e37_79b9_7f4a_7c15
        for _ in 0..<2000 {
            bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = Double(bitPattern: bits)
            guard value.isFinite, value.magnitude < 1e308 else { continue }
            #expect(value.roundedToTenDigits == Double(String(format: "%.9e", value)))
        }
    }
}
