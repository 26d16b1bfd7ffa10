import CGSL
import CLibC
import Theory

extension GradientLaw {
    /// The density at z of gradients about 0.
    /// - Precondition: the law is in closed form.
    func density(at z: Double) -> Double {
        switch self {
        case .normal: return normalDensity(z)
        case .laplace: return exp(-2.0.squareRoot() * abs(z)) / 2.0.squareRoot()
        case .uniform: return abs(z) < 3.0.squareRoot() ? 1 / 12.0.squareRoot() : 0
        case .logistic:
            let power = exp(-abs(z) / Self.logisticScale)
            return power / (Self.logisticScale * (1 + power) * (1 + power))
        case .mixture(let share, let deviation):
            let unit = Self.unit(share, deviation)
            return ((1 - share) * normalDensity(z / unit) + share * normalDensity(z / (unit * deviation)) / deviation) / unit
        case .studentT(let nu):
            GSL.prepare()
            let unit = Self.unit(nu)
            return gsl_ran_tdist_pdf(z / unit, nu) / unit
        case .recorded: preconditionFailure("recorded values have no density")
        }
    }

    /// P(Z > z) for the law about 0, with full relative accuracy for z > 0.
    /// - Precondition: the law is in closed form.
    func upperTail(at z: Double) -> Double {
        switch self {
        case .normal: return normalTail(z)
        case .laplace: return z > 0 ? 0.5 * exp(-2.0.squareRoot() * z) : 1 - 0.5 * exp(2.0.squareRoot() * z)
        case .uniform: return min(max(0.5 - z / 12.0.squareRoot(), 0), 1)
        case .logistic: return 1 / (1 + exp(z / Self.logisticScale))
        case .mixture(let share, let deviation):
            let unit = Self.unit(share, deviation)
            return (1 - share) * normalTail(z / unit) + share * normalTail(z / (unit * deviation))
        case .studentT(let nu):
            GSL.prepare()
            return gsl_cdf_tdist_Q(z / Self.unit(nu), nu)
        case .recorded: preconditionFailure("recorded values have no density")
        }
    }

    private static let logisticScale = 3.0.squareRoot() / .pi

    /// What makes the variance 1, where there is one.
    private static func unit(_ nu: Double) -> Double { nu > 2 ? ((nu - 2) / nu).squareRoot() : 1 }
    private static func unit(_ share: Double, _ deviation: Double) -> Double {
        1 / (1 - share + share * deviation * deviation).squareRoot()
    }
}

private func normalDensity(_ z: Double) -> Double { exp(-z * z / 2) / (2 * Double.pi).squareRoot() }

private func normalTail(_ z: Double) -> Double { 0.5 * erfc(z / 2.0.squareRoot()) }

/// The law of one square, (σz + μ)², by that of z.
struct SingleSquare: TransformInversion {
    let law: GradientLaw
    /// |μ|.
    let mean: Double
    /// σ.
    let scale: Double

    func density(at v: Double) -> Double {
        let root = v.squareRoot()
        return (law.density(at: (root - mean) / scale) + law.density(at: (root + mean) / scale)) / (2 * root * scale)
    }

    func distribution(at v: Double) -> Double {
        let root = v.squareRoot()
        // -far < z < near.
        let (near, far) = ((root - mean) / scale, (root + mean) / scale)
        // Where the tails beyond are nearly 1 together, by the density between.
        if near + far < 1e-6 { return (near + far) * law.density(at: mean / scale) }
        return near < 0 ? law.upperTail(at: -near) - law.upperTail(at: far) : 1 - law.upperTail(at: near) - law.upperTail(at: far)
    }

    /// P(v̂ > v), with full relative accuracy.
    func upperTail(at v: Double) -> Double {
        let root = v.squareRoot()
        return law.upperTail(at: (root - mean) / scale) + law.upperTail(at: (root + mean) / scale)
    }
}
