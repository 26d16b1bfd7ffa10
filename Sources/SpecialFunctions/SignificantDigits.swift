import Foundation

extension Double {
    /// The number rounded to ten significant decimal digits.
    ///
    /// For results whose last digits depend on the C library's processor-specific functions, which the bytes of a run shall not;
    /// and for round edges.
    package var roundedToTenDigits: Double { Double(String(format: "%.9e", self)) ?? self }
}
