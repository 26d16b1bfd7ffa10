import Errors
import Optimizers
import TestSupport
import Testing
import Theory

/// The multipliers of a method, and the linear warmup that loses as much.
struct MultiplierScheduleTests {
    private func schedule(
        _ name: String, beta2: Double = 0.999, like implementation: Implementation = .paper
    ) throws -> MultiplierSchedule {
        var settings = MethodSettings()
        settings.beta2 = beta2
        return try MultiplierSchedule(MethodSpecification(parsing: name), settings: settings, like: implementation)
    }

    /// What it is for: Adam with α times the multiplier takes the steps of the authors' RAdam, which skips the first ones.
    @Test func adamWithTheScheduleIsRAdam() throws {
        var settings = MethodSettings()
        settings.beta2 = 0.99
        let radam = try MethodSpecification.radam().method(settings, like: .authors)
        var expected = try Optimizer<Double>(radam, count: 5)
        let multipliers = try schedule("radam", beta2: 0.99, like: .authors).multipliers(at: Array(1...40))
        var (theirs, ours) = ([0.0, 1, -1, 0.5, 2], [0.0, 1, -1, 0.5, 2])
        var state: OptimizerState<Double>?
        for (index, gradients) in try Trajectories.gradients().enumerated() {
            settings.learningRate = 0.001 * multipliers[index].adaptiveValue
            let stretches = [Stretch(firstStep: 1, method: try MethodSpecification.adam.method(settings, like: .authors))]
            var adam = try state.map { try Optimizer<Double>(stretches, count: 5, state: $0) } ?? Optimizer<Double>(stretches, count: 5)
            adam.update(&ours, gradients: gradients)
            state = adam.state
            expected.update(&theirs, gradients: gradients)
            for (our, their) in zip(ours, theirs) {
                // A few units of θ and of each step.
                #expect(abs(our - their) <= 1e-15 * Double(index + 1), "t = \(index + 1)")
            }
        }
        #expect(multipliers[4].rule == .skip && multipliers[5].rule == .adaptive)
    }

    @Test func rulesAndValues() throws {
        let paper = try schedule("radam").multipliers(at: [4, 5])
        #expect(paper.map(\.rule) == [.momentum, .adaptive] && paper.map(\.isRectified) == [false, true])
        #expect(paper[0].value == 1 && paper[0].adaptiveValue == 0)
        let average = try ExponentialAverage(beta2: 0.999)
        #expect(paper[1].rho == average.rho(at: 5))
        #expect(paper[1].value == Rectification.firstOrder(rho: average.rho(at: 5), rhoInfinity: average.rhoInfinity))
        let frozen = try schedule("adam-2k:3").multipliers(at: [3, 4])
        #expect(frozen.map(\.rule) == [.freeze, .adaptive] && frozen.map(\.value) == [0, 1])
        // 1e-8 on a step size of 0.001.
        let authors = try schedule("adam-warmup:10", like: .authors).multipliers(at: [1, 10]).map(\.value)
        #expect(abs(authors[0] - (0.1 + 1e-5)) < 1e-16 && authors[1] == 1)
    }

    @Test func firstRectifiedSteps() throws {
        for (name, implementation, step) in [
            ("radam", Implementation.paper, 5), ("radam", .torch, 6), ("radam-exact", .torch, 3), ("radam-closed-form", .paper, 3),
            ("adam-rectified-warmup", .paper, 5), ("adam", .paper, nil), ("adam-warmup:5", .optax, nil),
        ] as [(String, Implementation, Int?)] {
            #expect(try schedule(name, like: implementation).firstRectifiedStep == step, "\(name)")
        }
        // ρ_∞ = 4 and 5: never.
        #expect(try schedule("radam", beta2: 0.6).firstRectifiedStep == nil)
        #expect(try schedule("radam", beta2: 0.66, like: .torch).firstRectifiedStep == nil)
    }

    /// Against 40-digit arithmetic; ours sums terms 1 - r_t with an error of 1e-16 each, N of them to a sum of about N/40.
    @Test func warmupLengthOfRAdam() throws {
        for row in try ReferenceTable("equivalent_warmup", in: "OptimizersTests/Reference").rows {
            let schedule = try schedule("radam", beta2: row["beta2"]!, like: row["threshold"] == 4 ? .paper : .torch)
            let length = try #require(schedule.equivalentWarmupLength)
            #expect(abs(length / row["t_w"]! - 1) < 1e-13, "beta2 \(row["beta2"]!): \(length)")
        }
    }

    /// Against the plain sum, whose terms are rounded in the same way but are forty times as many.
    @Test(arguments: [("radam-exact", 0.9995), ("radam-closed-form", 0.9999), ("adam-rectified-warmup", 0.9999)])
    func warmupLengthIsThatOfTheWholeSum(name: String, beta2: Double) throws {
        let schedule = try schedule(name, beta2: beta2)
        let lost = schedule.multipliers(at: Array(1...Int(45 / (1 - beta2)))).reduce(0.0) { $0 + (1 - $1.adaptiveValue) }
        let length = try #require(schedule.equivalentWarmupLength)
        // The exact law is good to 1e-12, near its limit too.
        #expect(abs(length / (1 + 2 * lost) - 1) < 1e-10, "\(length)")
    }

    @Test func warmupLengthsInClosedForm() throws {
        func length(_ name: String, _ beta2: Double, like implementation: Implementation = .paper) throws -> Double? {
            try schedule(name, beta2: beta2, like: implementation).equivalentWarmupLength
        }
        #expect(try length("adam", 0.999) == 1 && length("rmsprop", 0.9) == 1)
        #expect(try length("adam-2k:50", 0.999) == 101)
        // Also where the warmup outlasts the average by far, and ends in a panel of the sum.
        for (steps, beta2) in [(1, 0.9), (2000, 0.999), (123_456, 0.9), (5000, 0.9999)] {
            let length = try #require(try length("adam-warmup:\(steps)", beta2))
            #expect(abs(length / Double(steps) - 1) < 1e-13, "\(steps): \(length)")
        }
        for beta2 in [0.9, 0.999, 0.99999, 1 - 1e-9] {
            // Σ exp(-(1-β2) t) = 1/(exp(1-β2) - 1), so T_w = coth((1-β2)/2) = 2/(1-β2) + (1-β2)/6 - …
            let exponential = try #require(try length("adam-untuned-exponential", beta2))
            let expected = 2 / (1 - beta2) + (1 - beta2) / 6
            #expect(abs(exponential / expected - 1) < (beta2 == 0.9 ? 1e-6 : 1e-12), "\(beta2): \(exponential)")
        }
        // 1 + 2 Σ_{t<1000} (1 - t/1000.5) with 2/(1-β2) = 1000.5.
        let linear = try #require(try length("adam-untuned-linear", 1 - 2 / 1000.5))
        #expect(abs(linear - (1 + 2 * (1000 - 1000 * 1001 / 2 / 1000.5))) < 1e-9)
        #expect(try length("radam", 0.6) == nil && length("radam", 0.66, like: .torch) == nil)
        #expect(try length("radam", 0) == nil && length("radam-exact", 0) == nil)
    }

    @Test func withoutAdaptiveRateIsRefused() throws {
        #expect(throws: ParameterError.self) { try schedule("sgd") }
        #expect(throws: ParameterError.self) { try schedule("nesterov:0.9") }
        #expect(throws: ParameterError.self) { try schedule("radam", beta2: 1) }
        var settings = MethodSettings()
        settings.learningRate = 0
        #expect(throws: ParameterError.self) { try MultiplierSchedule(.adam, settings: settings, like: .paper) }
    }

    /// Schedules that outlast the average by far take no more work than short ones: a warmup of N steps has T_w = N in closed form,
    /// a freeze of N steps 2N + 1.
    @Test(.timeLimit(.minutes(1)), arguments: [100_000_000, 461_168_601_842_787_9, 1 << 53])
    func lengthsOfTheLongestSchedules(steps: Int) throws {
        for beta2 in [0, 0.5, 0.9, 0.999, 1 - 1e-9, (1.0).nextDown] {
            for implementation in Implementation.allCases {
                let warmup = try #require(try schedule("adam-warmup:\(steps)", beta2: beta2, like: implementation).equivalentWarmupLength)
                // The authors' 1e-8 on a step size of 0.001 is 1e-5 of each step's loss: N/2 terms of it make 2e-5 N.
                let tolerance = implementation == .authors ? 3e-5 : 1e-12
                #expect(abs(warmup / Double(steps) - 1) < tolerance, "\(beta2): \(warmup)")
                let freeze = try #require(try schedule("adam-2k:\(steps)", beta2: beta2, like: implementation).equivalentWarmupLength)
                #expect(abs(freeze / (2 * Double(steps) + 1) - 1) < 1e-12, "\(beta2): \(freeze)")
                #expect(try schedule("adam-warmup:\(steps)", beta2: beta2, like: implementation).firstRectifiedStep == nil)
            }
        }
    }

    /// The multiplier of every method is a number from 0 to 1 (r_t may lie a unit above it) at every step, however late.
    @Test(arguments: MethodSpecification.all.filter { if case .sgd = $0 { false } else { true } }, Implementation.allCases)
    func multipliersAreFactors(specification: MethodSpecification, implementation: Implementation) throws {
        let steps = [1, 2, 3, 4, 5, 6, 7, 10, 100, 2000, 2001, 1_000_000, 1 << 40, 1 << 53]
        for beta2 in [0, 0.5, 0.6, 0.9, 0.999, 0.999999] {
            var settings = MethodSettings()
            settings.beta2 = beta2
            let schedule = try MultiplierSchedule(specification, settings: settings, like: implementation)
            for multiplier in schedule.multipliers(at: steps) {
                #expect(multiplier.value >= 0 && multiplier.value <= 1 + 2e-5, "\(beta2), t = \(multiplier.step): \(multiplier.value)")
                #expect(multiplier.adaptiveValue == (multiplier.rule == .adaptive ? multiplier.value : 0))
                // Rectified steps are adaptive ones.
                #expect(!multiplier.isRectified || multiplier.rule == .adaptive)
            }
            if let length = schedule.equivalentWarmupLength { #expect(length >= 1 - 1e-9, "\(beta2): \(length)") }
        }
    }
}
