import Distributions
import Errors
import Foundation
import TestSupport
import Testing
import Theory

@Suite struct ProcessSecondMomentLawTests {
    /// What is stated: absolute for probabilities.
    static let probabilityTolerance = 1e-9
    /// Relative, for the density's bulk.
    static let densityTolerance = 1e-8

    private func law(
        _ gradients: String, beta2: Double, mean: Double = 0, autocorrelation: Double = 0, scales: [Double]? = nil, means: [Double]? = nil, step: Int
    ) throws -> ProcessSecondMomentLaw {
        try ProcessSecondMomentLaw(
            beta2: beta2,
            process: GradientProcess(
                GradientLaw(specification: gradients), mean: mean, autocorrelation: autocorrelation, scales: scales, means: means), step: step)
    }

    /// Two and three squares by convolution in real space, with no transform; also the stated accuracies at places that are not in the bulk.
    @Test func agreesWithConvolution() throws {
        let table = try ReferenceTable("process_second_moment")
        var known: (parameters: [String], law: ProcessSecondMomentLaw)?
        for (row, text) in zip(table.rows, table.text) {
            let parameters = ["gradients", "mu", "beta2", "t"].map { text[$0]! }
            if known?.parameters != parameters {
                known = (parameters, try law(parameters[0], beta2: row["beta2"]!, mean: row["mu"]!, step: Int(row["t"]!)))
            }
            let (law, v) = (known!.law, row["v"]!)
            #expect(abs(law.distribution(at: v) - row["distribution"]!) < Self.probabilityTolerance, "\(text)")
            #expect(
                abs(law.density(at: v) - row["density"]!) < Self.densityTolerance * max(row["density"]!, 1e-2 / v), "\(text) \(law.density(at: v))")
        }
    }

    /// The normal law by the general routes, as a chain without correlation and as a mixture of equal variances, against the law that knows it.
    @Test(arguments: [(0.5, 0.0, 2), (0.9, 0, 7), (0.999, 0, 1000), (0.999, 1, 3), (0.9999, 3, 400), (0.999, 30, 6000), (0.1, 2, 5)])
    func normalGradientsAgreeWithTheirOwnLaw(beta2: Double, mean: Double, step: Int) throws {
        let reference = try SecondMomentLaw(beta2: beta2, mean: mean, step: step)
        for gradients in ["normal", "mixture:0.5,1"] {
            let law = try law(gradients, beta2: beta2, mean: mean, step: step)
            #expect(relativeError(law.mean, reference.mean) < 1e-12 && relativeError(law.variance, reference.variance) < 1e-9)
            for probability in [1e-6, 1e-3, 0.1, 0.5, 0.9, 0.999, 1 - 1e-6] {
                let v = try reference.quantile(probability)
                #expect(abs(law.distribution(at: v) - probability) < 1e-11, "\(gradients) \(probability)")
                let density = reference.density(at: v)
                #expect(abs(law.density(at: v) - density) < Self.densityTolerance * max(density, 1e-3 / reference.variance.squareRoot()))
            }
        }
    }

    /// Two autocorrelated squares are two independent ones with the eigenvalues as weights: those of [[w_0, r√(w_0 w_1)], [·, w_1]].
    @Test(arguments: [0.5, -0.9, 0.99]) func twoOfAChainAreTwoIndependentOnes(autocorrelation: Double) throws {
        let beta2 = 0.7
        let (first, second) = (1 / (1 + beta2), beta2 / (1 + beta2))
        let determinant = first * second * (1 - autocorrelation * autocorrelation)
        let large = (1 + (1 - 4 * determinant).squareRoot()) / 2
        let reference = try SecondMomentLaw(beta2: determinant / (large * large), mean: 0, step: 2)
        let law = try law("normal", beta2: beta2, autocorrelation: autocorrelation, step: 2)
        for v in [0.001, 0.1, 0.6, 1.5, 4, 9] {
            #expect(abs(law.distribution(at: v) - reference.distribution(at: v)) < 1e-11)
            #expect(relativeError(law.density(at: v), reference.density(at: v)) < Self.densityTolerance)
        }
    }

    /// Moments of ψ_t by the density are those that the real transform's integrals give, which know nothing of it.
    @Test(arguments: [
        ("laplace", 0.999, 0.0, 0.0, 5), ("laplace", 0.99, 1, 0, 300), ("laplace", 0.999, 2, 0, 4), ("student-t:3", 0.999, 0, 0, 6),
        ("student-t:1", 0.9, 0, 0, 40), ("student-t:5", 0.999, 10, 0, 20), ("logistic", 0.999, 3, 0, 1000), ("uniform", 0.999, 0, 0, 60),
        ("uniform", 0.9, 3, 0, 12), ("mixture:0.1,5", 0.999, 1, 0, 2000), ("normal", 0.99, 0, 0.9, 10), ("normal", 0.999, 1, -0.5, 300),
    ])
    func densityGivesTheMomentsOfTheExactLaw(gradients: String, beta2: Double, mean: Double, autocorrelation: Double, step: Int) throws {
        let law = try law(gradients, beta2: beta2, mean: mean, autocorrelation: autocorrelation, step: step)
        let exact = try ExactProcessLaw(beta2: beta2, process: law.process).moments(at: [step])[0]
        try check(law, against: try #require(exact))
    }

    /// Scales and means over the steps.
    @Test func changingGradientsHaveTheMomentsOfTheExactLaw() throws {
        let scales = (1...40).map { pow(0.95, Double($0)) }, means = (1...40).map { 0.1 * Double($0 % 7) }
        for (gradients, autocorrelation, means) in [("normal", 0.6, Optional(means)), ("laplace", 0, nil), ("student-t:3", 0, nil)] {
            let law = try law(gradients, beta2: 0.97, autocorrelation: autocorrelation, scales: scales, means: means, step: 30)
            let exact = try ExactProcessLaw(beta2: 0.97, process: law.process).moments(at: [30])[0]
            try check(law, against: try #require(exact))
        }
    }

    private func check(_ law: ProcessSecondMomentLaw, against expected: ExactMoments) throws {
        // The trapezoid rule in ln v between the points where the tails are below 1e-10; Var[ψ] has E[ψ⁴]-like weight far down.
        let (low, high) = (log(try law.quantile(1e-10)), log(try law.upperQuantile(1e-10)))
        let count = 4000
        let spacing = (high - low) / Double(count)
        var (mass, first, second) = (0.0, 0.0, 0.0)
        for index in 0...count {
            let v = exp(low + Double(index) * spacing)
            let weight = law.density(at: v) * v * spacing
            let distance = 1 / v.squareRoot() - expected.mean
            mass += weight
            first += weight * distance
            second += weight * distance * distance
        }
        let context = Comment(rawValue: "\(law.process.law.specification), t = \(law.step)")
        // Kinks and edges leave the square of the spacing.
        #expect(abs(mass - 1) < 1e-6, context)
        #expect(abs(first) < 1e-5 * expected.mean, context)
        #expect(relativeError(second, expected.variance) < 1e-3, context)
    }

    /// The distribution function rises by the density's integral, whatever the law.
    @Test(arguments: ["laplace", "student-t:0.5", "student-t:2", "student-t:40", "uniform", "logistic", "mixture:0.01,30"])
    func isALaw(gradients: String) throws {
        for (beta2, mean, step) in [(0.999, 0.0, 1), (0, 0.7, 9), (0.999, 0, 2), (0.9, 0.5, 3), (0.01, 0, 4), (0.9, 0, 11), (0.999, 1.5, 100), (0.99999, 0, 1_000_000)] {
            let law = try law(gradients, beta2: beta2, mean: mean, step: step)
            var previous = 0.0
            for probability in [1e-6, 0.01, 0.2, 0.5, 0.8, 0.99, 1 - 1e-5] {
                let v = try law.quantile(probability)
                #expect(v > previous, "\(beta2) \(mean) \(step)")
                #expect(abs(law.distribution(at: v) - probability) < 1e-9)
                let (density, tails) = (law.density(at: v), law.tails(at: v))
                #expect(density >= 0 && density.isFinite && abs(tails.lower + tails.upper - 1) < 1e-14)
                previous = v
                // So narrow that no edge is inside.
                let width = 1e-6 * min(v, law.variance.isFinite ? law.variance.squareRoot() : v)
                let rise = law.distribution(at: v + width) - law.distribution(at: v - width)
                #expect(abs(rise - 2 * width * density) < 1e-4 * rise + 1e-11, "\(beta2) \(mean) \(step) \(probability)")
            }
        }
    }

    /// One square: the change of variables, with the laws' own distribution functions.
    @Test func oneSquare() throws {
        let law = try law("laplace", beta2: 0.9, step: 1)
        for v in [1e-8, 0.3, 2, 50.0] {
            #expect(relativeError(law.tails(at: v).upper, exp(-(2 * v).squareRoot())) < 1e-14)
            #expect(relativeError(law.density(at: v), exp(-(2 * v).squareRoot()) / (2 * v).squareRoot()) < 1e-14)
            #expect(abs(law.tails(at: v).lower + expm1(-(2 * v).squareRoot())) < 1e-15)
        }
        // Cauchy's law: P(g² ≤ v) = 2 arctan(√v)/π.
        let cauchy = try self.law("student-t:1", beta2: 0, step: 7)
        for v in [1e-6, 1, 1e6] { #expect(relativeError(cauchy.distribution(at: v), 2 * atan(v.squareRoot()) / .pi) < 1e-9) }
        let uniform = try self.law("uniform", beta2: 0.5, mean: 3, scales: nil, step: 1)
        #expect(uniform.distribution(at: 1.6) == 0 && uniform.distribution(at: 22.4) == 1)
        #expect(abs(uniform.distribution(at: 9) - 0.5) < 1e-15)
    }

    @Test func domain() throws {
        let law = try law("uniform", beta2: 0.9, step: 3)
        #expect(law.density(at: 0) == 0 && law.density(at: -1) == 0 && law.density(at: .infinity) == 0 && law.density(at: .nan).isNaN)
        #expect(law.density(at: 3.0001) == 0 && law.tails(at: 3.0001) == (1, 0) && law.tails(at: 0) == (0, 1))
        #expect(try law.quantile(0) == 0 && abs(law.quantile(1) - 3) < 1e-12)
        let far = try self.law("student-t:3", beta2: 0.999, step: 1000)
        for near in [1e-300, 1e-20, 0.01] { #expect(far.density(at: near) == 0 && far.distribution(at: near) == 0) }
        #expect(far.tails(at: 1e300).upper < 1e-9 && far.density(at: 1e300) < 1e-300)
        for bad in [-0.1, 1.1, Double.nan] { #expect(throws: ParameterError.self) { try far.quantile(bad) } }
    }

    /// What has no density, and what no inversion reaches, is refused with the parameter and the limit.
    @Test func refusals() throws {
        func refused(_ parameter: Parameter, _ make: () throws -> ProcessSecondMomentLaw) {
            #expect { _ = try make() } throws: { ($0 as? ParameterError)?.parameter == parameter }
        }
        refused(.gradients) {
            try ProcessSecondMomentLaw(beta2: 0.9, process: GradientProcess(.recorded, recorded: [-1, 1]), step: 5)
        }
        refused(.mu) { try law("student-t:3", beta2: 0.9, mean: 1e6, step: 5) }
        refused(.steps) { try law("laplace", beta2: 0.9, scales: [1, 2], step: 3) }
        refused(.steps) { try law("laplace", beta2: 0.9, step: 0) }
        refused(.beta2) { try law("laplace", beta2: 1, step: 3) }
    }
}
