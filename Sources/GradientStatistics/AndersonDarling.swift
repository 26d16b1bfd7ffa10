import CKernels
import Foundation

/// The Anderson-Darling test of normality with the mean and the variance estimated from the sample.
///
/// A² = -n - (1/n) Σ_i [(2i-1) ln Φ(z_i) + (2n+1-2i) ln(1-Φ(z_i))] over the ascending z_i = (x_i - mean)/standard deviation.
/// The p-value is that of D'Agostino and Stephens, "Goodness-of-fit techniques" (1986), table 4.9, for
/// A*² = A² (1 + 0.75/n + 2.25/n²), as in R's `nortest::ad.test`. The table was fitted to simulated p-values down to about 1e-3: smaller
/// ones are extrapolated by its formula, and are orders of magnitude rather than numbers.
public struct AndersonDarling: Sendable, Equatable {
    /// A².
    public let statistic: Double
    /// The probability of a larger A² for a normal sample. From A*² = 10 on it is 3.7e-24, the formula's value there:
    /// an upper bound.
    public let pValue: Double

    /// Fewer values than this have no p-value by the formulas.
    public static let smallestSample = 8

    /// - Parameters:
    ///   - sorted: the sample, ascending and finite.
    ///   - standardDeviation: with n - 1.
    /// - Returns: nil for fewer than ``smallestSample`` values, without a positive deviation, and where x - mean is infinite.
    public init?(sorted: UnsafeBufferPointer<Double>, mean: Double, standardDeviation: Double) {
        guard sorted.count >= Self.smallestSample, standardDeviation > 0, standardDeviation.isFinite else { return nil }
        var sum = [0.0, 0.0]
        varlab_anderson_darling_double(sorted.baseAddress!, sorted.count, mean, standardDeviation, &sum, varlab_best_variant())
        self.init(sum: (sum[0], sum[1]), count: sorted.count)
    }

    /// The test of a series with these moments, whose gaps are left out.
    init?(_ moments: SeriesMoments, of series: UnsafeBufferPointer<Double>) {
        guard let (mean, deviation) = Self.parameters(moments) else { return nil }
        let test = AscendingOrder.sorted(series).withUnsafeBufferPointer { Self(sorted: $0, mean: mean, standardDeviation: deviation) }
        guard let test else { return nil }
        self = test
    }

    /// Mean and deviation of what can be tested; nil for a dead series, a short one, and a deviation beyond the range.
    static func parameters(_ moments: SeriesMoments) -> (mean: Double, deviation: Double)? {
        guard moments.count >= smallestSample, !moments.isDead, let mean = moments.mean, let deviation = moments.standardDeviation, deviation > 0,
            deviation.isFinite
        else { return nil }
        return (mean, deviation)
    }

    /// - Parameter sum: Σ_i -[(2i-1) ln Φ(z_i) + (2n+1-2i) ln(1-Φ(z_i))], some n², in two parts.
    init?(sum: (Double, Double), count: Int) {
        let n = Double(count)
        // n² is exact up to 2^53, and so is the difference of two numbers of one size.
        statistic = ((sum.0 - n * n) + sum.1) / n
        // A difference of the largest numbers there are is infinite.
        guard statistic.isFinite else { return nil }
        pValue = Self.pValue(adjusted: statistic * (1 + 0.75 / n + 2.25 / (n * n)))
    }

    /// The p-value for A*².
    static func pValue(adjusted a: Double) -> Double {
        switch a {
        case ..<0.2: 1 - exp(-13.436 + 101.14 * a - 223.73 * a * a)
        case ..<0.34: 1 - exp(-8.318 + 42.796 * a - 59.938 * a * a)
        case ..<0.6: exp(0.9177 - 4.279 * a - 1.38 * a * a)
        case ..<10: exp(1.2937 - 5.709 * a + 0.0186 * a * a)
        default: 3.7e-24
        }
    }
}

/// ln Φ(z), accurate in both tails.
func logNormalDistribution(_ z: Double) -> Double {
    var (below, above) = (0.0, 0.0)
    varlab_normal_tails(z, &below, &above)
    return -below
}

/// Sorting of finite numbers by the digits of their bits (a radix sort), several times as fast as by comparisons.
public enum AscendingOrder {
    /// The finite values, ascending; -0 comes before 0.
    public static func sorted(_ values: UnsafeBufferPointer<Double>) -> [Double] {
        let finite = values.filter(\.isFinite)
        return Array(unsafeUninitializedCapacity: finite.count) { sorted, count in
            let spare = UnsafeMutableBufferPointer<Double>.allocate(capacity: finite.count)
            defer { spare.deallocate() }
            if let target = sorted.baseAddress, let other = spare.baseAddress { varlab_sort_series_double(finite, finite.count, target, other) }
            count = finite.count
        }
    }
}
