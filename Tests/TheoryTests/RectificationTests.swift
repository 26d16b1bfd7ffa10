import Errors
import TestSupport
import Testing
import Theory

@Suite struct RectificationTests {
    /// ρ-4 takes the rounding of ρ_t (8e-15 at most) times ρ/(ρ-4), which is 40 at the first rectified step of β2 = 0.99
    /// and 7000 where ρ_t = 4.0006 is the closest case of the reference file; the square root halves it.
    static func tolerance(rho: Double) -> Double { 8e-15 + 8e-15 * rho / max(rho - 4, 1e-3) }
    /// Square root of a quotient of two variances that are each right to 1e-12.
    static let exactTolerance = 1e-12

    @Test func agreesWithReference() throws {
        for row in try ReferenceTable("rectification").rows {
            let average = try ExponentialAverage(beta2: row["beta2"]!)
            let step = Int(row["t"]!)
            let rho = average.rho(at: step)
            let label = "β2 = \(row["beta2"]!), t = \(step)"

            let firstOrder = Rectification.firstOrder(rho: rho, rhoInfinity: average.rhoInfinity)
            #expect((firstOrder == nil) == (row["r_t"] == nil), "\(label)")
            if let firstOrder, let expected = row["r_t"] {
                #expect(relativeError(firstOrder, expected) < Self.tolerance(rho: rho), "\(label)")
            }
            let closedForm = Rectification.closedForm(rho: rho, rhoInfinity: average.rhoInfinity)
            #expect((closedForm == nil) == (row["r_closed_form"] == nil), "\(label)")
            if let closedForm, let expected = row["r_closed_form"] {
                #expect(relativeError(closedForm, expected) < 1e-13, "\(label)")
            }
            if let expected = row["r_exact"] {
                let law = try ExactLaw(beta2: row["beta2"]!, means: [0])
                let exact = Rectification.exact(
                    variance: law.moments(at: [step])[0][0].variance, limit: law.limit()[0].variance)
                #expect(relativeError(try #require(exact), expected) < Self.exactTolerance, "\(label)")
            }
            #expect(relativeError(Warmup.untunedLinear(average, step: step), row["warmup_untuned_linear"]!) < 1e-15)
            #expect(relativeError(Warmup.untunedExponential(average, step: step), row["warmup_untuned_exponential"]!) < 1e-15)
        }
    }

    @Test func thresholdDelaysRectification() {
        #expect(Rectification.firstOrder(rho: 4.5, rhoInfinity: 1999) != nil)
        #expect(Rectification.firstOrder(rho: 4.5, rhoInfinity: 1999, threshold: 5) == nil)
        #expect(Rectification.firstOrder(rho: 4, rhoInfinity: 1999) == nil)
        #expect(Rectification.firstOrder(rho: 3.9, rhoInfinity: 3.95, threshold: 0) == nil)
        #expect(Rectification.closedForm(rho: 2, rhoInfinity: 1999) == nil)
        #expect(Rectification.exact(variance: .infinity, limit: 1) == nil)
    }

    @Test func linearWarmup() throws {
        #expect(try Warmup.linear(step: 1, length: 4000) == 1.0 / 4000)
        #expect(try Warmup.linear(step: 4000, length: 4000) == 1)
        #expect(try Warmup.linear(step: 5000, length: 4000) == 1)
        #expect(throws: ParameterError.self) { try Warmup.linear(step: 1, length: 0) }
    }
}
