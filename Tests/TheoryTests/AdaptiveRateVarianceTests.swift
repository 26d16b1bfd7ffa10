import Testing
import Theory

@Suite struct AdaptiveRateVarianceTests {
    /// A few roundings each: the fraction, its recurrence, a quotient and a product.
    static let closedFormTolerance = 4e-15

    @Test(arguments: ["scaled_inverse_chi_square"])
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

    @Test func quadratureAgreesWithClosedForm() throws {
        for rho in [2.01, 2.1, 2.5, 3, 4, 5, 7.5, 10, 50, 500, 2000, 1e5, 1e7] {
            let closed = try AdaptiveRateVariance.closedForm(rho: rho)
            let q = try ScaledInverseChi(degreesOfFreedom: rho).varianceByQuadrature()
            print(rho, closed, q.value/closed - 1, q.absoluteError/closed)
        }
    }

    @Test func rhoMatching() throws {
        for rho in [2.0000001, 2.01, 2.5, 3, 4, 5, 10, 100, 1999, 1e6, 1e12, 1e15, 1e300] {
            let v = try AdaptiveRateVariance.closedForm(rho: rho)
            let r = try AdaptiveRateVariance.rho(matching: v)
            print(rho, v, r ?? .nan)
        }
    }
}
