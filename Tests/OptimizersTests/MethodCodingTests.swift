import Errors
import Foundation
import Optimizers
import Testing
import Theory

/// How methods stand in `run.json` and in checkpoints.
struct MethodCodingTests {
    private func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func read<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    /// Settings in which nothing is at its default.
    private static let unusual: MethodSettings = {
        var settings = MethodSettings()
        settings.learningRate = 0.0025
        settings.beta1 = 0.85
        settings.beta2 = 0.9875
        settings.epsilon = 1e-6
        settings.weightDecay = 0.015
        settings.isDecoupled = false
        settings.rmspropDecay = 0.95
        settings.stepDecay = .steps(milestones: [10, 20], factor: 0.1)
        settings.clippingNorm = 2.5
        settings.restartsMomentumCorrection = true
        return settings
    }()

    @Test(arguments: MethodSpecification.all, Implementation.allCases)
    func everyMethodReadsBackAsItself(specification: MethodSpecification, implementation: Implementation) throws {
        for settings in [MethodSettings(), Self.unusual] {
            let method = try specification.method(settings, like: implementation)
            let text = try json(method)
            #expect(try read(OptimizationMethod.self, text) == method, "\(text)")
            // Plain words and numbers: no object within the object, no `_0`.
            #expect(!text.dropFirst().contains("{") && !text.contains("_0"), "\(text)")
            let stretch = Stretch(firstStep: 5, method: method)
            #expect(try read(Stretch.self, try json(stretch)) == stretch)
        }
    }

    /// The form is part of the checkpoints' format and of `run.json`.
    @Test func theWordsOfAnAdam() throws {
        let method = try MethodSpecification.adam.method(MethodSettings(), like: .paper)
        #expect(try json(method) == """
            {"beta2":0.999,"centred":false,"decoupled":true,"epsilon":1e-08,"epsilonPlacement":"inside-bias-correction",\
            "learningRate":0.001,"lookAhead":"none","lrDecay":"constant","momentum":"average","momentumCorrection":"exact",\
            "momentumDecay":0.9,"rateCorrection":"exact","warmup":"none","weightDecay":0}
            """)
    }

    @Test func theWordsOfOthers() throws {
        func words(_ name: String, like implementation: Implementation = .torch) throws -> String {
            var settings = MethodSettings()
            settings.clippingNorm = 1
            return try json(MethodSpecification(parsing: name).method(settings, like: implementation))
        }
        for (name, parts) in [
            ("sgd", [#""momentum":"none""#, #""clip":1"#, #""clipGuard":1e-06"#]),
            ("nesterov:0.5", [#""momentum":"accumulation""#, #""momentumDecay":0.5"#, #""dampening":0"#, #""nesterov":true"#]),
            ("rmsprop:0.5", [#""momentum":"after-adaptive-rate""#, #""rateCorrection":"none""#, #""beta2":0.99"#]),
            ("nadam", [#""lookAhead":"scheduled""#, #""lookAheadDecay":0.004"#, #""lookAheadRoundsProduct":true"#]),
            ("radam", [#""rectification":"first-order""#, #""threshold":5"#, #""includesThreshold":false"#, #""before":"momentum-step""#]),
            ("adam-eps:1e-8:1e-4:5", [#""epsilonSchedule":"geometric""#, #""epsilonLast":0.0001"#, #""epsilonSteps":5"#]),
            ("adam-2k:7", [#""freezeSteps":7"#, #""freezeRestartsMomentumCorrection":false"#]),
            ("adam-warmup:3", [#""warmup":"linear""#, #""warmupSteps":3"#, #""warmupOffset":0"#]),
            ("adam-rectified-warmup", [#""warmup":"rectification""#, #""warmupVariance":"first-order""#]),
            ("adam-untuned-exponential", [#""warmup":"untuned-exponential""#]),
        ] {
            let text = try words(name)
            for part in parts { #expect(text.contains(part), "\(name): \(text)") }
        }
        let sgd = try words("sgd"), adam = try words("adam")
        #expect(!sgd.contains("beta2") && !adam.contains("rectification"))
    }

    @Test(arguments: StepDecayTextTests.forms.map(\.1))
    func decays(decay: StepDecay) throws {
        #expect(try read(StepDecay.self, try json(decay)) == decay)
        let size = StepSize(learningRate: 0.5, decay: decay, warmup: .linear(steps: 4, offset: 1e-8))
        #expect(try read(StepSize.self, try json(size)) == size)
    }

    @Test func settings() throws {
        for settings in [MethodSettings(), Self.unusual] {
            #expect(try read(MethodSettings.self, try json(settings)) == settings)
        }
    }

    @Test func specificationsAreTheirText() throws {
        #expect(try json([MethodSpecification.adamWarmup(.linear(steps: 4000)), .sgd()]) == #"["adam-warmup:4000","sgd"]"#)
        #expect(try read([MethodSpecification].self, #"["adam-2k","radam-exact"]"#) == [.adamFreeze(), .radam(.exactLaw)])
        #expect(throws: DecodingError.self) { try read([MethodSpecification].self, #"["adam-3k"]"#) }
    }

    /// What a hand or a broken disk may have made of it: refused, never a crash, never another method.
    @Test func otherWordsAreRefused() throws {
        let whole = try json(MethodSpecification.radam().method(Self.unusual, like: .torch))
        for (part, other) in [
            (#""momentum":"average""#, #""momentum":"mean""#), (#""beta2":0.9875"#, #""beta2":1"#), (#""beta2":0.9875"#, #""beta2":"x""#),
            (#""lrDecay":"steps""#, #""lrDecay":"linear""#), (#""threshold":5"#, #""threshold":-1"#), (#""clip":2.5"#, #""clip":0"#),
            (#""weightDecay":0.015"#, #""weightDecay":-1"#), (#""warmup":"none""#, #""warmup":"linear""#),
            (#""lookAhead":"none""#, #""lookAhead":"scheduled""#), (#""lrDecayMilestones":[10,20]"#, #""lrDecayMilestones":[0]"#),
        ] {
            #expect(whole.contains(part))
            let broken = whole.replacingOccurrences(of: part, with: other)
            #expect(throws: DecodingError.self, "\(other)") { try read(OptimizationMethod.self, broken) }
        }
        // Any key left out.
        let object = try #require(try JSONSerialization.jsonObject(with: Data(whole.utf8)) as? [String: Any])
        for key in object.keys where key != "beta2" && key != "rectification" && key != "clip" {
            var fewer = object
            fewer[key] = nil
            let data = try JSONSerialization.data(withJSONObject: fewer)
            #expect(throws: DecodingError.self, "\(key)") { try JSONDecoder().decode(OptimizationMethod.self, from: data) }
        }
    }
}
