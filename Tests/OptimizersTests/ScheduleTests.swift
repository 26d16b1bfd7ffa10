import Foundation
import Optimizers
import Testing
import Theory

/// α_t, ε_t and r_t step by step.
struct ScheduleTests {
    @Test func decays() {
        #expect(StepDecay.linear(steps: 4).values(1...6) == [1, 0.75, 0.5, 0.25, 0, 0])
        #expect(StepDecay.steps(milestones: [2, 4], factor: 0.1).values(1...5) == [1, 1, 0.1, 0.1, 0.1 * 0.1])
        #expect(StepDecay.inverseSquareRoot(constantSteps: 2).values([1, 2, 8, 200]) == [1, 1, 0.5, 0.1])
        for step in 1...1000 {
            let expected = 0.1 + 0.9 * (1 + cos(Double.pi * Double(step - 1) / 1000)) / 2
            #expect(abs(StepDecay.cosine(steps: 1000, final: 0.1).factor(at: step) - expected) < 4e-16)
        }
        #expect(StepDecay.cosine(steps: 1000, final: 0.1).factor(at: 1001) == 0.1)
    }

    @Test func epsilonGrows() {
        let geometric = EpsilonSchedule.geometric(first: 1e-8, last: 1e-4, steps: 5)
        for (step, expected) in [(1, 1e-8), (2, 1e-7), (3, 1e-6), (4, 1e-5), (5, 1e-4), (9, 1e-4)] {
            #expect(abs(geometric.value(at: step) / expected - 1) < 1e-14)
        }
        let linear = EpsilonSchedule.linear(first: 1, last: 2, steps: 5)
        #expect([1, 2, 3, 5, 7].map { linear.value(at: $0) } == [1, 1.25, 1.5, 2, 2])
        #expect(EpsilonSchedule.geometric(first: 1e-8, last: 1e-4, steps: 1).value(at: 1) == 1e-4)
    }

    @Test(arguments: [
        (Implementation.paper, 5, OptimizerStep.Rule.momentum), (.authors, 6, .skip), (.torch, 6, .momentum), (.optax, 6, .momentum),
    ])
    func rectificationBeginsWhereTheImplementationSays(
        implementation: Implementation, first: Int, before: OptimizerStep.Rule
    ) throws {
        var sequence = try StepSequence(MethodSpecification.radam().method(MethodSettings(), like: implementation))
        let steps = (1...10).map { sequence.step(at: $0) }
        #expect(steps.prefix(first - 1).allSatisfy { $0.rule == before && $0.rectification == nil })
        #expect(steps.dropFirst(first - 1).allSatisfy { $0.rule == .adaptive && $0.rectification != nil })
    }

    @Test func exactLawRectifiesFromTheThirdStep() throws {
        var sequence = try StepSequence(MethodSpecification.radam(.exactLaw).method(MethodSettings(), like: .paper))
        let law = try ExactLaw(beta2: 0.999, means: [0])
        let steps = [1, 2, 3, 4, 1024, 1025, 6000]
        let variances = law.moments(at: steps)[0].map(\.variance)
        let limit = law.limit()[0].variance
        for (index, variance) in zip(steps, variances) {
            let factor = sequence.step(at: index).rectification
            if index < 3 {
                #expect(factor == nil)
            } else {
                // Blocks of steps begin anew, which moves the last digits of the law: its own error bound.
                #expect(abs(factor! / (limit / variance).squareRoot() - 1) < 1e-12)
            }
        }
    }

    @Test func freezeCountsStepsFromItsEnd() throws {
        var method = try MethodSpecification.adamFreeze(steps: 10).method(MethodSettings(), like: .authors)
        method.stepSize.decay = .linear(steps: 5)
        method.stepSize.learningRate = 1
        var sequence = try StepSequence(method)
        let steps = (1...16).map { sequence.step(at: $0) }
        #expect(steps.prefix(10).allSatisfy { $0.rule == .freeze && $0.stepSize == 0 })
        #expect(steps.dropFirst(10).map(\.stepSize) == StepDecay.linear(steps: 5).values(1...6))
        #expect(abs(steps[10].momentum.momentumCorrection - (1 - pow(0.9, 11))) < 1e-15)
        method.freeze?.restartsMomentumCorrection = true
        var restarted = try StepSequence(method)
        #expect(abs(restarted.step(at: 11).momentum.momentumCorrection - 0.1) < 1e-16)
    }
}

extension StepDecay {
    fileprivate func values(_ steps: some Sequence<Int>) -> [Double] { steps.map { factor(at: $0) } }
}
