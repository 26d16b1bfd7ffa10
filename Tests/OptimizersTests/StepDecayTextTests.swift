import Errors
import Optimizers
import Testing
import Theory

struct StepDecayTextTests {
    static let forms: [(String, StepDecay)] = [
        ("constant", .constant), ("linear:500", .linear(steps: 500)), ("cosine:70000", .cosine(steps: 70_000)),
        ("cosine:10:0.1", .cosine(steps: 10, final: 0.1)), ("inverse-square-root:4000", .inverseSquareRoot(constantSteps: 4000)),
        ("steps:80:120:0.1", .steps(milestones: [80, 120], factor: 0.1)), ("steps:5:1e-05", .steps(milestones: [5], factor: 1e-5)),
    ]

    @Test(arguments: forms)
    func readsAndWrites(text: String, decay: StepDecay) throws {
        #expect(try StepDecay(parsing: text) == decay)
        #expect(decay.description == text)
    }

    @Test(arguments: [
        "", "linear", "linear:0", "linear:1.5", "linear:1:2", "cosine:10:2", "cosine:10:nan", "steps:0.1", "steps:0:0.1",
        "steps:10:-1", "steps:10:1.1", "constant:1", "exponential:10", "linear:", "Linear:10",
    ])
    func refuses(text: String) {
        let error = #expect(throws: ParameterError.self) { try StepDecay(parsing: text) }
        #expect(error?.parameter == .stepDecay && error?.value == text)
    }
}
