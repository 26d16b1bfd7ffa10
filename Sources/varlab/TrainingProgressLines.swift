import Experiments
import Foundation
import Synchronization

/// A line on standard error for each run that is at work, redrawn: step, loss, rate, time left. Only on a terminal.
final class TrainingProgressLines: Sendable {
    private struct Line {
        var progress: TrainingProgress
        var start: ContinuousClock.Instant
        var firstDone: Int
    }

    private struct State {
        var lines: [Int: Line] = [:]
        var finished = 0
        var drawn = 0
        var lastDrawn = ContinuousClock.now
    }

    private let runCount: Int
    private let isShown: Bool
    private let state = Mutex(State())

    init(runs: Int, quiet: Bool) {
        runCount = runs
        isShown = !quiet && isatty(STDERR_FILENO) == 1
    }

    /// Draws at most five times a second.
    func update(_ progress: TrainingProgress) {
        guard isShown else { return }
        let now = ContinuousClock.now
        state.withLock { state in
            if progress.isFinished {
                state.lines[progress.run] = nil
                state.finished += 1
            } else if state.lines[progress.run] != nil {
                state.lines[progress.run]!.progress = progress
            } else {
                state.lines[progress.run] = Line(progress: progress, start: now, firstDone: progress.iterationsDone - 1)
            }
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
                progress.iterations, progress.loss, rate, ProgressBar.duration(left))
        }
        text += "\(state.finished) of \(runCount) runs complete\n"
        write(text)
        state.drawn = state.lines.count + 1
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
