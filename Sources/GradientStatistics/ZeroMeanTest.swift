import Distributions

/// Student's t-test of a zero mean.
public enum ZeroMeanTest {
    /// The two-sided p-value of t = mean √n / s with n - 1 degrees of freedom, as if the values were independent; nil where
    /// all values are equal or fewer than two.
    public static func pValue(_ moments: SeriesMoments) -> Double? {
        guard let ratio = moments.meanOverDeviation else { return nil }
        let t = ratio.magnitude * Double(moments.count).squareRoot()
        return min(1, 2 * StudentT.upperTail(at: t, degreesOfFreedom: Double(moments.count - 1)))
    }
}
