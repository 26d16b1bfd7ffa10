import Errors
import Foundation
import TestSupport
import Testing
import Theory

@Suite struct ExactProcessLawTests {
    /// What the given rows are printed to, and how much of it E[ψ²] - E[ψ]² of the references can have lost.
    static func check(_ row: [String: String], _ moments: ExactMoments) throws {
        let digits = row["var_psi"]!.count { $0.isNumber }
        let tolerance = digits > 14 ? 1e-13 : 1e-11
        for (value, column) in [(moments.mean, "mean_psi"), (moments.meanSquare, "mean_psi_squared"), (moments.variance, "var_psi")] {
            #expect(relativeError(value, Double(row[column]!)!) < tolerance, "\(column) of \(row)")
        }
    }

    /// One scale over long runs, which are blocks of steps, is the law of gradients alike at all steps; also in stretches of 25 steps and between steps that are
    /// asked for.
    @Test(arguments: [(0.999, 25), (0.99, 100), (0.9999, 26)])
    func blocksOfOneScale(beta2: Double, stretch: Int) throws {
        let steps = [1, 2, 7, 25, 63, 1000, 1013, 40_000]
        // Scales that differ by a rounding end a block.
        let scales = (0..<40_000).map { $0 / stretch % 2 == 0 ? 1 : 1.0.nextUp }
        let found = try ExactProcessLaw(beta2: beta2, process: GradientProcess(.normal, scales: scales)).moments(at: steps)
        let expected = try ExactLaw(beta2: beta2, means: [0]).moments(at: steps)[0]
        for (one, other) in zip(found, expected) where other.variance.isFinite {
            // Logarithms of weights up to 402, whose last place is 6e-14, with some ten roundings between them and the moments.
            #expect(relativeError(one!.mean, other.mean) < 1e-12 && relativeError(one!.variance, other.variance) < 4e-12)
        }
    }

    /// Rounding alone: measured are 2e-14 on the rows of 17 digits; wanted were 1e-10 and, on those of 12, 1e-9.
    @Test(arguments: ["exact_law_sources", "exact_law_heavy"])
    func agreesWithReferenceOfSources(file: String) throws {
        for row in try ReferenceTable(file).text {
            let process = try GradientProcess(GradientLaw(specification: row["gradients"]!), mean: Double(row["mu"]!)!)
            let law = try ExactProcessLaw(beta2: Double(row["beta2"]!)!, process: process, epsilon: Double(row["epsilon"]!)!)
            try Self.check(row, try #require(try law.moments(at: [Int(row["t"]!)!])[0]))
        }
    }

    @Test func agreesWithReferenceOfCorrelatedGradients() throws {
        for row in try ReferenceTable("exact_law_correlated").text {
            let scales = row["scales"]!.isEmpty ? nil : row["scales"]!.split(separator: " ").map { Double($0)! }
            let process = try GradientProcess(
                .normal, mean: Double(row["mu"]!)!, autocorrelation: Double(row["autocorrelation"]!)!, scales: scales)
            let law = try ExactProcessLaw(beta2: Double(row["beta2"]!)!, process: process)
            try Self.check(row, try #require(try law.moments(at: [Int(row["t"]!)!])[0]))
        }
    }

    // MARK: Independent routes

    /// Densities of unit variance, or scale 1, for φ by quadrature over g; the kinks of Laplace's and the uniform law's at 0 and ±√3.
    static let densities: [(specification: String, density: @Sendable (Double) -> Double, ends: [Double])] = [
        ("normal", { exp(-$0 * $0 / 2) / (2 * .pi).squareRoot() }, []),
        ("laplace", { exp(-2.0.squareRoot() * abs($0)) / 2.0.squareRoot() }, [0]),
        ("uniform", { abs($0) < 3.0.squareRoot() ? 1 / 12.0.squareRoot() : 0 }, [-3.0.squareRoot(), 3.0.squareRoot()]),
        ("logistic", { let y = exp(-.pi / 3.0.squareRoot() * abs($0)); return .pi / 3.0.squareRoot() * y / ((1 + y) * (1 + y)) }, []),
        ("student-t:3", { 2 / .pi / ((1 + $0 * $0) * (1 + $0 * $0)) }, []),
        ("student-t:1", { 1 / .pi / (1 + $0 * $0) }, []),
        ("mixture:0.1,3", { z in
            let unit = 1.8.squareRoot(), x = z * unit
            return unit * (0.9 * exp(-x * x / 2) + 0.1 / 3 * exp(-x * x / 18)) / (2 * .pi).squareRoot()
        }, []),
    ]

    /// E e^{-s (z+μ)²} by the double exponential rule on each side of every kink and of 0, the peak for large s.
    static func transform(
        _ law: (specification: String, density: @Sendable (Double) -> Double, ends: [Double]), mean: Double, s: Double
    ) -> Double {
        // In g, so that what is next to g = 0 is exact.
        let cuts = Set(law.ends.map { $0 + mean } + [0]).sorted()
        func value(_ g: Double) -> Double { law.density(g - mean) * exp(-s * g * g) }
        var sum = halfLineIntegral { value(cuts[0] - $0) } + halfLineIntegral { value(cuts[cuts.count - 1] + $0) }
        for (low, high) in zip(cuts, cuts.dropFirst()) {
            // x/(1+x) runs over (0, 1), from the end that is 0 if one is.
            let (start, length) = high == 0 ? (high, low - high) : (low, high - low)
            sum += abs(length) * halfLineIntegral { value(start + length * $0 / (1 + $0)) / ((1 + $0) * (1 + $0)) }
        }
        return sum
    }

    /// φ from the density, M as a product and moments by another rule; the subtraction leaves 1e-13 of E[ψ²].
    @Test(arguments: [0, 0.7])
    func agreesWithDensities(mean: Double) throws {
        let weights = [0.4, 0.3, 0.2, 0.1]
        for law in Self.densities {
            let process = try GradientProcess(GradientLaw(specification: law.specification), mean: mean)
            let moments = try #require(try ExactProcessLaw(beta2: 0.9, process: process, weights: .list(weights)).moments(at: [4])[0])
            let direct = plainMoments { s in weights.reduce(1) { $0 * Self.transform(law, mean: mean, s: s * $1) } }
            #expect(relativeError(moments.mean, direct.mean) < 1e-11, "\(law.specification)")
            #expect(relativeError(moments.meanSquare, direct.meanSquare) < 1e-11, "\(law.specification)")
            #expect(relativeError(moments.variance, direct.variance) < 1e-10, "\(law.specification)")
        }
    }

    /// Independent N(μ, 1) gradients by `ExactLaw`, by tabulated factors and by Kalman's filter: three routes.
    @Test(arguments: [0.0, 0.4])
    func routesAgreeOnNormalGradients(mean: Double) throws {
        let steps = [3, 4, 10, 100, 700]
        for epsilon in [0.0, 1e-3, 100] {
            let reference = try ExactLaw(beta2: 0.99, means: [mean], epsilon: epsilon).moments(at: steps)[0]
            let normal = try GradientProcess(.normal, mean: mean)
            #expect(try ExactProcessLaw(beta2: 0.99, process: normal, epsilon: epsilon).moments(at: steps) == reference)
            let filtered = try GradientProcess(.normal, mean: mean, means: Array(repeating: mean, count: 700))
            let scaled = try GradientProcess(.normal, mean: mean, scales: Array(repeating: 1, count: 700))
            let tabulated = try GradientProcess(.mixture(share: 0.5, standardDeviation: 1), mean: mean)
            for process in [filtered, scaled, tabulated] {
                let moments = try ExactProcessLaw(beta2: 0.99, process: process, epsilon: epsilon).moments(at: steps)
                for (value, expected) in zip(moments, reference) {
                    #expect(relativeError(value!.variance, expected.variance) < 1e-12)
                    #expect(relativeError(value!.mean, expected.mean) < 1e-13)
                }
            }
        }
    }

    /// In a basis in which it is diagonal, v̂ of AR(1) gradients is Σ λ χ²: the eigenvalues of W^{1/2} Σ W^{1/2} by Jacobi's rotations.
    @Test(arguments: [0.3, -0.8, 0.97])
    func agreesWithEigenvalues(autocorrelation: Double) throws {
        let t = 9, beta2 = 0.8
        let weights = (0..<t).map { (1 - beta2) / (1 - pow(beta2, Double(t))) * pow(beta2, Double($0)) }
        let eigenvalues = Self.eigenvalues((0..<t).map { i in
            (0..<t).map { j in (weights[i] * weights[j]).squareRoot() * pow(autocorrelation, Double(abs(i - j))) }
        })
        let direct = plainMoments { s in eigenvalues.reduce(1) { $0 / (1 + 2 * s * $1).squareRoot() } }
        let process = try GradientProcess(.normal, autocorrelation: autocorrelation)
        let moments = try #require(try ExactProcessLaw(beta2: beta2, process: process).moments(at: [t])[0])
        #expect(relativeError(moments.mean, direct.mean) < 1e-12)
        #expect(relativeError(moments.variance, direct.variance) < 1e-10)
    }

    private static func eigenvalues(_ matrix: [[Double]]) -> [Double] {
        var a = matrix
        let n = a.count
        for _ in 0..<30 {
            for p in 0..<n {
                for q in (p + 1)..<n where abs(a[p][q]) > 1e-300 {
                    let angle = 0.5 * atan2(2 * a[p][q], a[q][q] - a[p][p])
                    let (c, s) = (cos(angle), sin(angle))
                    for k in 0..<n { (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]) }
                    for k in 0..<n { (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]) }
                }
            }
        }
        return (0..<n).map { a[$0][$0] }
    }

    // MARK: Over the steps

    /// All steps in one pass, one by one, and in blocks.
    @Test(arguments: ["laplace", "student-t:3", "uniform", "mixture:0.01,10"])
    func curveEqualsSingleSteps(specification: String) throws {
        let process = try GradientProcess(GradientLaw(specification: specification))
        for epsilon in [0.0, 1e-6] {
            let law = try ExactProcessLaw(beta2: 0.9995, process: process, epsilon: epsilon)
            let curve = try law.moments(at: Array(1...3000))
            for step in [1, 2, 3, 17, 500, 3000] {
                let single = try #require(try law.moments(at: [step])[0]), value = curve[step - 1]!
                #expect(relativeError(value.mean, single.mean) < 1e-13 && relativeError(value.variance, single.variance) < 1e-12)
            }
        }
    }

    /// Piece by piece, to the bit.
    @Test func sweepsAreCutAnywhere() throws {
        for process in [try GradientProcess(.laplace), try GradientProcess(.normal), try GradientProcess(.normal, autocorrelation: 0.5)] {
            for weights in [SecondMomentWeights.biasCorrected, .previous] {
                let law = try ExactProcessLaw(beta2: 0.99, process: process, weights: weights)
                let sweep = try law.sweep(over: Array(1...40))
                let pieces = sweep.next(1) + sweep.next(7) + sweep.next(0) + sweep.next(1000)
                #expect(try pieces == law.moments(at: Array(1...40)) && sweep.next(1).isEmpty)
            }
        }
    }

    /// For β2 → 1 v̂ is nearly Gaussian: Var[ψ] → ¼ Var[g²] Σw², with the kurtosis 6, 3, 1.8 and 4.2.
    @Test func slowAveragesEnd() throws {
        for (specification, kurtosis) in [("laplace", 6.0), ("uniform", 1.8), ("logistic", 4.2), ("mixture:0,1", 3)] {
            let process = try GradientProcess(GradientLaw(specification: specification))
            let law = try ExactProcessLaw(beta2: 1 - 1e-8, process: process)
            let limit = try #require(try law.limit()), far = try #require(try law.moments(at: [1_000_000_000])[0])
            #expect(relativeError(limit.variance * 4 * (2 - 1e-8) / 1e-8, kurtosis - 1) < 1e-6, "\(specification)")
            #expect(far.variance > limit.variance)
        }
        let heavy = try ExactProcessLaw(beta2: 0.9999999, process: GradientProcess(.studentT(degreesOfFreedom: 1))).moments(at: [1_000_000_000])[0]
        #expect(heavy!.variance.isFinite && heavy!.variance > 0)
    }

    @Test func infiniteWhereItIsInfinite() throws {
        for specification in ["laplace", "student-t:2", "uniform", "logistic", "mixture:0.1,3"] {
            let process = try GradientProcess(GradientLaw(specification: specification))
            let curve = try ExactProcessLaw(beta2: 0.99, process: process).moments(at: [1, 2, 3]).map { $0! }
            #expect(curve[0].mean == .infinity && curve[0].variance == .infinity)
            #expect(curve[1].mean.isFinite && curve[1].meanSquare == .infinity && curve[1].variance == .infinity)
            #expect(curve[2].variance.isFinite)
            let finite = try ExactProcessLaw(beta2: 0.99, process: process, epsilon: 1e-8).moments(at: [1])[0]!
            #expect(finite.variance.isFinite && finite.variance > 1)
            #expect(try ExactProcessLaw(beta2: 0, process: process).moments(at: [7])[0]!.variance == .infinity)
        }
        // |g| ≥ 2 - √3: 1/|g| is bounded, and E[1/g] = ln((2+√3)/(2-√3))/(2√3).
        let away = try ExactProcessLaw(beta2: 0.9, process: GradientProcess(.uniform, mean: 2)).moments(at: [1])[0]!
        #expect(relativeError(away.mean, log((2 + 3.0.squareRoot()) / (2 - 3.0.squareRoot())) / 12.0.squareRoot()) < 1e-12)
        #expect(relativeError(away.meanSquare, 1) < 1e-12)
    }
}
