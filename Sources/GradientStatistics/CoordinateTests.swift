import Distributions

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

/// Student's t-test of a zero mean.
public enum ZeroMeanTest {
    /// The two-sided p-value of t = mean √n / s with n - 1 degrees of freedom, as if the values were independent; nil where
    /// all values are equal or fewer than two.
    public static func pValue(_ moments: SeriesMoments) -> Double? {
        pValue(meanOverDeviation: moments.meanOverDeviation, count: moments.count)
    }

    /// The same from mean/s, which is nil where there is no test.
    static func pValue(meanOverDeviation: Double?, count: Int) -> Double? {
        guard let meanOverDeviation else { return nil }
        let t = meanOverDeviation.magnitude * Double(count).squareRoot()
        return min(1, 2 * StudentT.upperTail(at: t, degreesOfFreedom: Double(count - 1)))
    }
}

/// Sample quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan, NumPy's default).
public enum Quantile {
    /// The quantiles of finite values at probabilities in [0, 1]; empty without values.
    public static func of(_ values: [Double], at probabilities: [Double]) -> [Double] {
        guard !values.isEmpty else { return [] }
        let sorted = values.sorted()
        return probabilities.map { probability in
            precondition(probability >= 0 && probability <= 1, "a probability is from 0 to 1")
            let position = probability * Double(sorted.count - 1)
            let index = min(Int(position), sorted.count - 1)
            let next = min(index + 1, sorted.count - 1)
            return sorted[index] + (position - Double(index)) * (sorted[next] - sorted[index])
        }
    }
}
