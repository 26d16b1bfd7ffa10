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

    /// The difference of Eq. 5 and Eq. 2, of which a subtraction leaves nothing from ρ = 1e17 on. Up to ρ = 8 it is one, of
    /// numbers at least 1.7 apart: each has its few ulp 2.4 times.
    @Test func firstOrderExcessAgreesWithReference() throws {
        for row in try ReferenceTable("first_order_excess").rows {
            let rho = row["rho"]!
            let tolerance = rho < 8 ? 3 * Self.closedFormTolerance : Self.closedFormTolerance
            #expect(relativeError(try AdaptiveRateVariance.firstOrderExcess(rho: rho), row["excess"]!) < tolerance, "ρ = \(rho)")
            let relative = try AdaptiveRateVariance.relativeFirstOrderExcess(rho: rho)
            #expect(relativeError(relative, row["relative_excess"]!) < tolerance + Self.closedFormTolerance, "ρ = \(rho)")
            #expect(relativeError(try AdaptiveRateVariance.closedForm(rho: rho), row["var_psi"]!) < Self.closedFormTolerance, "ρ = \(rho)")
        }
    }

    /// The excess falls as ρ grows, also over the places where its method changes, and in the end like 9/(8ρ²).
    @Test func firstOrderExcessIsSmooth() throws {
        for place in [8.0, 20, 35, 130, 1e100] {
            let around = [1 - 1e-9, 1 - 1e-12, 1, 1 + 1e-12, 1 + 1e-9].map { place * $0 }
            let values = try around.map { try AdaptiveRateVariance.firstOrderExcess(rho: $0) }
            #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 * (1 - 1e-14) }, "\(place)")
            #expect(relativeError(values[0], values[4]) < 1e-8, "\(place)")
        }
        for rho in [1e17, 1e60, 1e99, 1e101, 1e150] {
            #expect(relativeError(try AdaptiveRateVariance.firstOrderExcess(rho: rho) * rho * rho, 9.0 / 8) < 1e-15 + 20 / rho)
            #expect(relativeError(try AdaptiveRateVariance.relativeFirstOrderExcess(rho: rho) * rho, 9.0 / 4) < 2e-15 + 20 / rho)
        }
        for rho in [4, 2, -1, Double.nan] {
            #expect(throws: ParameterError.self) { try AdaptiveRateVariance.firstOrderExcess(rho: rho) }
            #expect(throws: ParameterError.self) { try AdaptiveRateVariance.relativeFirstOrderExcess(rho: rho) }
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
