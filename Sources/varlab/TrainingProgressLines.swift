import Experiments
import Foundation
import Synchronization

/// A line on standard error for each run that is at work, redrawn: step, loss, rate, time left; and one for all of them together.
/// Only on a terminal.
final class TrainingProgressLines: Sendable {
    struct Line {
        var progress: TrainingProgress
        var start: ContinuousClock.Instant
        var firstDone: Int
    }

    struct State {
        var lines: [Int: Line] = [:]
        var finished = 0
        /// Iterations of all runs that were done here, and those that were done before.
        var done = 0, doneBefore = 0
        var drawn = 0
        var lastDrawn = ContinuousClock.now

        mutating func count(_ progress: TrainingProgress, at now: ContinuousClock.Instant) {
            if let line = lines[progress.run] {
                done += progress.iterationsDone - line.progress.iterationsDone
                lines[progress.run]!.progress = progress
            } else {
                // A run that was complete before reports its end alone.
                let before = progress.loss == nil ? progress.iterationsDone : progress.iterationsDone - 1
                doneBefore += before
                done += progress.iterationsDone - before
                lines[progress.run] = Line(progress: progress, start: now, firstDone: before)
            }
            if progress.isFinished {
                lines[progress.run] = nil
                finished += 1
            }
        }

        /// How long all runs together still take at the rate so far, in seconds; infinite before the first iteration.
        func secondsLeft(of iterations: Int, after seconds: Double) -> Double {
            guard done > 0 else { return .infinity }
            return Double(max(0, iterations - done - doneBefore)) / (Double(done) / seconds)
        }
    }

    private let runCount: Int
    private let iterationCount: Int
    private let start = ContinuousClock.now
    private let isShown: Bool
    private let state = Mutex(State())

    /// - Parameter iterations: of all runs together.
    init(runs: Int, iterations: Int, quiet: Bool) {
        runCount = runs
        iterationCount = iterations
        isShown = !quiet && isatty(STDERR_FILENO) == 1
    }

    /// Draws at most five times a second.
    func update(_ progress: TrainingProgress) {
        guard isShown else { return }
        let now = ContinuousClock.now
        state.withLock { state in
            state.count(progress, at: now)
            guard now - state.lastDrawn > .milliseconds(200) else { return }
            state.lastDrawn = now
            draw(&state, at: now)
        }
    }

    /// Takes the lines away.
    func finish() {
        guard isShown else { return }
        state.withLock { state in
            write(clear(state))
            state.drawn = 0
        }
    }

    private func clear(_ state: State) -> String { state.drawn > 0 ? "\u{1b}[\(state.drawn)F\u{1b}[J" : "" }

    private func draw(_ state: inout State, at now: ContinuousClock.Instant) {
        var text = clear(state)
        for (_, line) in state.lines.sorted(by: { $0.key < $1.key }) {
            let progress = line.progress
            let rate = Double(progress.iterationsDone - line.firstDone) / ((now - line.start) / .seconds(1))
            let left = Double(progress.iterations - progress.iterationsDone) / rate
            text += String(
                format: "%@  step %d/%d  loss %.3f  %.1f/s  %@ left\n", progress.name, progress.iterationsDone,
                progress.iterations, progress.loss ?? .nan, rate, ProgressBar.duration(left))
        }
        let left = state.secondsLeft(of: iterationCount, after: (now - start) / .seconds(1))
        text += "\(state.finished) of \(runCount) runs complete  \(ProgressBar.duration(left)) left in all\n"
        write(text)
        state.drawn = state.lines.count + 1
    }

    private func write(_ text: String) { StandardError.write(text) }
}
