/// Whole steps from 1 to `last`, about `perDecade` to each factor of ten: what a logarithmic axis can show.
/// - Precondition: `last` and `perDecade` are positive.
package func logSteps(to last: Int, perDecade: Int) -> [Int] {
    precondition(last > 0 && perDecade > 0, "steps and their density are positive")
    var steps: [Int] = []
    var step = 1
    while step < last {
        steps.append(step)
        // Beyond 2^52 whole steps and their multiples leave the range of Int; an axis needs no such length.
        let (scaled, overflows) = step.multipliedReportingOverflow(by: 23)
        let increase = overflows ? step / 10 / perDecade * 23 : scaled / (10 * perDecade)
        let (next, isBeyond) = step.addingReportingOverflow(max(1, increase))
        if isBeyond { break }
        step = next
    }
    return steps + [last]
}

/// The powers of ten around everything that a logarithmic axis is to show.
package struct Decades: Equatable, Sendable {
    /// 10^low is the largest power of ten not above the smallest value, 10^high the smallest above the largest.
    package let low, high: Int

    /// - Parameter values: those that are not positive and finite have no place on the axis.
    /// - Returns: nil where none has.
    package init?(around values: [Double]) {
        let drawn = values.filter { $0 > 0 && $0.isFinite }
        guard let least = drawn.min(), let most = drawn.max() else { return nil }
        low = Self.power(least)
        high = Self.power(most) + 1
    }

    /// ⌊log₁₀ value⌋, exactly at the powers of ten.
    private static func power(_ value: Double) -> Int {
        var power = 0
        var scaled = value
        while scaled >= 10 { (scaled, power) = (scaled / 10, power + 1) }
        while scaled < 1 { (scaled, power) = (scaled * 10, power - 1) }
        return power
    }
}
