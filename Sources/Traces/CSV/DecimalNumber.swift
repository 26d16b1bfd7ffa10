import CKernels

/// The text of a number as CSV files have it: sign, digits with or without a point, exponent; or nan, inf, infinity in
/// any case. The result is the nearest double, ties to even.
enum DecimalNumber {
    /// - Returns: nil when the bytes are not a number from end to end.
    /// - Precondition: a byte follows the text, and is no part of a number.
    static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        guard let start = text.baseAddress else { return nil }
        return start.withMemoryRebound(to: CChar.self, capacity: text.count + 1) { start in
            var value = 0.0
            return varlab_parse_decimal(start, start + text.count, &value) ? value : nil
        }
    }
}
