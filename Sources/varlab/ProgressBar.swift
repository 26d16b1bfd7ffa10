import Foundation
import Synchronization

/// A line on standard error that is redrawn: how far, how fast, how long still. Only on a terminal.
final class ProgressBar: Sendable {
    private let total: Int
    private let unit: String
    private let start = ContinuousClock.now
    private let lastDrawn = Mutex(ContinuousClock.now)
    private let isShown: Bool

    /// - Parameter total: 0 where ``update(_:of:)`` says it.
    init(total: Int = 0, unit: String, quiet: Bool) {
        self.total = total
        self.unit = unit
        isShown = !quiet && isatty(STDERR_FILENO) == 1
    }

    /// Draws at most ten times a second.
    func update(_ done: Int) { update(done, of: total) }

    /// The same where the total becomes known with the work.
    func update(_ done: Int, of total: Int) {
        guard isShown else { return }
        let now = ContinuousClock.now
        let isDue = lastDrawn.withLock { last in
            guard now - last > .milliseconds(100) else { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let elapsed = (now - start) / .seconds(1)
        let rate = Double(done) / elapsed
        let left = Double(total - done) / rate
        let width = 30
        let filled = min(width, width * done / max(total, 1))
        let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled)
        let line = String(
            format: "\r[%@] %3d%%  %.\(rate < 100 ? 1 : 0)f %@/s  %@ left", bar, 100 * done / max(total, 1), rate, unit, Self.duration(left))
        StandardError.write(line + "\u{1b}[K")
    }

    /// Takes the line away.
    func finish() {
        if isShown { StandardError.write("\r\u{1b}[K") }
    }

    /// `41 s`, `3:05 min`, `2:10 h`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 360_000 else { return "long" }
        let s = Int(seconds.rounded(.up))
        return s < 60 ? "\(s) s" : s < 3600 ? String(format: "%d:%02d min", s / 60, s % 60)
            : String(format: "%d:%02d h", s / 3600, s / 60 % 60)
    }
}
