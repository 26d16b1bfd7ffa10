import Testing
@testable import varlab

/// What a bar says of time, and that it says nothing where nobody looks.
@Suite struct ProgressBarTests {
    @Test(arguments: [
        (0, "0 s"), (0.2, "1 s"), (41, "41 s"), (59.5, "1:00 min"), (60, "1:00 min"), (185, "3:05 min"), (3599.2, "1:00 h"), (3600, "1:00 h"),
        (7800, "2:10 h"), (359_999, "99:59 h"), (360_000, "long"), (1e300, "long"), (.infinity, "long"), (.nan, "long"),
    ] as [(Double, String)])
    func durations(seconds: Double, text: String) { #expect(ProgressBar.duration(seconds) == text) }

    /// Any count, also before there is a total and beyond it, does no harm.
    @Test(arguments: [0, 1, 10_000_001, 1_000_000_000_000])
    func anyCount(total: Int) {
        let bar = ProgressBar(total: total, unit: "rows", quiet: true)
        for done in [0, 1, total, 2 * total + 1] {
            bar.update(done)
            bar.update(done, of: 0)
        }
        bar.finish()
    }
}
