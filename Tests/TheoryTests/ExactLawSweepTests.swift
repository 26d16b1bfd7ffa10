import TestSupport
import Testing
import Theory

/// A walk in pieces is the walk.
@Suite struct ExactLawSweepTests {
    static let steps = Array(1...300) + Array(stride(from: 310, through: 5000, by: 45)) + [20_000, 20_001, 1_000_000, 1 << 40, .max]

    private func pieces(_ length: Int) -> [ArraySlice<Int>] {
        stride(from: 0, to: Self.steps.count, by: length).map { Self.steps[$0..<min($0 + length, Self.steps.count)] }
    }

    @Test(arguments: [0, 1e-50, 0.5, 0.999, 0.999999], [0, 1e-30, 1e-8, 50])
    func piecesGiveTheSameBits(beta2: Double, epsilon: Double) throws {
        let law = try ExactLaw(beta2: beta2, means: [0, 1, 30], epsilon: epsilon)
        let whole = law.moments(at: Self.steps)
        for length in [1, 7, 100] {
            let sweep = law.sweep(through: Self.steps.last!)
            var joined = law.means.map { _ in [ExactMoments]() }
            for piece in pieces(length) {
                for (index, moments) in sweep.moments(at: piece).enumerated() { joined[index] += moments }
            }
            #expect(joined == whole, "pieces of \(length)")
        }
    }

    /// A mean's numbers do not depend on the company it is in.
    @Test(arguments: [0, 1e-12, 0.1, 1000])
    func meansDoNotDisturbEachOther(epsilon: Double) throws {
        let means = [0, 0.01, 2, 40, 1e55]
        let together = try ExactLaw(beta2: 0.99, means: means, epsilon: epsilon).moments(at: Self.steps)
        for (index, mean) in means.enumerated() {
            let alone = try ExactLaw(beta2: 0.99, means: [mean], epsilon: epsilon).moments(at: Self.steps)[0]
            #expect(alone == together[index], "μ = \(mean)")
        }
    }

    @Test func signOfTheMeanDoesNotMatter() throws {
        let curves = try ExactLaw(beta2: 0.9, means: [3, -3, 1e70, -1e70, 0, -0.0], epsilon: 1e-3).moments(at: [1, 2, 3, 50])
        #expect(curves[0] == curves[1] && curves[2] == curves[3] && curves[4] == curves[5])
    }

    /// The same step again, and the last step of one piece as the first of the next, cost nothing and change nothing.
    @Test func aStepCanBeAskedForAgain() throws {
        let law = try ExactLaw(beta2: 0.99, means: [0, 4], epsilon: 1e-5)
        let sweep = law.sweep(through: 100)
        let first = sweep.moments(at: [1, 50, 50])
        let again = sweep.moments(at: [50, 100])
        for index in 0..<2 {
            #expect(first[index][1].variance == first[index][2].variance)
            #expect(relativeError(again[index][0].variance, first[index][1].variance) < 1e-15)
            #expect(relativeError(again[index][1].variance, law.moments(at: [100])[index][0].variance) < 1e-13)
        }
    }

    @Test func emptyLists() throws {
        #expect(try ExactLaw(beta2: 0.9, means: []).moments(at: [1, 2]).isEmpty)
        #expect(try ExactLaw(beta2: 0.9, means: [0]).moments(at: []) == [[]])
        #expect(try ExactLaw(beta2: 0.9, means: [0, 1]).sweep(through: 5).moments(at: [Int]()).allSatisfy(\.isEmpty))
    }

    /// A million steps past the end of the change are as quick as one: nothing is computed again.
    @Test(.timeLimit(.minutes(1))) func settledStepsAreFree() throws {
        let law = try ExactLaw(beta2: 0.9, means: [0, 1])
        let moments = law.sweep(through: 1_000_000).moments(at: 999_000...1_000_000)
        #expect(moments[0].allSatisfy { relativeError($0.variance, moments[0][1000].variance) < 1e-15 })
        #expect(relativeError(moments[0][0].variance, law.limit()[0].variance) < 1e-14)
    }

    /// t = 1 is one square, whatever β2; for μ ≠ 0 it is |μ + g|.
    @Test func firstStepDoesNotDependOnTheDecay() throws {
        for epsilon in [1e-200, 1e-9, 0.1, 7, 1e5] {
            let expected = try ExactLaw(beta2: 0, means: [0, 2], epsilon: epsilon).moments(at: [1])
            for beta2 in [1e-100, 0.1, 0.999, 1 - 1e-12] {
                let moments = try ExactLaw(beta2: beta2, means: [0, 2], epsilon: epsilon).moments(at: [1])
                for index in 0..<2 {
                    #expect(relativeError(moments[index][0].variance, expected[index][0].variance) < 1e-12, "β2 \(beta2), ε \(epsilon)")
                    #expect(relativeError(moments[index][0].mean, expected[index][0].mean) < 1e-13)
                }
            }
        }
    }
}
