/// Holm's step-down correction for multiple tests.
///
/// Chosen over Benjamini and Hochberg's because the coordinates of a network are dependent (they share minibatches) and the
/// question is which of them may be called normal: Holm bounds the probability of even one false rejection by the level under
/// any dependence. S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6 (1979).
public enum Holm {
    /// Which hypotheses are rejected: in ascending order p_(k) against level/(m-k+1), up to the first that exceeds it.
    public static func rejected(_ pValues: [Double], level: Double) -> [Bool] {
        var result = Array(repeating: false, count: pValues.count)
        let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
        for (rank, index) in order.enumerated() {
            guard pValues[index] <= level / Double(pValues.count - rank) else { break }
            result[index] = true
        }
        return result
    }
}
