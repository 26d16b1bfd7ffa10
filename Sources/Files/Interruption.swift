import Synchronization

/// Lets a long piece of work end by itself when the process is interrupted, so that what is complete can be kept.
///
/// While it is ``postponed``, the first signal that ``installInterruptHandler()`` waits for only sets ``isRequested``; a second
/// one ends the process at once. The work looks at ``isRequested`` often, puts its results in place, and calls
/// ``endProcessIfRequested()``.
public enum Interruption {
    private struct State {
        var isPostponed = false
        var signal: Int32?
    }

    private static let state = Mutex(State())

    /// From here on a first signal waits for the work.
    public static func postpone() { state.withLock { $0.isPostponed = true } }

    /// Whether a signal waits.
    public static var isRequested: Bool { state.withLock { $0.signal != nil } }

    /// Ends the process by the signal that waits, as if it had just come; returns if there is none.
    public static func endProcessIfRequested() {
        let signal = state.withLock { state in
            state.isPostponed = false
            return state.signal
        }
        if let signal { endProcess(by: signal) }
    }

    /// Notes a signal, if it is the first one and may wait.
    static func postpones(_ number: Int32) -> Bool {
        state.withLock { state in
            guard state.isPostponed, state.signal == nil else { return false }
            state.signal = number
            return true
        }
    }
}
