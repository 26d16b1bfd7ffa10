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
