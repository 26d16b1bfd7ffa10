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

/// Where labels stand that would lie on top of each other.
package enum LabelPlaces {
    /// The places nearest to `wanted` at which any two are at least `gap` apart, in the same order along the axis; all within the
    /// range while there is room.
    package static func separated(_ wanted: [Double], by gap: Double, within range: ClosedRange<Double>) -> [Double] {
        /// The centre of a run of so many labels, moved within the range; at its lower end while there is no room.
        func inside(_ centre: Double, _ count: Int) -> Double {
            let half = gap * Double(count - 1) / 2
            return max(range.lowerBound + half, min(centre, range.upperBound - half))
        }
        let order = wanted.indices.sorted { wanted[$0] < wanted[$1] }
        // Runs of touching labels are spread about their mean; two runs that come to touch become one.
        var runs: [(members: [Int], centre: Double)] = []
        for index in order {
            runs.append(([index], wanted[index]))
            while runs.count > 1 {
                let (a, b) = (runs[runs.count - 2], runs[runs.count - 1])
                let needed = gap * Double(a.members.count + b.members.count) / 2
                // Where they will stand: at an end of the range a run is moved inwards, onto the next.
                if inside(b.centre, b.members.count) - inside(a.centre, a.members.count) >= needed { break }
                let members = a.members + b.members
                runs.removeLast(2)
                runs.append((members, members.map { wanted[$0] }.reduce(0, +) / Double(members.count)))
            }
        }
        var places = wanted
        for run in runs {
            let start = inside(run.centre, run.members.count) - gap * Double(run.members.count - 1) / 2
            for (position, index) in run.members.enumerated() { places[index] = start + gap * Double(position) }
        }
        return places
    }
}
