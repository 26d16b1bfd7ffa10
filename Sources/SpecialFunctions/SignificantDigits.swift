import CLibC

extension Double {
    /// The number rounded to ten significant decimal digits.
    ///
    /// For results whose last digits depend on the C library's processor-specific functions, which the bytes of a run shall not;
    /// and for round edges.
    package var roundedToTenDigits: Double {
        // -1.234567890e-308 and its final 0.
        var text = [CChar](repeating: 0, count: 32)
        let length = withVaList([self]) { vsnprintf(&text, text.count, "%.9e", $0) }
        guard length > 0, length < text.count else { return self }
        return Double(String(decoding: text[..<Int(length)].map(UInt8.init(bitPattern:)), as: UTF8.self)) ?? self
    }
}
