import Foundation
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

/// From here on SIGINT (Ctrl-C), SIGTERM and SIGHUP end the process at once and leave nothing unfinished: programs it
/// started are killed, unfinished files are removed, then the process dies by that very signal, so that a shell sees it
/// (status 130 for SIGINT).
///
/// A signal that is ignored when this is called, as under `nohup`, stays ignored. Calling it again does nothing.
public func installInterruptHandler() {
    isInstalled.withLock { installed in
        guard !installed else { return }
        installed = true
        // The handler itself may do next to nothing: it passes the number on to a thread. That is a thread of its own and
        // not a queue of Dispatch, all of whose threads a long computation may hold.
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        wakeDescriptor = ends[1]
        let waiting = ends[0]
        Thread.detachNewThread {
            while true {
                var number: UInt8 = 0
                while read(waiting, &number, 1) != 1 {}
                if !Interruption.postpones(Int32(number)) { endProcess(by: Int32(number)) }
            }
        }
        // A parent such as a thread of Dispatch hands on a mask in which they are blocked.
        unblock([SIGINT, SIGTERM, SIGHUP])
        var action = passingOn()
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var before = sigaction()
            sigaction(number, nil, &before)
            if !isIgnored(before) { sigaction(number, &action, nil) }
        }
    }
}

private let isInstalled = Mutex(false)

/// Written once, before the handler that reads it is installed.
nonisolated(unsafe) private var wakeDescriptor: Int32 = -1

private func passingOn() -> sigaction {
    let handler: @convention(c) (Int32) -> Void = { number in
        let code = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(wakeDescriptor, &byte, 1)
        errno = code
    }
    var action = sigaction()
    #if os(Linux)
        action.__sigaction_handler.sa_handler = handler
    #else
        action.__sigaction_u.__sa_handler = handler
    #endif
    action.sa_flags = Int32(SA_RESTART)
    return action
}

private func isIgnored(_ action: sigaction) -> Bool {
    #if os(Linux)
        let handler = action.__sigaction_handler.sa_handler
    #else
        let handler = action.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
}

private func unblock(_ numbers: [Int32]) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in numbers { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
}

func endProcess(by number: Int32) -> Never {
    TemporaryPaths.registry.withLock { registry in
        for child in registry.children {
            // Foundation gives a child a process group of its own, in which those that it started are too.
            if kill(-child, SIGKILL) != 0 { kill(child, SIGKILL) }
        }
        registry.removeAll()
        signal(number, SIG_DFL)
        unblock([number])
        raise(number)
        // Not reached: the default action of the three signals ends the process.
        _exit(128 + number)
    }
}
