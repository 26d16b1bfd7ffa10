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

    /// By mpmath from the moments' gamma functions; four digits decide on a standard error.
    @Test(arguments: [(5.0, 36.68945992), (10, 7.454771229), (100, 3.252017183), (1000, 3.024115271), (10_000, 3.002401148)])
    func shape(rho: Double, kurtosis: Double) throws {
        #expect(relativeError(AdaptiveRateVariance.kurtosis(rho: rho), kurtosis) < 1e-4)
        let (mean, variance) = (try AdaptiveRateVariance.mean(rho: rho), try AdaptiveRateVariance.closedForm(rho: rho))
        #expect(relativeError(AdaptiveRateVariance.relativeVariance(rho: rho), variance / (mean * mean)) < 1e-13)
        #expect(AdaptiveRateVariance.kurtosis(rho: 4) == .infinity && AdaptiveRateVariance.relativeVariance(rho: 2) == .infinity)
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

    /// To the last doubles: 4z and 2ρ leave the range before the results do.
    @Test func largestDegreesOfFreedom() throws {
        for rho in [1e299, 9e307, 1e308, Double.greatestFiniteMagnitude] {
            #expect(relativeError(try AdaptiveRateVariance.mean(rho: rho), 1) < 1e-15, "ρ = \(rho)")
            #expect(relativeError(try AdaptiveRateVariance.firstOrder(rho: rho), 0.5 / rho) < 1e-14, "ρ = \(rho)")
            #expect(relativeError(try AdaptiveRateVariance.closedForm(rho: rho), 0.5 / rho) < 1e-14, "ρ = \(rho)")
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

    @Test func agreesWithRandomReference() throws {
        for row in try ReferenceTable("random_rates").rows {
            let rho = row["rho"]!
            if let expected = row["mean_psi"] {
                // ρ - 1 takes a rounding of ρ where ρ is next to 1, which is none: the argument z + ½ = (ρ-1)/2 is exact.
                #expect(relativeError(try AdaptiveRateVariance.mean(rho: rho), expected) < Self.closedFormTolerance, "ρ = \(rho)")
            }
            if let expected = row["mean_psi_squared"] {
                #expect(relativeError(try AdaptiveRateVariance.secondMoment(rho: rho), expected) < Self.closedFormTolerance, "ρ = \(rho)")
            }
            if let expected = row["var_psi"] {
                #expect(relativeError(try AdaptiveRateVariance.closedForm(rho: rho), expected) < Self.closedFormTolerance, "ρ = \(rho)")
            }
            if let expected = row["var_first_order"] {
                #expect(relativeError(try AdaptiveRateVariance.firstOrder(rho: rho), expected) < Self.closedFormTolerance, "ρ = \(rho)")
            }
        }
    }

    /// ρ from just above 1 to the largest doubles, four to the octave.
    static let wide = (1...4080).map { 1 + Double(sign: .plus, exponent: $0 / 4 - 40, significand: 1 + Double($0 % 4) / 4) }

    /// E[ψ] and E[ψ²] fall to 1, the variance to 0; E[ψ] ≥ 1 by Jensen; E[ψ²] - E[ψ]² is the variance as far as the subtraction goes.
    @Test func momentsFall() throws {
        var last = (mean: Double.infinity, square: Double.infinity, variance: Double.infinity)
        for rho in Self.wide {
            let mean = try AdaptiveRateVariance.mean(rho: rho)
            let square = try AdaptiveRateVariance.secondMoment(rho: rho)
            let variance = try AdaptiveRateVariance.closedForm(rho: rho)
            #expect(mean >= 1 && square >= 1 && variance >= 0, "ρ = \(rho)")
            #expect(mean <= last.mean * (1 + Self.closedFormTolerance) && square <= last.square && variance <= last.variance, "ρ = \(rho)")
            if square.isFinite {
                #expect(variance < square)
                #expect(abs(square - mean * mean - variance) < 1e-14 * square, "ρ = \(rho)")
            } else {
                #expect(variance == .infinity)
            }
            last = (mean, square, variance)
        }
    }

    /// For large ρ both variances are 1/(2ρ): Eq. 2 has 1/(2ρ) (1 + 15/(4ρ) + …), Eq. 5 has 1/(2ρ) (1 + 6/ρ + …).
    @Test func largeRho() throws {
        for rho in [1e4, 1e6, 1e9, 1e12, 1e100, 1e300] {
            let half = 0.5 / rho
            #expect(relativeError(try AdaptiveRateVariance.closedForm(rho: rho), half * (1 + 15 / (4 * rho))) < 100 / rho / rho + Self.closedFormTolerance)
            #expect(relativeError(try AdaptiveRateVariance.firstOrder(rho: rho), half * (1 + 6 / rho)) < 100 / rho / rho + Self.closedFormTolerance)
        }
        #expect(try AdaptiveRateVariance.firstOrder(rho: 5) > AdaptiveRateVariance.closedForm(rho: 5))
    }

    /// Next to their poles: E[ψ²] = ρ/(ρ-2), and the variance with it.
    @Test func nextToThePoles() throws {
        for distance in [1e-3, 1e-6, 1e-9, 1e-12] {
            let rho = 2 + distance
            // ρ itself is rounded; its distance from 2 as it is.
            #expect(relativeError(try AdaptiveRateVariance.secondMoment(rho: rho), rho / (rho - 2)) < 1e-15)
            let mean = try AdaptiveRateVariance.mean(rho: rho)
            #expect(relativeError(try AdaptiveRateVariance.closedForm(rho: rho), rho / (rho - 2) - mean * mean) < 1e-14)
        }
        #expect(try AdaptiveRateVariance.closedForm(rho: 2.0.nextUp).isFinite && AdaptiveRateVariance.mean(rho: 1.0.nextUp).isFinite)
        #expect(try AdaptiveRateVariance.firstOrder(rho: 4.0.nextUp) > 1e15)
    }

    @Test func refusalsNameTheValue() {
        for rho in [-Double.infinity, -1e-300, 0, -0.0, .nan] {
            let error = #expect(throws: ParameterError.self) { try AdaptiveRateVariance.closedForm(rho: rho) }
            #expect(error?.parameter == .rho)
            #expect(throws: ParameterError.self) { try AdaptiveRateVariance.firstOrder(rho: rho) }
        }
        #expect(throws: ParameterError.self) { try AdaptiveRateVariance.firstOrder(rho: 4.0.nextDown) }
    }
}
