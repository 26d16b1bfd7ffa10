import CLibC
import Errors
import Theory

/// The scaled inverse χ² law Scale-inv-χ²(ρ, τ²): the law of τ²ρ/χ²_ρ, and of ψ² when v̂ is a simple average of ρ
/// squared gradients of variance 1/τ² (section 3.1 of the paper).
public struct ScaledInverseChiSquare: Hashable, Sendable {
    /// ρ > 0.
    public let degreesOfFreedom: Double
    /// τ² > 0.
    public let scale: Double

    /// - Throws: `ParameterError` unless ρ and τ² are positive and finite.
    public init(degreesOfFreedom: Double, scale: Double = 1) throws(ParameterError) {
        try Self.require(.degreesOfFreedom, degreesOfFreedom)
        try Self.require(.scale, scale)
        self.degreesOfFreedom = degreesOfFreedom
        self.scale = scale
    }

    private static func require(_ parameter: Parameter, _ value: Double) throws(ParameterError) {
        guard value > 0, value.isFinite else {
            throw ParameterError(parameter: parameter, value: value, rule: "must be positive and finite")
        }
    }

    private var product: Double { degreesOfFreedom * scale }

    /// (τ²ρ/2)^{ρ/2}/Γ(ρ/2) · x^{-1-ρ/2} exp(-ρτ²/(2x)); 0 for x ≤ 0.
    public func density(at x: Double) -> Double {
        if !(x > 0) || x == .infinity { return x.isNaN ? .nan : 0 }
        let y = product / x
        return ChiSquare.density(at: y, degreesOfFreedom: degreesOfFreedom) * y / x
    }

    /// P(X ≤ x) = P(χ²_ρ ≥ τ²ρ/x); 0 for x ≤ 0.
    public func distribution(at x: Double) -> Double {
        if !(x > 0) { return x.isNaN ? .nan : 0 }
        return ChiSquare.upperTail(at: product / x, degreesOfFreedom: degreesOfFreedom)
    }

    /// P(X > x), accurate where it is small.
    public func upperTail(at x: Double) -> Double {
        if !(x > 0) { return x.isNaN ? .nan : 1 }
        return ChiSquare.lowerTail(at: product / x, degreesOfFreedom: degreesOfFreedom)
    }

    /// The x with P(X ≤ x) = p; 0 at p = 0 and infinity at p = 1.
    /// - Throws: `ParameterError` unless 0 ≤ p ≤ 1.
    public func quantile(_ probability: Double) throws(ParameterError) -> Double {
        guard probability >= 0, probability <= 1 else {
            throw ParameterError(parameter: .probability, value: probability, rule: "must be in [0, 1]")
        }
        if probability == 0 { return 0 }
        if probability == 1 { return .infinity }
        return product / ChiSquare.upperQuantile(probability, degreesOfFreedom: degreesOfFreedom)
    }

    /// τ²ρ/(ρ-2) for ρ > 2, else infinite.
    public var mean: Double {
        degreesOfFreedom > 2 ? scale * (degreesOfFreedom / (degreesOfFreedom - 2)) : .infinity
    }

    /// 2ρ²τ⁴/((ρ-2)²(ρ-4)) for ρ > 4, else infinite.
    public var variance: Double {
        degreesOfFreedom > 4 ? 2 * mean * mean / (degreesOfFreedom - 4) : .infinity
    }

    /// One draw, by inversion of the distribution function.
    public func sample(using generator: inout some RandomNumberGenerator) -> Double {
        let uniform = (Double(generator.next() >> 12) + 0.5) * 0x1p-52
        return product / ChiSquare.upperQuantile(uniform, degreesOfFreedom: degreesOfFreedom)
    }
}
