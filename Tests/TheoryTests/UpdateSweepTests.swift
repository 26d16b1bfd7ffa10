import Errors
import TestSupport
import Testing
import Theory

/// The moments of the update step after step, against 40-digit references and against the law of each step by itself.
@Suite struct UpdateSweepTests {
    private func sweep(beta1: Double, beta2: Double, means: [Double], epsilon: Double = 0, through last: Int) throws -> [[UpdateLaw.Moments]] {
        let sweep = try UpdateSweep(beta1: beta1, beta2: beta2, means: means, epsilon: epsilon, lastStep: last)
        return (0..<last).map { _ in sweep.next() }
    }

    @Test func agreesWithReference() throws {
        let rows = try ReferenceTable("update_law").rows.filter { $0["t"]! <= 10_000 }
        var compared = 0
        for group in Dictionary(grouping: rows, by: { [$0["beta1"]!, $0["beta2"]!] }) {
            let means = Array(Set(group.value.map { $0["mu"]! })).sorted(), last = Int(group.value.map { $0["t"]! }.max()!)
            let moments = try sweep(beta1: group.key[0], beta2: group.key[1], means: means, through: last)
            for row in group.value {
                let value = moments[Int(row["t"]!) - 1][means.firstIndex(of: row["mu"]!)!]
                #expect(relativeError(try #require(value.mean), row["mean"]!) < UpdateLawTests.momentTolerance, "\(row)")
                #expect(relativeError(value.secondMoment, row["second_moment"]!) < UpdateLawTests.momentTolerance, "\(row)")
                compared += 1
            }
        }
        #expect(compared >= 20)
    }

    /// Each step by itself, a mean beside others or alone: every corner of the parameters.
    @Test(arguments: [
        (0.9, 0.999, 0.0), (0.9, 0.999, 1e-8), (0.9, 0.99, 0.1), (0.0, 0.9, 0), (0.5, 1e-3, 0), (0.9, 0, 0.01), (0.99, 0.95, 3),
        (0.999, 0.9, 0), (0.9, 1e-20, 1e-3), (0.9, 0.999, 1e6),
    ])
    func agreesWithTheLaw(beta1: Double, beta2: Double, epsilon: Double) throws {
        // At the first step with ε > 0: see below.
        let means = [0, -0.3, 1, 50], steps = (epsilon == 0 ? [1] : []) + [2, 3, 4, 5, 6, 10, 17, 40, 200]
        let moments = try sweep(beta1: beta1, beta2: beta2, means: means, epsilon: epsilon, through: 200)
        for (index, mean) in means.enumerated() {
            let alone = try sweep(beta1: beta1, beta2: beta2, means: [mean], epsilon: epsilon, through: 200)
            for step in steps {
                let value = moments[step - 1][index]
                let exact = try UpdateLaw(beta1: beta1, beta2: beta2, mean: mean, epsilon: epsilon, step: step).moments()
                let label = "\(mean) \(step) \(value) \(exact)"
                for (value, tolerance) in [(value, 1e-12), (alone[step - 1][0], 1e-12)] {
                    #expect((value.mean == nil) == (exact.mean == nil), "\(label)")
                    if let mean = exact.mean { #expect(relativeError(value.mean!, mean) < tolerance, "\(label)") }
                    #expect(relativeError(value.secondMoment, exact.secondMoment) < tolerance, "\(label)")
                    // Both differ from the square of the mean by what is left of it.
                    #expect(value.variance == exact.variance || abs(value.variance - exact.variance) < 1e-12 * (exact.variance + 1e-4 * exact.secondMoment), "\(label)")
                }
            }
        }
    }

    /// u_1 = g/(|g|+ε) by mpmath's quadrature, to 17 digits.
    @Test(arguments: [
        (0, 1e-8, 0, 0.99999971310231034), (-0.3, 1e-8, -0.23582284146630631, 0.99999972502961085),
        (1, 1e-8, 0.68268948488930221, 0.99999982022159935), (50, 1e-8, 0.9999999997999199, 0.99999999959983981),
        (0, 1e-16, 0, 0.99999999999999419), (-0.3, 1e-16, -0.23582284437790524, 0.99999999999999444),
        (1, 1e-16, 0.68268949213708582, 0.99999999999999642), (50, 1e-16, 1, 1), (0, 1e-3, 0, 0.98967921353682684),
        (-0.3, 1e-3, -0.23553328217007763, 0.99006379121277812), (1, 1e-3, 0.68196817473771582, 0.99316449834030731),
        (50, 1e-3, 0.99997999239085369, 0.9999599851821723),
    ])
    func firstStep(mean: Double, epsilon: Double, first: Double, second: Double) throws {
        for (beta1, beta2) in [(0.9, 0.999), (0, 0)] {
            let moments = try sweep(beta1: beta1, beta2: beta2, means: [mean], epsilon: epsilon, through: 3)[beta2 == 0 ? 2 : 0][0]
            #expect(relativeError(moments.mean!, first) < 1e-12, "\(moments)")
            #expect(relativeError(moments.secondMoment, second) < 1e-12, "\(moments)")
        }
    }

    /// Where older gradients are nearly forgotten, u is nearly a sign: E[u²] = 1 to the first order in √β2.
    @Test func nearlyOneGradient() throws {
        let moments = try sweep(beta1: 0, beta2: 1e-30, means: [1], through: 5)
        #expect(moments.allSatisfy { relativeError($0[0].secondMoment, 1) < 1e-12 && relativeError($0[0].mean!, 0.6826894921370859) < 1e-12 })
    }

    @Test func domain() {
        for (beta1, beta2, mean, epsilon, parameter) in [
            (1.0, 0.9, 0.0, 0.0, Parameter.beta1), (0.9, 1, 0, 0, .beta2), (0.9, 1e-101, 0, 0, .beta2), (0.9, 0.9, 1e7, 0, .mu),
            (0.9, 0.9, 0, -1, .epsilon),
        ] {
            let error = #expect(throws: ParameterError.self) { try UpdateSweep(beta1: beta1, beta2: beta2, means: [mean], epsilon: epsilon, lastStep: 1) }
            #expect(error?.parameter == parameter)
        }
    }
}
