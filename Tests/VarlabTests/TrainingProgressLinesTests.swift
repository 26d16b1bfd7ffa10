import Testing

@testable import Experiments
@testable import varlab

/// How long all runs together still take.
@Suite struct TrainingProgressLinesTests {
    private func progress(_ run: Int, _ done: Int, of iterations: Int = 100, loss: Double? = 1, isFinished: Bool = false) -> TrainingProgress {
        TrainingProgress(run: run, name: "run\(run)", iterationsDone: done, iterations: iterations, loss: loss, isFinished: isFinished)
    }

    @Test func itIsTheRestOfAllIterationsAtTheRateSoFar() {
        var state = TrainingProgressLines.State()
        #expect(state.secondsLeft(of: 300, after: 1) == .infinity)
        for done in 1...50 { state.count(progress(0, done), at: .now) }
        for done in 1...10 { state.count(progress(1, done), at: .now) }
        // 60 of 300 in 6 s: 240 more at 10 a second.
        #expect(state.secondsLeft(of: 300, after: 6) == 24)
        #expect(state.finished == 0 && state.lines.count == 2)
    }

    @Test func whatWasDoneBeforeSaysNothingOfTheRate() {
        var state = TrainingProgressLines.State()
        // Complete before; and resumed after 40.
        state.count(progress(0, 100, loss: nil, isFinished: true), at: .now)
        #expect(state.finished == 1 && state.secondsLeft(of: 300, after: 1) == .infinity)
        for done in 41...60 { state.count(progress(1, done), at: .now) }
        // 20 in 2 s; 100 + 60 of 300 are done.
        #expect(state.secondsLeft(of: 300, after: 2) == 14)
    }

    @Test func aRunThatDivergesEndsBeforeItsIterations() {
        var state = TrainingProgressLines.State()
        for done in 1...9 { state.count(progress(0, done), at: .now) }
        state.count(progress(0, 10, isFinished: true), at: .now)
        #expect(state.finished == 1 && state.lines.isEmpty && state.done == 10)
        #expect(state.secondsLeft(of: 5, after: 1) == 0)
    }
}
