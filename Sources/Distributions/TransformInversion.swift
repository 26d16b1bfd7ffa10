/// A way to invert Φ(s) = E e^{-s v̂}.
protocol TransformInversion: Sendable {
    /// The density at v > 0, with an error that is small beside its largest value.
    func density(at v: Double) -> Double
    /// P(v̂ ≤ v) for v > 0, with a small absolute error.
    func distribution(at v: Double) -> Double
}
