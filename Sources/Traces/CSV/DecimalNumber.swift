import Foundation

/// The text of a number as CSV files have it: sign, digits with or without a point, exponent; or nan, inf, infinity in
/// any case. The result is the nearest double, ties to even.
enum DecimalNumber {
    /// Ten to the power of the index: exact in double precision.
    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// - Returns: nil when the bytes are not a number from end to end.
    static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        var index = 0
        var isNegative = false
        if index < text.count, text[index] == 0x2d || text[index] == 0x2b {
            isNegative = text[index] == 0x2d
            index += 1
        }
        var significand: UInt64 = 0
        var digits = 0, significantDigits = 0, exponent = 0
        var isFraction = false
        while index < text.count {
            let byte = text[index]
            let digit = byte &- 0x30
            if digit < 10 {
                digits += 1
                if significantDigits > 0 || digit != 0 { significantDigits += 1 }
                // Beyond 19 digits the value is of no use, and strtod reads the text.
                significand = significand &* 10 &+ UInt64(digit)
                if isFraction { exponent -= 1 }
            } else if byte == 0x2e, !isFraction {
                isFraction = true
            } else {
                break
            }
            index += 1
        }
        guard digits > 0 else { return isFraction ? nil : special(text[index...], isNegative) }
        if index < text.count {
            guard text[index] | 0x20 == 0x65 else { return nil }
            index += 1
            var isBelowOne = false
            if index < text.count, text[index] == 0x2d || text[index] == 0x2b {
                isBelowOne = text[index] == 0x2d
                index += 1
            }
            guard index < text.count else { return nil }
            var power = 0
            while index < text.count {
                let digit = text[index] &- 0x30
                guard digit < 10 else { return nil }
                // Any larger power gives zero or infinity, as strtod will say.
                power = min(power * 10 + Int(digit), 100_000)
                index += 1
            }
            exponent += isBelowOne ? -power : power
        }
        // A whole number and a power of ten that are both exact, so that the one operation rounds once (Clinger 1990).
        if significantDigits <= 19, significand <= 1 << 53, abs(exponent) <= 22 {
            let whole = Double(significand)
            let value = exponent < 0 ? whole / powersOfTen[-exponent] : whole * powersOfTen[exponent]
            return isNegative ? -value : value
        }
        return slow(text)
    }

    private static func slow(_ text: UnsafeBufferPointer<UInt8>) -> Double {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { copy in
            for (index, byte) in text.enumerated() { copy[index] = CChar(bitPattern: byte) }
            copy[text.count] = 0
            return strtod(copy.baseAddress!, nil)
        }
    }

    private static func special(_ name: Slice<UnsafeBufferPointer<UInt8>>, _ isNegative: Bool) -> Double? {
        switch String(decoding: name.prefix(9), as: UTF8.self).lowercased() {
        case "nan": .nan
        case "inf", "infinity": isNegative ? -.infinity : .infinity
        default: nil
        }
    }
}
