import Errors
import TestSupport
import Testing
import Theory

@Suite struct UpdateSecondMomentTests {
    /// Up to 1e18 steps, in milliseconds: the suite's limit would not see the end of one step after the other.
    @Test(.timeLimit(.minutes(1))) func longRunsAgreeWithReference() throws {
        for row in try ReferenceTable("update_second_moment_long").rows {
            let moment = try ExactLaw.updateSecondMoment(beta1: row["beta1"]!, beta2: row["beta2"]!, at: [Int(row["t"]!)])[0]
            #expect(relativeError(moment, row["update_second_moment"]!) < 1e-13, "\(row) \(moment)")
        }
    }

    static let decays = [0, 0.3, 0.9, 0.99, 0.9999, 0.999999, 1 - 1e-10, 1.0.nextDown]

    /// Every pair of decay rates and any t ends; for β2 → 1, where v̂ stands still, E[u²] is Σ a².
    @Test(.timeLimit(.minutes(2)), arguments: decays, decays)
    func everyPairOfDecaysEnds(beta1: Double, beta2: Double) throws {
        let steps = [1, 2, 3, 1000, 16_384, 16_385, 100_000, 1 << 40, .max]
        let moments = try ExactLaw.updateSecondMoment(beta1: beta1, beta2: beta2, at: steps)
        #expect(moments[0] == 1 || abs(moments[0] - 1) < 2e-14)
        if beta2 == 0 {
            #expect(moments.dropFirst().allSatisfy { $0 == (beta1 == 0 ? 1 : .infinity) })
            return
        }
        #expect(moments.allSatisfy { $0 > 0 && $0.isFinite })
        // (1-β1)/(1+β1), the sum of the squared weights in the limit.
        if beta2 > 1 - 1e-9, beta1 < 0.9999 { #expect(relativeError(moments[8], (1 - beta1) / (1 + beta1)) < 1e-8) }
        let pieces = try UpdateSecondMomentSweep(beta1: beta1, beta2: beta2, lastStep: .max)
        #expect(steps.flatMap { pieces.secondMoments(at: [$0]) } == moments)
    }

    /// The terms one by one and the block rules are two routes to one number; they part at step 16384.
    @Test(arguments: [(0.9, 0.999), (0.99, 0.9999), (0.9, 0.81), (0.9999, 0.9), (0.5, 0.6), (0.999, 0.99999)])
    func curveEqualsSingleSteps(beta1: Double, beta2: Double) throws {
        let last = 20_000
        let sweep = try UpdateSecondMomentSweep(beta1: beta1, beta2: beta2, lastStep: last)
        let curve = sweep.secondMoments(at: 16_000...last)
        for step in [16_000, 16_384, 16_385, 18_000, last] {
            let single = try ExactLaw.updateSecondMoment(beta1: beta1, beta2: beta2, at: [step])[0]
            #expect(relativeError(curve[step - 16_000], single) < 2e-14, "t = \(step)")
        }
    }

    /// With equal weights (β1 = β2 → 1) u² = (Σg)²/(t Σg²) has mean 1/t: the direction of g is uniform.
    @Test func equalWeights() throws {
        let moments = try ExactLaw.updateSecondMoment(beta1: 1.0.nextDown, beta2: 1.0.nextDown, at: Array(1...60))
        for (index, moment) in moments.enumerated() { #expect(relativeError(moment, 1 / Double(index + 1)) < 1e-13) }
    }

    /// β1 = 0: u = g/√v̂, whose square has mean 1 for equal weights, and little less where the newest weighs most.
    @Test func withoutMomentum() throws {
        let moments = try ExactLaw.updateSecondMoment(beta1: 0, beta2: 0.999, at: [1, 10, 1000, 1_000_000])
        #expect(abs(moments[0] - 1) < 1e-14)
        #expect(moments.allSatisfy { $0 > 0.9 && $0 < 1.0001 })
    }

    @Test func rejects() {
        for beta in [Double.nan, .infinity, -.infinity, 1, 1.5, -1e-300] {
            #expect(throws: ParameterError.self) { try ExactLaw.updateSecondMoment(beta1: beta, beta2: 0.9, at: [1]) }
            #expect(throws: ParameterError.self) { try ExactLaw.updateSecondMoment(beta1: 0.9, beta2: beta, at: [1]) }
        }
        #expect(throws: ParameterError.self) { try UpdateSecondMomentSweep(beta1: 0.9, beta2: 1e-101, lastStep: 1) }
        let error = #expect(throws: ParameterError.self) { try ExactLaw.updateSecondMoment(beta1: 1, beta2: 0.9, at: [1]) }
        #expect(error?.parameter == .beta1)
    }
}
