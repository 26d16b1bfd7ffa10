import Errors
import Foundation
@testable import Optimizers
import TestSupport
import Testing
import Theory

/// r_t of the exact law of other gradients than independent normal ones.
@Suite struct RectificationLawTests {
    private func method(_ law: RectificationLaw, beta2: Double = 0.999, like implementation: Implementation = .paper) throws -> OptimizationMethod {
        var settings = MethodSettings()
        settings.beta2 = beta2
        return try MethodSpecification.radam(.exact(law)).method(settings, like: implementation)
    }

    private func factors(_ method: OptimizationMethod, at steps: [Int]) throws -> [Double?] {
        var sequence = try StepSequence(method)
        return steps.map { sequence.step(at: $0).rectification }
    }

    /// √(Var[ψ_∞]/Var[ψ_t]) with both variances by another quadrature over the law's closed form: E e^{-s g²} = √π/2 erf(x)/x, x = √(3s),
    /// for uniform gradients. The subtraction E[ψ²] - E[ψ]² leaves 1e-13 of a variance of the order of the mean's square.
    @Test func uniformByQuadrature() throws {
        let beta2 = 0.5
        func variance(_ count: Int) -> Double {
            let correction = 1 - pow(beta2, Double(count))
            let weights = (0..<count).map { (1 - beta2) * pow(beta2, Double($0)) / correction }
            return plainMoments { s in
                weights.reduce(1) { product, weight in
                    let x = (3 * s * weight).squareRoot()
                    return product * (x < 1e-8 ? 1 : Double.pi.squareRoot() / 2 * erf(x) / x)
                }
            }.variance
        }
        let limit = variance(60)
        let steps = [3, 4, 7, 20, 60]
        for (step, factor) in zip(steps, try factors(method(RectificationLaw(.uniform), beta2: beta2), at: steps)) {
            #expect(abs(factor! / (limit / variance(step)).squareRoot() - 1) < 1e-11, "\(step)")
        }
    }

    /// r_t² Var[ψ_t] is the same at every step: with the variances of the reference, to their 17 digits and the bound of the law, 1e-10.
    @Test(arguments: ["laplace", "uniform", "student-t:3"])
    func varianceIsHeldAtItsLimit(name: String) throws {
        let rows = try ReferenceTable("exact_law_sources").text.filter {
            $0["gradients"] == name && $0["mu"] == "0" && $0["epsilon"] == "0" && Double($0["var_psi"]!)?.isFinite == true
        }
        for beta2 in [0.9, 0.999] {
            let rows = rows.filter { $0["beta2"] == "\(beta2)" }
            let steps = rows.map { Int($0["t"]!)! }
            #expect(steps.count >= 2)
            let specification = try MethodSpecification(parsing: "radam-exact:\(name)")
            var settings = MethodSettings()
            settings.beta2 = beta2
            let factors = try factors(specification.method(settings, like: .paper), at: steps)
            let held = zip(rows, factors).map { $1! * $1! * Double($0["var_psi"]!)! }
            for value in held { #expect(abs(value / held[0] - 1) < 2e-10, "\(name) \(beta2) \(held)") }
        }
    }

    /// However heavy the tails, there is a variance from t = 3 on, and before it the implementation's own step.
    @Test(arguments: ["student-t:0.5", "student-t:1", "student-t:2", "laplace", "logistic", "mixture:0.1:10", "autocorrelation:0.9"])
    func rectifiesFromTheThirdStep(law: String) throws {
        for (implementation, before) in [(Implementation.paper, OptimizerStep.Rule.momentum), (.authors, .skip)] {
            var sequence = try StepSequence(MethodSpecification(parsing: "radam-exact:\(law)").method(MethodSettings(), like: implementation))
            for step in 1...5 {
                let made = sequence.step(at: step)
                #expect(made.rule == (step < 3 ? before : .adaptive) && (made.rectification != nil) == (step >= 3), "\(law) \(step)")
                if let factor = made.rectification { #expect(factor > 0 && factor < 1) }
            }
        }
    }

    /// Recorded values: with a zero among them the variance is infinite at every step, and the method is SGD with momentum throughout as at
    /// ρ_∞ ≤ 4; without one it is finite from the first step on.
    @Test func recordedValues() throws {
        let zeros = try RectificationLaw(recorded: [0, 1, -1, 2], digest: "a")
        #expect(try factors(method(zeros), at: [1, 2, 3, 100, 10_000]).allSatisfy { $0 == nil })
        let gap = try RectificationLaw(recorded: [0.5, -1, 1, -0.25], digest: "b")
        let steps = [1, 2, 3, 50]
        let found = try factors(method(gap, beta2: 0.9), at: steps)
        // At t = 1 ψ = 1/|g|: E[ψ²] - E[ψ]² = (4+1+1+16)/4 - ((2+1+1+4)/4)² = 1.5.
        let process = try GradientProcess(.recorded, recorded: [0.5, -1, 1, -0.25])
        let limit = try #require(try ExactProcessLaw(beta2: 0.9, process: process).limit()).variance
        #expect(abs(found[0]! - (limit / 1.5).squareRoot()) < 1e-12)
        #expect(found.allSatisfy { $0 != nil })
        // One size leaves no variance; nor is there a law of what is not finite.
        for values in [[1, -1, 1], [], [.nan, 1], [.infinity, 1], [1e200, 1]] {
            #expect(throws: ParameterError.self) { try RectificationLaw(recorded: values, digest: "c") }
        }
    }

    /// A sequence that is asked for late steps alone has the bits of one that took them all.
    @Test(arguments: ["radam-exact", "radam-exact:laplace", "radam-exact:student-t:1", "radam-exact:autocorrelation:0.5"])
    func laterStepsHaveTheSameBits(name: String) throws {
        var settings = MethodSettings()
        settings.beta2 = 0.99
        let method = try MethodSpecification(parsing: name).method(settings, like: .paper)
        var whole = try StepSequence(method)
        let all = (1...9000).map { whole.step(at: $0).rectification }
        for step in [1, 1024, 1025, 2049, 4097, 8000, 9000] {
            #expect(try factors(method, at: [step])[0] == all[step - 1], "\(name) \(step)")
        }
    }

    /// Steps may be asked for twice, one by one or together.
    @Test(arguments: ["radam-exact", "radam-exact:uniform"])
    func repeatedSteps(name: String) throws {
        let schedule = try MultiplierSchedule(MethodSpecification(parsing: name), like: .paper)
        let found = schedule.multipliers(at: [1, 1, 3, 3, 3, 40, 40])
        #expect(found.map(\.step) == [1, 1, 3, 3, 3, 40, 40])
        #expect(found[2].value == found[4].value && found[5].value == found[6].value && found[2].value < found[5].value)
        #expect(abs(found[5].value / schedule.multipliers(at: [40])[0].value - 1) < 1e-12)
    }

    /// Autocorrelated gradients are followed step by step until they settle, which β2 = 0.99984 lets them do within a million.
    @Test func autocorrelationNeedsADecayThatSettles() throws {
        let law = try RectificationLaw(.normal, autocorrelation: 0.5)
        _ = try method(law, beta2: 0.9998)
        do {
            _ = try method(law, beta2: 0.9999)
            Issue.record("accepted")
        } catch let error as ParameterError {
            #expect(error.parameter == .beta2 && error.rule.contains("0.99984"))
        }
        #expect(try MultiplierSchedule(.radam(.exact(law)), like: .paper).multipliers(at: [1 << 53])[0].value > 0.999)
    }

    // MARK: Text

    @Test(arguments: [
        ("radam-exact:normal", "radam-exact"), ("radam-exact:laplace", "radam-exact:laplace"), ("radam-exact:student-t:3.0", "radam-exact:student-t:3"),
        ("radam-exact:mixture:0.1:10", "radam-exact:mixture:0.1:10"), ("radam-exact:autocorrelation:0", "radam-exact"),
        ("radam-exact:autocorrelation:-0.5", "radam-exact:autocorrelation:-0.5"),
    ])
    func namesOfLaws(text: String, name: String) throws {
        let specification = try MethodSpecification(parsing: text)
        #expect(try specification.description == name && MethodSpecification(parsing: name) == specification)
    }

    @Test(arguments: [
        "radam-exact:", "radam-exact:cauchy", "radam-exact:laplace:1", "radam-exact:student-t", "radam-exact:student-t:0.1", "radam-exact:student-t:x",
        "radam-exact:mixture:0.1", "radam-exact:mixture:2:1", "radam-exact:autocorrelation", "radam-exact:autocorrelation:1",
        "radam-exact:autocorrelation:nan", "radam-exact:trace", "radam-exact:trace:a.npy", "radam-exact:recorded", "radam:laplace",
    ])
    func otherTextIsRefused(text: String) throws {
        #expect(throws: ParameterError.self) { try MethodSpecification(parsing: text) }
    }

    @Test func onlyRadamExactTakesALaw() throws {
        let law = try RectificationLaw(.laplace)
        #expect(MethodSpecification.radam(.exactLaw).rectified(by: law).description == "radam-exact:laplace")
        for name in ["radam", "radam-closed-form", "radam-exact:uniform", "adam", "adam-rectified-warmup"] {
            let specification = try MethodSpecification(parsing: name)
            #expect(specification.rectified(by: law) == specification)
        }
    }

    // MARK: JSON

    /// A method reads back as itself; one with a recorded law names its values, equals it, and cannot run without them.
    @Test func methodsWithLawsReadBack() throws {
        let recorded = try RectificationLaw(recorded: [1, 2, -3], digest: "6b1f")
        for law in [try RectificationLaw(.laplace), try RectificationLaw(.normal, autocorrelation: 0.25), recorded] {
            let method = try method(law)
            let data = try JSONEncoder().encode(method)
            let read = try JSONDecoder().decode(OptimizationMethod.self, from: data)
            #expect(read == method && read.hashValue == method.hashValue)
            let text = String(decoding: data, as: UTF8.self)
            #expect(text.contains("\"exact-law:\(law == recorded ? "trace:6b1f" : law.description)\""), "\(text)")
            if law == recorded {
                #expect(throws: ParameterError.self) { try StepSequence(read) }
            } else {
                #expect(try factors(read, at: [5]) == factors(method, at: [5]))
            }
        }
        #expect(try recorded != RectificationLaw(recorded: [1, 2, -3], digest: "6b2f"))
        // The normal law has the word that it had.
        #expect(String(decoding: try JSONEncoder().encode(method(.normal)), as: UTF8.self).contains("\"rectification\":\"exact-law\""))
        for text in ["\"exact\"", "\"exact-law:cauchy\"", "\"exact-law:\"", "\"\""] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(RectificationRule.Variance.self, from: Data(text.utf8)) }
        }
    }
}
