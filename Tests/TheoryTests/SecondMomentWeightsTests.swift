import Errors
import TestSupport
import Testing
import Theory

@Suite struct SecondMomentWeightsTests {
    private func moments(
        _ weights: SecondMomentWeights, _ law: GradientLaw = .laplace, beta2: Double = 0.9, mean: Double = 0, epsilon: Double = 0,
        autocorrelation: Double = 0, at steps: [Int]
    ) throws -> [ExactMoments?] {
        let process = try GradientProcess(law, mean: mean, autocorrelation: autocorrelation)
        return try ExactProcessLaw(beta2: beta2, process: process, weights: weights, epsilon: epsilon).moments(at: steps)
    }

    private func expectSame(_ value: ExactMoments?, _ expected: ExactMoments?, scale: Double = 1) {
        #expect(relativeError(value!.mean, expected!.mean * scale) < 1e-13)
        #expect(relativeError(value!.variance, expected!.variance * scale * scale) < 1e-12)
    }

    /// GI-Adam by a quick computation of others: 6.5 where Adam has 0.0755.
    @Test func initialSquare() throws {
        let variance = try moments(.initialSquare, .normal, beta2: 0.999, at: [10])[0]!.variance
        #expect(abs(variance - 6.5) < 0.05)
        for (law, mean) in [(GradientLaw.laplace, 0.0), (.normal, 0.5)] {
            let list = (0..<6).map { 0.1 * power(0.9, $0) } + [power(0.9, 6)]
            try expectSame(
                moments(.initialSquare, law, mean: mean, at: [6])[0], moments(.list(list), law, mean: mean, at: [7])[0])
        }
        // An independent g_0 beside an autocorrelated series.
        let correlated = try moments(.initialSquare, .normal, autocorrelation: 1e-9, at: [6])[0]
        #expect(relativeError(correlated!.variance, try moments(.initialSquare, .normal, at: [6])[0]!.variance) < 1e-9)
    }

    /// v̂ = v/(1-β2^t): the same law but for a factor.
    @Test func uncorrected() throws {
        for step in [3, 20, 4000] {
            let correction = try ExponentialAverage(beta2: 0.999).biasCorrection(at: step)
            try expectSame(
                moments(.uncorrected, beta2: 0.999, at: [step])[0], moments(.biasCorrected, beta2: 0.999, at: [step])[0],
                scale: 1 / correction.squareRoot())
        }
    }

    /// A decay of 1 - 1/t is the plain mean: ψ² is Scale-inv-χ²(t, 1).
    @Test func growingDecay() throws {
        let curve = try moments(.growingDecay(exponent: 1), .normal, at: [3, 10, 500])
        for (value, step) in zip(curve, [3, 10, 500]) {
            #expect(relativeError(value!.variance, try AdaptiveRateVariance.closedForm(rho: Double(step))) < 1e-12)
        }
        // v by its recursion at t = 5.
        var list: [Double] = []
        for step in 1...5 {
            let gain = step == 1 ? 1 : 1 / fifthRoot(power(Double(step), 4))
            list = [gain] + list.map { $0 * (1 - gain) }
        }
        try expectSame(moments(.growingDecay(exponent: 0.8), at: [5])[0], moments(.list(list), at: [5])[0])
        try expectSame(moments(.growingDecay(exponent: 0.8), epsilon: 0.01, at: [5])[0], moments(.list(list), epsilon: 0.01, at: [5])[0])
    }

    /// The law's own β2 is unused, 0 included, whose logarithm is infinite.
    @Test func growingDecayIgnoresBeta2() throws {
        for law in [GradientLaw.normal, .laplace] {
            #expect(try moments(.growingDecay(exponent: 0.5), law, beta2: 0, at: [5, 100]) == moments(.growingDecay(exponent: 0.5), law, at: [5, 100]))
        }
    }

    @Test func previous() throws {
        for law in [GradientLaw.normal, .laplace] {
            let lagging = try moments(.previous, law, at: [1, 2, 8])
            #expect(lagging[0] == nil)
            #expect(try Array(lagging.dropFirst()) == moments(.biasCorrected, law, at: [1, 7]))
            let adopt = try moments(.previousWithInitialSquare, law, at: [1, 8])
            #expect(adopt[0]!.mean == .infinity)
            try expectSame(adopt[1], moments(.initialSquare, law, at: [7])[0])
        }
    }

    /// A list beyond its end, zeros in it, and one with nothing yet.
    @Test func list() throws {
        let list = SecondMomentWeights.list([0, 0.25, 0.25, 0.5])
        let curve = try moments(list, epsilon: 0.1, at: [1, 4, 9])
        #expect(curve[0]!.mean == 10 && curve[0]!.variance == 0)
        #expect(curve[1] == curve[2])
        try expectSame(curve[1], moments(.list([0.5, 0.25, 0.25]), epsilon: 0.1, at: [3])[0])
    }

    @Test(arguments: ["adam", "no-bias", "v0-g0", "adafactor:0.8", "previous", "adopt"])
    func isRead(specification: String) throws {
        let value = try moments(SecondMomentWeights(specification: specification), at: [50])[0]!
        #expect(value.variance > 0 && value.variance.isFinite)
    }

    @Test(arguments: ["", "Adam", "adafactor:", "adafactor:0", "adafactor:1.1", "adafactor:nan", "v0-g0:1", "list"])
    func refuses(specification: String) {
        #expect(throws: ParameterError.self) { try SecondMomentWeights(specification: specification) }
    }

    @Test(arguments: [[], [0, 0], [1, .nan], [-1], [.infinity], [1e-200]])
    func refusesLists(weights: [Double]) {
        #expect(throws: ParameterError.self) { try moments(.list(weights), at: [3]) }
    }

    private func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1) { value, _ in value * x } }

    private func fifthRoot(_ x: Double) -> Double {
        var root = x
        for _ in 0..<200 { root -= (root - x / power(root, 4)) / 5 }
        return root
    }
}
