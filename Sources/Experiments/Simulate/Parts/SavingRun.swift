import Foundation
import Simulation
import Synchronization

/// A simulation at work that saves itself now and then, and when it is stopped.
public struct SavingRun: Sendable {
    let simulation: PartwiseSimulation
    let share: SimulationShare
    let save: @Sendable (PartwiseSimulation.State) throws -> Void
    /// At most so often, and at most a twentieth of the time.
    let interval: Duration

    public init(
        _ simulation: PartwiseSimulation, share: SimulationShare, interval: Duration,
        save: @escaping @Sendable (PartwiseSimulation.State) throws -> Void
    ) {
        (self.simulation, self.share, self.interval, self.save) = (simulation, share, interval, save)
    }

    /// Goes on with a state, to the end of the share or until it is stopped.
    ///
    /// When it returns, what it returns is saved.
    /// - Parameters:
    ///   - threads: how many compute; a further one saves.
    ///   - progress: called with the number of trajectories that were finished here.
    ///   - isStopped: asked often, from any thread.
    ///   - warn: told in a line when the run could not be saved; the checkpoint before is still there, and it is tried again.
    /// - Returns: the state; `share.subtracting(state.share)` is what a stopped run has left to do.
    /// - Throws: where the last state could not be saved and is not complete.
    public func run(
        from begun: PartwiseSimulation.State, threads: Int, progress: @escaping @Sendable (Int) -> Void,
        isStopped: @escaping @Sendable () -> Bool, warn: @escaping @Sendable (String) -> Void
    ) throws -> PartwiseSimulation.State {
        let left = share.subtracting(begun.share)
        if left.isEmpty { return begun }
        let shared = SharedSimulationState(begun)
        let saved = Mutex(begun.share)
        let saving = RepeatedWork(every: interval) {
            let state = shared.snapshot
            guard state.share != saved.withLock({ $0 }) else { return }
            do {
                try save(state)
                saved.withLock { $0 = state.share }
            } catch {
                warn("warning: not saved, going on: \(error)")
            }
        }
        do {
            try simulation.simulation.run(threads: threads, share: left, in: shared, progress: progress, isCancelled: isStopped)
        } catch {}  // stopped: what there is is saved
        saving.finish()
        let state = shared.snapshot
        do {
            try save(state)
        } catch {
            guard share.subtracting(state.share).isEmpty else { throw error }
            warn("warning: not saved, but complete: \(error)")
        }
        return state
    }
}

/// Work that a thread of its own does again and again, until it is told to end.
final class RepeatedWork: Sendable {
    private let condition = NSCondition()
    private struct State {
        var isEnding = false
        var hasEnded = false
    }
    private let state = Mutex(State())

    /// Begins after the first interval. Where the work takes long, the pause after it is twenty times as long.
    init(every interval: Duration, _ work: @escaping @Sendable () -> Void) {
        let thread = Thread { [self] in
            var pause = interval
            while wait(pause) {
                let start = ContinuousClock.now
                work()
                pause = max(interval, (ContinuousClock.now - start) * 20)
            }
            condition.lock()
            state.withLock { $0.hasEnded = true }
            condition.broadcast()
            condition.unlock()
        }
        thread.start()
    }

    /// Whether the time has passed without an end.
    private func wait(_ pause: Duration) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let due = Date(timeIntervalSinceNow: pause / .seconds(1))
        while !state.withLock({ $0.isEnding }) {
            if !condition.wait(until: due) { return !state.withLock { $0.isEnding } }
        }
        return false
    }

    /// Returns when the work at hand is done; there is none after it.
    func finish() {
        condition.lock()
        defer { condition.unlock() }
        state.withLock { $0.isEnding = true }
        condition.broadcast()
        while !state.withLock({ $0.hasEnded }) { condition.wait() }
    }
}
