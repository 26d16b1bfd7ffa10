import CKernels
import Foundation
import TestSupport
import Testing

/// Decimal numbers against `strtod`, which is exact in this C library.
struct DecimalNumberTests {
    private static func parse(_ text: String) -> Double? {
        var value = 0.0
        let bytes = Array(text.utf8) + [0]
        return bytes.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                varlab_parse_decimal($0.baseAddress!, $0.baseAddress! + $0.count - 1, &value)
            }
        } ? value : nil
    }

    private static let formats = ["%.17g", "%.16g", "%.18e", "%.9g", "%.25g", "%.1e", "%g", "%.6f"]

    /// Of every size, also halfway between two doubles, and with more digits than a double has.
    @Test(arguments: formats) func areTheNearestDoubles(format: String) {
        var random = SplitMix(state: 5)
        for index in 0..<20_000 {
            let bits = random.next()
            var value = Double(bitPattern: bits)
            if index % 3 == 1 { value = Double(bits >> 11) * 0x1p-53 * exp(Double(index % 60 - 40)) }
            if index % 3 == 2 { value = Double(Float(bitPattern: UInt32(bits >> 32))) }
            guard value.isFinite, format != "%.6f" || abs(value) < 1e30 else { continue }
            let texts = [String(format: format, value), "\((1 << 53) + 2 * (bits >> 12) + 1)e\(index % 31 - 8)", "\(bits)e\(index % 700 - 370)"]
            for text in texts { #expect(Self.parse(text)?.bitPattern == strtod(text, nil).bitPattern, "\(text)") }
        }
    }

    @Test(arguments: [
        "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2.2250738585072011e-308", "2.2250738585072014e-308", "1.7976931348623157e308",
        "1.7976931348623159e308", "0e999999999", "1e-400", "1e400", "-0", "9007199254740993", "9007199254740991.5", "1.", "+.5", "-inf", "+Infinity",
        "0.000000000000000000000000000000000123456789012345678", "123456789012345678901234567890", "00000000000000000000000001.5",
    ]) func edges(text: String) { #expect(Self.parse(text)?.bitPattern == strtod(text, nil).bitPattern) }

    @Test(arguments: ["", "-", "+", ".", "e5", "1e", "1e+", "--1", "1x", "0x10", "infi", "nan(1)", "1 2", "1,2", "1.2.3"]) func noNumbers(text: String) {
        #expect(Self.parse(text) == nil)
    }

    @Test func notANumber() { #expect(Self.parse("NaN")?.isNaN == true && Self.parse("-nan")?.isNaN == true) }

    private static func lines(_ text: String, columns: Int, capacity: Int = 100) -> [Double]? {
        var values = [Double](repeating: -1, count: capacity)
        let count = text.withCString { varlab_parse_lines($0, strlen($0), columns, &values, capacity) }
        return count < 0 ? nil : Array(values[..<count])
    }

    @Test func wholeLines() {
        #expect(Self.lines("1,2\n3, -4e1\t\r\n", columns: 2) == [1, 2, 3, -40])
        #expect(Self.lines("1\n inf \n", columns: 1) == [1, .infinity])
        for wrong in ["1,2\n3\n", "1,2,3\n", "1,2", "1,\n", "1,a\n", "1 2,3\n", "\n", ",\n"] { #expect(Self.lines(wrong, columns: 2) == nil, "\(wrong)") }
        #expect(Self.lines("1,2\n3,4\n", columns: 2, capacity: 3) == nil && Self.lines("", columns: 2) == [])
    }
}
