/// A sample without replacement.
public enum RandomSample {
    /// `count` of the numbers 0..<`total`, each set equally likely, ascending (R. W. Floyd's algorithm: J. Bentley and B. Floyd, "A
    /// sample of brilliance", CACM 30, 1987).
    public static func places(_ count: Int, of total: Int, seed: UInt64) -> [Int] {
        precondition(count >= 0 && count <= total, "a sample is no larger than what it is drawn from")
        var words = RandomWords(seed: seed, purpose: .coordinates, number: 0)
        var chosen: Set<Int> = []
        for last in (total - count)..<total {
            let place = words.below(last + 1)
            chosen.insert(chosen.contains(place) ? last : place)
        }
        return chosen.sorted()
    }
}
