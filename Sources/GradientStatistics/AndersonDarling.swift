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
        let n = Double(sorted.count)
        var sum = 0.0
        for index in sorted.indices {
            let z = (sorted[index] - mean) / standardDeviation
            let weight = Double(2 * index + 1)
            sum += weight * logNormalDistribution(z) + (2 * n - weight) * logNormalDistribution(-z)
        }
        statistic = -n - sum / n
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
    if z > 0 { return log1p(-0.5 * erfc(z * 0.5.squareRoot())) }
    if z > -35 { return log(0.5 * erfc(-z * 0.5.squareRoot())) }
    // The asymptotic series; erfc would underflow. The first term left out is 105/z⁸ < 1e-10 of the correction to ln.
    let square = 1 / (z * z)
    return -z * z / 2 - log(-z * (2 * .pi).squareRoot()) + log1p(-square * (1 - 3 * square * (1 - 5 * square)))
}

/// Sorting of finite numbers by the digits of their bits (a radix sort), several times as fast as by comparisons.
public enum AscendingOrder {
    /// Shorter series are sorted by comparisons.
    private static let shortest = 256

    /// The finite values, ascending; -0 comes before 0.
    public static func sorted(_ values: UnsafeBufferPointer<Double>) -> [Double] {
        if values.count < shortest { return values.filter(\.isFinite).sorted() }
        return Array(unsafeUninitializedCapacity: values.count) { result, count in
            result.withMemoryRebound(to: UInt64.self) { keys in
                withUnsafeTemporaryAllocation(of: UInt64.self, capacity: values.count) { spare in
                    count = sort(values, keys, spare)
                }
            }
        }
    }

    /// Sorts into `keys`; returns how many there are.
    private static func sort(
        _ values: UnsafeBufferPointer<Double>, _ keys: UnsafeMutableBufferPointer<UInt64>,
        _ spare: UnsafeMutableBufferPointer<UInt64>
    ) -> Int {
        var count = 0
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: 8 * 256) { counts in
            counts.initialize(repeating: 0)
            for value in values where value.isFinite {
                // Whole numbers in the order of the values: all bits of a negative number are turned, of others the sign.
                let bits = value.bitPattern
                let key = bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) >> 63) | 1 << 63)
                keys[count] = key
                count += 1
                for digit in 0..<8 { counts[256 &* digit &+ Int(truncatingIfNeeded: key >> UInt64(8 &* digit) & 0xff)] &+= 1 }
            }
            var (from, to) = (keys, spare)
            for digit in 0..<8 where count > 0 {
                let places = UnsafeMutableBufferPointer(rebasing: counts[256 * digit..<256 * (digit + 1)])
                let shift = UInt64(8 * digit)
                // Single precision leaves the last digits empty.
                if places[Int(from[0] >> shift & 0xff)] == count { continue }
                var start = 0
                for value in 0..<256 { (places[value], start) = (start, start + places[value]) }
                for index in 0..<count {
                    let key = from[index]
                    let value = Int(truncatingIfNeeded: key >> shift & 0xff)
                    to[places[value]] = key
                    places[value] &+= 1
                }
                (from, to) = (to, from)
            }
            for index in 0..<count {
                let key = from[index]
                keys[index] = key ^ (key >> 63 == 1 ? 1 << 63 : ~0)
            }
            return count
        }
    }
}
