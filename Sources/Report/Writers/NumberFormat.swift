import Foundation

/// Numbers as text with the fewest digits that read back to the same number.
///
/// The digits are those of Swift's `description`, with a trailing `.0` dropped: `1`, `0.001`, `1e-05`, `-0`, `inf`,
/// `-inf`, `nan` (whatever its sign and payload).
public enum ShortestDigits {
    /// The text of one number.
    public static func text(of value: Double) -> String {
        var buffer = ByteBuffer()
        append(value, to: &buffer)
        return buffer.text()
    }

    static func append(_ value: Double, to buffer: inout ByteBuffer) {
        guard value == value else { return buffer.append("nan") }
        var text = value.description
        text.withUTF8 { digits in
            guard let start = digits.baseAddress else { return }
            // `description` ends in ".0" for the whole numbers that it does not write with an exponent.
            let isWhole = digits.count > 2 && digits[digits.count - 1] == UInt8(ascii: "0") && digits[digits.count - 2] == UInt8(ascii: ".")
            buffer.append(start, count: isWhole ? digits.count - 2 : digits.count)
        }
    }

    static func append(_ value: Int, to buffer: inout ByteBuffer) {
        // The longest is -9223372036854775808.
        let destination = buffer.reserve(20)
        var magnitude = value.magnitude
        var length = value < 0 ? 1 : 0
        repeat {
            length += 1
            magnitude /= 10
        } while magnitude > 0
        magnitude = value.magnitude
        var position = length
        repeat {
            position -= 1
            destination[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
            magnitude /= 10
        } while magnitude > 0
        if value < 0 { destination[0] = UInt8(ascii: "-") }
        buffer.advance(by: length)
    }
}

/// Numbers rounded to some significant digits, for eyes: with six, `0.123457`, `1e-05`, `1.23457e+06`.
///
/// The rule is C's `%g`: an exponent below 10⁻⁴ and from 10 to the power of the number of digits on, no trailing zeros.
public enum SignificantDigits {
    /// So many where nothing else is asked for.
    static let standard = 6

    public static func text(of value: Double, digits: Int = 6) -> String {
        var buffer = ByteBuffer()
        append(value, digits: digits, to: &buffer)
        return buffer.text()
    }

    /// - Parameter digits: from 1 to 17; more tell no two numbers apart.
    static func append(_ value: Double, digits: Int, to buffer: inout ByteBuffer) {
        guard value.isFinite else { return ShortestDigits.append(value, to: &buffer) }
        // Sign, point and an exponent such as e-308 beside the digits.
        let capacity = width(digits: digits) + 1
        let destination = UnsafeMutableRawPointer(buffer.reserve(capacity)).assumingMemoryBound(to: CChar.self)
        let written = withVaList([CInt(digits), value]) { vsnprintf(destination, capacity, "%.*g", $0) }
        buffer.advance(by: Int(written))
    }

    /// The length of the longest text, such as `-1.23457e-308`.
    static func width(digits: Int) -> Int { digits + 7 }
}
