import Foundation

/// Numbers rounded to six significant digits, for eyes: `0.123457`, `1e-05`, `1.23457e+06`.
///
/// The rule is C's `%g`: an exponent below 10⁻⁴ and from 10⁶ on, no trailing zeros.
public enum SignificantDigits {
    public static func text(of value: Double) -> String {
        var buffer = ByteBuffer()
        append(value, to: &buffer)
        return buffer.text()
    }

    static func append(_ value: Double, to buffer: inout ByteBuffer) {
        guard value.isFinite else { return ShortestDigits.append(value, to: &buffer) }
        let capacity = 32
        let destination = UnsafeMutableRawPointer(buffer.reserve(capacity)).assumingMemoryBound(to: CChar.self)
        let written = withVaList([value]) { vsnprintf(destination, capacity, "%.6g", $0) }
        buffer.advance(by: Int(written))
    }
}
