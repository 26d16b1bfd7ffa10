/// φ_t = a m_t/b + c g_t/d at one step: a weight and a bias correction for each. Kept apart, so that α_t a/b rounds as in the
/// implementations that the parity tests follow.
public struct MomentumFactors: Hashable, Sendable {
    public var momentumWeight = 0.0, momentumCorrection = 1.0
    public var gradientWeight = 0.0, gradientCorrection = 1.0
}
