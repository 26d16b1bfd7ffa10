/// RAdam's ρ_t and r_t as an implementation gets them for parameters in single precision.
///
/// All use the textbook formulas (section 4.2, algorithm 2)
///
///     ρ_∞ = 2/(1-β2) - 1,    ρ_t = ρ_∞ - 2tβ2^t/(1-β2^t),    r_t = √[(ρ_t-4)(ρ_t-2)ρ_∞ / ((ρ_∞-4)(ρ_∞-2)ρ_t)],
///
/// in which ρ_t is a small difference of numbers as large as 2/(1-β2), and 1-β2^t another. In which arithmetic:
///
/// - `paper`: every operation in single precision.
/// - `authors`, `torch`: Python's doubles; only the factor r_t is rounded when it meets the parameters. (PyTorch with
///   `capturable=True` keeps them in tensors instead, which is not this.)
/// - `optax`: β2^t and all that depends on t in single precision, ρ_∞ and (ρ_∞-4)(ρ_∞-2) in double and then rounded, as
///   `jax.jit` compiles it; there the power is correctly rounded. Outside of `jit` the power comes from repeated squaring in single
///   precision, whose error grows with t. Both are real: at β2 = 0.9999 the first step is t = 2 in either, but t = 3 is rectified
///   outside of `jit` alone.
package struct SinglePrecisionRectification: Sendable {
    private let implementation: Implementation
    private let beta2: Double
    private let isCompiled: Bool

    /// - Parameter isCompiled: whether optax runs within `jax.jit`; the others do not depend on it.
    package init(beta2: Double, like implementation: Implementation, isCompiled: Bool = true) {
        self.beta2 = beta2
        self.isCompiled = isCompiled
        self.implementation = implementation
    }

    /// ρ_t; not finite where β2 or β2^t rounds to 1.
    package func rho(at step: Int) -> Double {
        switch implementation {
        case .paper: Double(Self.rho(limit: 2 / (1 - Float(beta2)) - 1, step: Float(step), power: singlePower(step)))
        case .optax: Double(Self.rho(limit: Float(rhoInfinity), step: Float(step), power: isCompiled ? singlePower(step) : squaredPower(step)))
        case .authors, .torch: Self.rho(limit: rhoInfinity, step: Double(step), power: roundedPower(beta2, step))
        }
    }

    /// r_t for a ρ_t that `rho(at:)` has returned; NaN where its root is of a negative number.
    package func factor(rho: Double) -> Float {
        switch implementation {
        case .paper:
            let limit = 2 / (1 - Float(beta2)) - 1
            return Self.factor(rho: Float(rho), limit: limit, limitProduct: (limit - 4) * (limit - 2))
        case .optax:
            return Self.factor(
                rho: Float(rho), limit: Float(rhoInfinity), limitProduct: Float((rhoInfinity - 4) * (rhoInfinity - 2)))
        case .authors, .torch:
            return Float(Self.factor(rho: rho, limit: rhoInfinity, limitProduct: (rhoInfinity - 4) * (rhoInfinity - 2)))
        }
    }

    private var rhoInfinity: Double { 2 / (1 - beta2) - 1 }

    /// β2^t of the rounded β2, correctly rounded: what XLA's power returns for t ≤ 200.
    private func singlePower(_ step: Int) -> Float { Float(roundedPower(Double(Float(beta2)), step)) }

    /// β2^t of the rounded β2 by squaring, every product rounded, from the lowest bit of t on: what JAX's own power does with a whole
    /// exponent.
    private func squaredPower(_ step: Int) -> Float {
        var (power, square, rest) = (Float(1), Float(beta2), step)
        while rest > 0 {
            if rest & 1 == 1 { power *= square }
            square *= square
            rest >>= 1
        }
        return power
    }

    private static func rho<Real: BinaryFloatingPoint>(limit: Real, step: Real, power: Real) -> Real {
        limit - 2 * step * power / (1 - power)
    }

    private static func factor<Real: BinaryFloatingPoint>(rho: Real, limit: Real, limitProduct: Real) -> Real {
        ((rho - 4) * (rho - 2) * limit / (limitProduct * rho)).squareRoot()
    }
}
