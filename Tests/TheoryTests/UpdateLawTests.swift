import TestSupport
import Testing
import Theory

@Suite struct UpdateLawTests {
    /// The trapezoid rule and the sums of a few hundred terms leave some 1e-13.
    static let momentTolerance = 1e-11

    @Test func agreesWithReference() throws {
        for row in try ReferenceTable("update_law").rows {
            let label = "\(row)"
            let law = try UpdateLaw(beta1: row["beta1"]!, beta2: row["beta2"]!, mean: row["mu"]!, step: Int(row["t"]!))
            let moments = law.moments()
            let mean = try #require(moments.mean)
            #expect(relativeError(mean, row["mean"]!) < Self.momentTolerance, "\(mean) \(label)")
            #expect(relativeError(moments.secondMoment, row["second_moment"]!) < Self.momentTolerance, "\(moments) \(label)")
            #expect(relativeError(law.largest, row["largest"]!) < 1e-14, "\(law.largest) \(label)")
            let variance = row["second_moment"]! - row["mean"]! * row["mean"]!
            #expect(abs(moments.variance - variance) < 1e-11 * row["second_moment"]!)
        }
    }

    /// A small ε beside a mean at t = 1, by mpmath's adaptive quadrature over g with 30 digits: E[u²] was off by 7e-10.
    @Test func smallEpsilonAtTheFirstStep() throws {
        let moments = try UpdateLaw(beta1: 0.9, beta2: 0.999, mean: -1, epsilon: 1e-8, step: 1).moments()
        #expect(relativeError(moments.mean!, -0.68268948488930231031) < 3e-12)
        #expect(relativeError(moments.secondMoment, 0.99999982022159935175) < 3e-12)
        #expect(relativeError(moments.variance, 0.53393488744317856081) < 3e-12)
    }
}
