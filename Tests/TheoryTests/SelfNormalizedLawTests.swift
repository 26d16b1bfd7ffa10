import Errors
import TestSupport
import Testing

@testable import Theory

/// Gradients divided by their own root mean square.
@Suite struct SelfNormalizedLawTests {
    /// 1e-9, and 1e-15/(T(1-β2)) where the weights differ by no more than that.
    @Test func agreesWithReference() throws {
        for row in try ReferenceTable("self_normalized").rows {
            let (beta2, total) = (row["beta2"]!, Int(row["step_count"]!))
            let moments = try SelfNormalizedLaw(beta2: beta2, stepCount: total).moments(at: [Int(row["t"]!)])[0]
            #expect(relativeError(moments.mean, row["mean"]!) < 1e-14, "\(row)")
            #expect(relativeError(moments.meanSquare, row["mean_square"]!) < 1e-14, "\(row)")
            let tolerance = 1e-9 + 1e-15 / (Double(total) * (1 - beta2))
            #expect(relativeError(moments.variance, row["variance"]!) < tolerance, "\(row) \(moments.variance)")
        }
    }

    /// By Basu's theorem, and relative to R = 1: two routes that share nothing but the weights.
    @Test(arguments: [(0.9, 30), (0.999, 70), (0.999, 2000), (0.3, 12)])
    func routesAgree(beta2: Double, total: Int) throws {
        let law = try SelfNormalizedLaw(beta2: beta2, stepCount: total)
        let steps = Array(3...total)
        for (step, one) in zip(steps, law.moments(at: steps)) {
            let other = law.momentsNearOne(at: step)
            #expect(relativeError(one.mean, other.mean) < 1e-13 && relativeError(one.meanSquare, other.meanSquare) < 1e-13)
            #expect(relativeError(one.variance, other.variance) < 1e-9, "\(step)")
        }
    }

    /// With weights that are all but equal R = 1 - D/2, D = Σ (T w_i - 1) p_i of a Dirichlet(½, …, ½) vector p.
    @Test(arguments: [3, 10, 1000]) func equalWeightsLeaveNothing(total: Int) throws {
        let decay = 1e-6 / Double(total)
        let variance = try SelfNormalizedLaw(beta2: 1 - decay, stepCount: total).moments(at: [total])[0].variance
        // Σ (T w_i - 1)² = (1-β2)² Σ (i - (T-1)/2)² = (1-β2)² T(T²-1)/12; Var[D] = that times 2/(T(T+2)); Var[R] = Var[D]/4.
        let t = Double(total)
        let expected = decay * decay * (t * t - 1) / (24 * (t + 2))
        // The next order is smaller by T(1-β2); 1-β2 itself is rounded to 1e-16.
        #expect(relativeError(variance, expected) < 2e-6 + 4e-16 / decay, "\(variance) \(expected)")
    }

    /// The law of ψ_t in the limit of a long trace, and infinite where that is.
    @Test func limits() throws {
        let long = try SelfNormalizedLaw(beta2: 0.999, stepCount: 1 << 50).moments(at: [1, 2, 3, 100])
        let exact = try ExactLaw(beta2: 0.999, means: [0]).moments(at: [1, 2, 3, 100])[0]
        #expect(long[0].mean == .infinity && long[1].variance == .infinity && long[1].mean.isFinite)
        for (one, other) in zip(long[2...], exact[2...]) { #expect(relativeError(one.variance, other.variance) < 1e-12) }
        let memoryless = try SelfNormalizedLaw(beta2: 0, stepCount: 9).moments(at: [9])[0]
        #expect(memoryless.mean == .infinity && memoryless.variance == .infinity)
        for (beta2, total) in [(0.5, 2), (1.0, 9), (1e-101, 9), (.nan, 9), (0.5, .min)] {
            #expect(throws: ParameterError.self) { try SelfNormalizedLaw(beta2: beta2, stepCount: total) }
        }
    }
}
