import Dispatch
import Foundation
import Synchronization

/// From here on SIGINT (Ctrl-C), SIGTERM and SIGHUP end the process at once and leave nothing unfinished: programs it
/// started are killed, unfinished files are removed, then the process dies by that very signal, so that a shell sees it
/// (status 130 for SIGINT).
///
/// A signal that the caller has set to be ignored, as `nohup` does, stays ignored. Calling it again does nothing.
public func installInterruptHandler() {
    handlers.withLock { sources in
        guard sources.isEmpty else { return }
        // A class of its own: the threads of a long computation may hold every thread of the default one.
        let queue = DispatchQueue(label: "interrupt", qos: .userInteractive)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var action = sigaction()
            sigaction(number, nil, &action)
            if isIgnored(action) { continue }
            // The default action must not come first. (On Linux, Dispatch sets its own.)
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { endProcess(by: number) }
            source.activate()
            sources.append(source)
        }
    }
}

/// The sources live as long as the process.
private let handlers = Mutex<[any DispatchSourceSignal]>([])

private func isIgnored(_ action: sigaction) -> Bool {
    #if os(Linux)
        let handler = action.__sigaction_handler.sa_handler
    #else
        let handler = action.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
}

private func endProcess(by number: Int32) -> Never {
    TemporaryPaths.registry.withLock { registry in
        for child in registry.children { kill(child, SIGKILL) }
        registry.removeAll()
        signal(number, SIG_DFL)
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        raise(number)
        // Not reached: the default action of the three signals ends the process.
        _exit(128 + number)
    }
}
