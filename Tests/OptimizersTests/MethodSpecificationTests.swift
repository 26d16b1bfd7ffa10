import Errors
import Optimizers
import Testing
import Theory

struct MethodSpecificationTests {
    @Test func everyFormReadsBackAsItself() throws {
        for specification in MethodSpecification.all {
            #expect(try MethodSpecification(parsing: specification.description) == specification)
        }
        #expect(Set(MethodSpecification.all.map(\.description)).count == MethodSpecification.all.count)
    }

    @Test(arguments: [
        ("adam-warmup:4000", MethodSpecification.adamWarmup(.linear(steps: 4000))),
        ("adam-2k", .adamFreeze(steps: 2000)),
        ("adam-2k:500", .adamFreeze(steps: 500)),
        ("adam-eps:1e-4", .adamEpsilon(.constant(1e-4))),
        ("adam-eps:1e-8:1e-4:300:linear", .adamEpsilon(.linear(first: 1e-8, last: 1e-4, steps: 300))),
        ("sgd:0.9", .sgd(momentum: 0.9)),
        ("rmsprop", .rmsprop()),
    ])
    func reads(text: String, expected: MethodSpecification) throws {
        #expect(try MethodSpecification(parsing: text) == expected)
    }

    @Test(arguments: [
        "", "Adam", "adam:1", "adam-warmup", "adam-warmup:0", "adam-warmup:1.5", "adam-eps:-1", "adam-eps:1:2", "adam-eps:nan",
        "adam-eps:0:1e-4:10", "adam-eps:1e-8:1e-4:10:cubic", "sgd:1", "sgd:-0.1", "sgd:", "sgd:0.9:0.1", "nesterov", "rmsprop:x",
        "adam-2k:0", "radam:4", "adam-2k:9223372036854775807", "adam-2k:9007199254740993", "adam-warmup:9223372036854775808",
        "adam-warmup:-9223372036854775808", "adam-eps:1e-8:1e-4:9223372036854775807", "adam-eps:inf", "sgd:1e400", "nesterov:nan", "radam ",
    ])
    func refuses(text: String) {
        #expect { try MethodSpecification(parsing: text) } throws: { ($0 as? ParameterError)?.rule.isEmpty == false }
    }

    /// What is wrong stands within the text, so the error is about the text, and names what in it.
    @Test(arguments: [
        ("sgd:2", "momentum must be in [0, 1)"), ("nesterov:1", "momentum must be in [0, 1)"), ("adam-eps:-1", "epsilon must be"),
        ("adam-warmup:9223372036854775807", "9007199254740992"), ("adam-2k:x", "'x'"), ("adam-eps:0:1:5", "epsilon must be"),
    ])
    func errorsNameTheText(text: String, part: String) {
        let error = #expect(throws: ParameterError.self) { try MethodSpecification(parsing: text) }
        #expect(error?.parameter == .optimizer && error?.value == text && error?.rule.contains(part) == true, "\(error as Any)")
    }

    /// The longest schedules that can be asked for: every sum of them is a number.
    @Test func longestSchedules() throws {
        let longest = OptimizationMethod.longestSchedule
        for text in ["adam-2k:\(longest)", "adam-warmup:\(longest)", "adam-eps:1e-8:1e-4:\(longest)", "adam-eps:1e-8:1e-4:\(longest):linear"] {
            let specification = try MethodSpecification(parsing: text)
            #expect(try MethodSpecification(parsing: specification.description) == specification)
            for implementation in Implementation.allCases {
                var optimizer = try Optimizer<Double>(specification.method(MethodSettings(), like: implementation), count: 2)
                var parameters = [1.0, -1]
                optimizer.update(&parameters, gradients: [0.5, 0.25])
                #expect(parameters.allSatisfy { $0.isFinite })
            }
        }
        let method = try MethodSpecification.adamFreeze(steps: longest - 5).method(MethodSettings(), like: .paper)
        #expect(try method.iterations(updates: 5) == longest)
        for updates in [6, Int.max, 0, -1, Int.min] {
            #expect(throws: ParameterError.self) { try method.iterations(updates: updates) }
        }
        let adam = try MethodSpecification.adam.method(MethodSettings(), like: .paper)
        #expect(try adam.iterations(updates: 7) == 7)
        #expect(throws: ParameterError.self) { try adam.iterations(updates: longest + 1) }
    }

    /// 10,000 texts of the grammar's own pieces: each is read, and then reads back as itself, or is refused by an error about it.
    @Test func anyTextIsReadOrRefused() throws {
        let pieces = [
            "sgd", "nesterov", "rmsprop", "rmsprop-centred", "adam", "adamw", "nadam", "radam", "radam-exact", "adam-eps", "adam-2k",
            "adam-warmup", "adam-untuned-linear", "laplace", "student-t", "mixture", "autocorrelation", "trace", "linear", ":", ":", ":", ":", "0", "1", "0.9", "-1", "1e-8", "1e-4", "2000", "1e400", "nan", "inf",
            "9007199254740992", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "0x10", "+5", "é", " ", "",
            "1e-320", "5e-324", "1.7976931348623157e308",
        ]
        var generator = Words(state: 7)
        var accepted = 0
        for _ in 0..<10_000 {
            let text = (0...generator.below(8)).map { _ in pieces[generator.below(pieces.count)] }.joined()
            do throws(ParameterError) {
                let specification = try MethodSpecification(parsing: text)
                accepted += 1
                #expect(try MethodSpecification(parsing: specification.description) == specification, "\(text)")
                for implementation in Implementation.allCases {
                    _ = try specification.method(MethodSettings(), like: implementation)
                }
            } catch {
                #expect(error.parameter == .optimizer && error.value == text && !error.rule.isEmpty, "\(text): \(error)")
            }
        }
        #expect(accepted > 200)
    }

    @Test func anyDecayIsReadOrRefused() {
        let pieces = [
            "constant", "linear", "cosine", "steps", "inverse-square-root", ":", ":", ":", ":", "0", "1", "10", "0.1", "-1", "1e-8", "nan", "inf",
            "9007199254740992", "9223372036854775807", "9223372036854775808", "", "x",
        ]
        var generator = Words(state: 8)
        var accepted = 0
        for _ in 0..<10_000 {
            let text = (0...generator.below(8)).map { _ in pieces[generator.below(pieces.count)] }.joined()
            do throws(ParameterError) {
                let decay = try StepDecay(parsing: text)
                accepted += 1
                #expect(try StepDecay(parsing: decay.description) == decay, "\(text)")
                for step in [1, 2, 10, 1 << 53] {
                    let factor = decay.factor(at: step)
                    #expect(factor >= 0 && factor <= 1, "\(text) at \(step): \(factor)")
                }
            } catch {
                #expect(error.parameter == .stepDecay && error.value == text && !error.rule.isEmpty, "\(text): \(error)")
            }
        }
        #expect(accepted > 40)
    }
}

/// Numbers from a fixed seed.
struct Words {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}
