import Errors
import TestSupport
import Testing
import Theory

@Suite struct AdaptiveRateVarianceTests {
    /// A few roundings each: the fraction, its recurrence, a quotient and a product.
    static let closedFormTolerance = 4e-15

    @Test(arguments: ["scaled_inverse_chi_square", "closed_form_extended"])
    func agreesWithReference(file: String) throws {
        for row in try ReferenceTable(file).rows {
            let rho = row["rho"]!
            if let expected = row["var_psi"] {
                #expect(relativeError(try AdaptiveRateVariance.closedForm(rho: rho), expected) < Self.closedFormTolerance, "ρ = \(rho)")
            }
            #expect(relativeError(try AdaptiveRateVariance.mean(rho: rho), row["mean_psi"]!) < Self.closedFormTolerance, "ρ = \(rho)")
            if let expected = row["mean_psi_squared"] {
                #expect(relativeError(try AdaptiveRateVariance.secondMoment(rho: rho), expected) < Self.closedFormTolerance, "ρ = \(rho)")
            }
            if let expected = row["var_first_order"] {
                #expect(relativeError(try AdaptiveRateVariance.firstOrder(rho: rho), expected) < Self.closedFormTolerance, "ρ = \(rho)")
            }
        }
    }

    /// Theorem 1: the variance decreases in ρ.
    @Test func decreases() throws {
        let rho = stride(from: 2.05, through: 3000, by: 0.37)
        let variances = try rho.map { try AdaptiveRateVariance.closedForm(rho: $0) }
        #expect(zip(variances, variances.dropFirst()).allSatisfy { $0 > $1 })
    }

    @Test func domain() throws {
        #expect(try AdaptiveRateVariance.closedForm(rho: 2) == .infinity)
        #expect(try AdaptiveRateVariance.mean(rho: 1) == .infinity)
        #expect(try AdaptiveRateVariance.secondMoment(rho: 1.5) == .infinity)
        for rho in [0, -1, Double.nan] {
            #expect(throws: ParameterError.self) { try AdaptiveRateVariance.closedForm(rho: rho) }
            #expect(throws: ParameterError.self) { try AdaptiveRateVariance.mean(rho: rho) }
            #expect(throws: ParameterError.self) { try AdaptiveRateVariance.secondMoment(rho: rho) }
        }
        #expect(throws: ParameterError.self) { try AdaptiveRateVariance.firstOrder(rho: 4) }
    }
}
