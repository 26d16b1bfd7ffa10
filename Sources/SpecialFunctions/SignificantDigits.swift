import CKernels

extension Double {
    /// The number rounded to ten significant decimal digits.
    ///
    /// For results whose last digits depend on the C library's processor-specific functions, which the bytes of a run shall not;
    /// and for round edges.
    package var roundedToTenDigits: Double { isFinite ? varlab_rounded_to_digits(self, 10) : self }
}
