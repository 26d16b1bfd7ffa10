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

    /// The independent path: its own error estimate, plus the rounding of the density, which for large ρ is that of
    /// exp(-ρ/2 …) and below 1e-13 in the whole range.
    @Test(arguments: [2.01, 2.1, 2.5, 3, 4, 5, 7.5, 10, 50, 500, 2000, 1e5, 1e7])
    func quadratureAgreesWithClosedForm(rho: Double) throws {
        let closed = try AdaptiveRateVariance.closedForm(rho: rho)
        let quadrature = try ScaledInverseChi(degreesOfFreedom: rho, scale: 0.25).varianceByQuadrature()
        #expect(abs(quadrature.value - closed / 4) < quadrature.absoluteError + 1e-13 * closed)
        #expect(quadrature.absoluteError < 1e-11 * closed)
    }

    /// The relative error of ρ is that of the variance times the condition V/(ρ |V'|) ≤ 1.
    @Test(arguments: [2.0000001, 2.01, 2.5, 3, 4, 5, 10, 100, 1999, 1e6, 1e12, 1e15, 1e300])
    func rhoMatchingInvertsTheClosedForm(rho: Double) throws {
        let variance = try AdaptiveRateVariance.closedForm(rho: rho)
        let matched = try #require(try AdaptiveRateVariance.rho(matching: variance))
        #expect(relativeError(matched, rho) < 2e-15)
    }

    @Test func rhoMatchingAtTheEnds() throws {
        #expect(try AdaptiveRateVariance.rho(matching: 0) == .infinity)
        #expect(try AdaptiveRateVariance.rho(matching: .infinity) == nil)
        #expect(try AdaptiveRateVariance.rho(matching: 1e30) == nil)
        #expect(throws: ParameterError.self) { try AdaptiveRateVariance.rho(matching: -1e-9) }
        #expect(throws: ParameterError.self) { try AdaptiveRateVariance.rho(matching: .nan) }
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
