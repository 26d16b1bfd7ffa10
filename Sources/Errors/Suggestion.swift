/// What someone meant who typed a name that does not exist.
public enum Suggestion {
    /// The name closest to the one typed, or nil where none is close: by insertions, deletions, replacements and swaps of
    /// neighbours, at most one for each three letters of the longer name and one more. Of names that are equally close, the first.
    public static func closest(to typed: String, among names: [String]) -> String? {
        // A text that no hand typed as a name needs no table of its distances.
        guard typed.count <= 64 else { return nil }
        let typed = typed.lowercased()
        let ranked = names.map { (name: $0, distance: distance(typed, $0.lowercased())) }
            .filter { $0.distance <= max(typed.count, $0.name.count) / 3 + 1 && $0.distance < max(typed.count, $0.name.count) - 1 }
        return ranked.min { $0.distance < $1.distance }?.name
    }

    /// ` (did you mean 'radam'?)`, to stand at the end of a message; empty where no name is close.
    public static func question(for typed: String, among names: [String]) -> String {
        closest(to: typed, among: names).map { " (did you mean '\($0)'?)" } ?? ""
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours from one text to the other (optimal string
    /// alignment).
    static func distance(_ first: String, _ second: String) -> Int {
        let (a, b) = (Array(first), Array(second))
        var before: [Int] = []
        var previous = Array(0...b.count)
        for i in a.indices {
            var current = [i + 1]
            for j in b.indices {
                var best = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
                current.append(best)
            }
            (before, previous) = (previous, current)
        }
        return previous[b.count]
    }
}
