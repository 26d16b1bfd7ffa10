import CKernels
import Errors
import TestSupport
import Testing
import Theory

@Suite struct ExactLawTests {
    /// The sums over k and over nodes are compensated or short, each term is right to 8 ulp, and E[ψ²] - E[ψ]² is not
    /// formed: what remains cancels by 3 + ε at most. Aimed at were 1e-11.
    static func tolerance(epsilon: Double) -> Double { 2e-13 * (3 + epsilon) / 3 }

    @Test(arguments: ["exact_law", "exact_law_extended"])
    func agreesWithReference(file: String) throws {
        for row in try ReferenceTable(file).rows {
            let law = try ExactLaw(beta2: row["beta2"]!, means: [row["mu"]!], epsilon: row["epsilon"]!)
            let moments = law.moments(at: [Int(row["t"]!)])[0][0]
            #expect(relativeError(moments.variance, row["var_psi"]!) < Self.tolerance(epsilon: row["epsilon"]!), "\(row)")
            #expect(relativeError(moments.mean, row["mean_psi"]!) < 2e-14, "\(row)")
            #expect(relativeError(moments.meanSquare, row["mean_psi_squared"]!) < 2e-14, "\(row)")
        }
    }

    @Test func updateAgreesWithReference() throws {
        for row in try ReferenceTable("update_second_moment").rows {
            let moment = try ExactLaw.updateSecondMoment(
                beta1: row["beta1"]!, beta2: row["beta2"]!, at: [Int(row["t"]!)])[0]
            #expect(relativeError(moment, row["update_second_moment"]!) < 2e-14, "\(row)")
        }
    }

    /// A curve in one pass, steps one by one, and blocks of steps by Gauss summation are three routes to one number.
    @Test(arguments: [0.5, 0.9, 0.999, 0.9999, 0.999999])
    func curveEqualsSingleSteps(beta2: Double) throws {
        let means = [0, 0.3, 10]
        let curve = try ExactLaw(beta2: beta2, means: means).moments(at: Array(1...3000))
        for step in [1, 2, 3, 4, 17, 500, 2999, 3000] {
            for (index, mean) in means.enumerated() {
                let single = try ExactLaw(beta2: beta2, means: [mean]).moments(at: [step])[0][0]
                #expect(relativeError(curve[index][step - 1].variance, single.variance) < 1e-13)
                #expect(relativeError(curve[index][step - 1].mean, single.mean) < 1e-14)
            }
        }
    }

    @Test func infiniteWhereItIsInfinite() throws {
        for mean in [0.0, 1, 10, 1000] {
            let curve = try ExactLaw(beta2: 0.999, means: [mean]).moments(at: [1, 2, 3])[0]
            #expect(curve[0].mean == .infinity && curve[0].meanSquare == .infinity && curve[0].variance == .infinity)
            #expect(curve[1].mean.isFinite && curve[1].meanSquare == .infinity && curve[1].variance == .infinity)
            #expect(curve[2].variance.isFinite)
        }
        #expect(try ExactLaw(beta2: 0, means: [0]).moments(at: [1, 1000])[0].allSatisfy { $0.variance == .infinity })
        #expect(try ExactLaw(beta2: 0.999, means: [0], epsilon: 1e-8).moments(at: [1])[0][0].variance.isFinite)
        #expect(try ExactLaw.updateSecondMoment(beta1: 0.9, beta2: 0, at: [1, 2]) == [1, .infinity])
    }

    /// For the variance to fall with t and with |μ|, and ε → 0 to meet ε = 0 (the difference is of order ε).
    @Test func orders() throws {
        let curves = try ExactLaw(beta2: 0.99, means: [0, 0.5, 2, 8]).moments(at: Array(3...2000))
        for curve in curves {
            #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.variance >= $1.variance * (1 - 1e-12) })
        }
        for (smaller, larger) in zip(curves, curves.dropFirst()) {
            #expect(zip(smaller, larger).allSatisfy { $0.variance > $1.variance })
        }
        let limit = try ExactLaw(beta2: 0.99, means: [0]).limit()[0].variance
        #expect(relativeError(curves[0].last!.variance, limit) < 1e-6)
        let tiny = try ExactLaw(beta2: 0.99, means: [0], epsilon: 1e-12).moments(at: [10])[0][0].variance
        #expect(relativeError(tiny, curves[0][7].variance) < 1e-11)
    }

    @Test func limitOfSlowAverages() throws {
        // For β2 → 1 v̂ becomes Gaussian around 1 with variance 2/ρ_∞, so Var[ψ] → 1/(2ρ_∞).
        for beta2 in [1 - 1e-8, 1 - 1e-12, 1.0.nextDown] {
            let law = try ExactLaw(beta2: beta2, means: [0])
            let rho = law.average.rhoInfinity
            #expect(relativeError(law.limit()[0].variance * 2 * rho, 1) < 1e-13 + 10 / rho)
        }
    }

    @Test func variantsAgreeToTheBit() throws {
        let law = try ExactLaw(beta2: 0.99, means: [0, 1, 10], epsilon: 1e-3)
        let steps = [1, 2, 3, 10, 100, 5000]
        let baseline = law.moments(at: steps, variant: VARLAB_BASELINE)
        for variant in [VARLAB_AVX2, VARLAB_AVX512] where varlab_variant_is_available(variant) {
            #expect(law.moments(at: steps, variant: variant) == baseline)
        }
    }

    @Test func rejects() {
        #expect(throws: ParameterError.self) { try ExactLaw(beta2: 1, means: [0]) }
        #expect(throws: ParameterError.self) { try ExactLaw(beta2: 1e-200, means: [0]) }
        for mean in [Double.nan, .infinity, -.infinity, 1e101] {
            #expect(throws: ParameterError.self) { try ExactLaw(beta2: 0.9, means: [mean]) }
        }
        for epsilon in [Double.nan, .infinity, -1, -Double.leastNonzeroMagnitude] {
            #expect(throws: ParameterError.self) { try ExactLaw(beta2: 0.9, means: [0], epsilon: epsilon) }
        }
        for beta1 in [Double.nan, 1, -0.1] {
            #expect(throws: ParameterError.self) { try ExactLaw.updateSecondMoment(beta1: beta1, beta2: 0.9, at: [1]) }
        }
    }
}
