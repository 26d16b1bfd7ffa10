import Distributions

/// What is known of one coordinate: moments of its series and the Anderson-Darling test of normality.
///
/// 88 bytes, since a trace may have millions of coordinates: a number that is undefined is kept as NaN and given as nil.
public struct CoordinateStatistics: Sendable {
    /// The number of finite values.
    public let count: Int
    /// The number of values that are exactly 0.
    public let zeros: Int
    /// Whether all values are equal.
    public let isDead: Bool
    private let numbers: (
        mean: Double, deviation: Double, ratio: Double, skewness: Double, kurtosis: Double, autocorrelation: Double,
        andersonDarling: Double, pValue: Double
    )

    init(_ moments: SeriesMoments, normality: AndersonDarling?) {
        count = moments.count
        zeros = moments.zeros
        isDead = moments.isDead
        numbers = (
            moments.mean ?? .nan, moments.standardDeviation ?? .nan, moments.meanOverDeviation ?? .nan, moments.skewness ?? .nan,
            moments.excessKurtosis ?? .nan, moments.lag1Autocorrelation ?? .nan, normality?.statistic ?? .nan, normality?.pValue ?? .nan
        )
    }

    /// As ``SeriesMoments`` defines them.
    public var mean: Double? { Self.known(numbers.mean) }
    public var standardDeviation: Double? { Self.known(numbers.deviation) }
    public var meanOverDeviation: Double? { Self.known(numbers.ratio) }
    public var skewness: Double? { Self.known(numbers.skewness) }
    public var excessKurtosis: Double? { Self.known(numbers.kurtosis) }
    public var lag1Autocorrelation: Double? { Self.known(numbers.autocorrelation) }

    /// A² of the test of normality; nil where it is undefined, and for a series too long to be sorted in memory.
    public var andersonDarling: Double? { Self.known(numbers.andersonDarling) }
    /// Its p-value (``AndersonDarling/pValue``).
    public var normalityPValue: Double? { Self.known(numbers.pValue) }
    /// The p-value of ``ZeroMeanTest``.
    public var zeroMeanPValue: Double? { ZeroMeanTest.pValue(meanOverDeviation: meanOverDeviation, count: count) }

    /// The root mean square to divide the coordinate by. nil where all values are equal, so that there is no |μ|/σ, and where values are
    /// missing: a gap has no place in v_t.
    package func scale(steps: Int) -> Double? {
        guard count == steps, !isDead, let rootMeanSquare, rootMeanSquare > 0, rootMeanSquare.isFinite else { return nil }
        return rootMeanSquare
    }

    /// √(Σx²/n), without squares that leave the range of doubles.
    private var rootMeanSquare: Double? {
        guard let mean, let standardDeviation else { return nil }
        let deviation = standardDeviation * (Double(count - 1) / Double(count)).squareRoot()
        let (large, small) = (max(abs(mean), deviation), min(abs(mean), deviation))
        return large > 0 ? large * (1 + (small / large) * (small / large)).squareRoot() : 0
    }

    private static func known(_ value: Double) -> Double? { value.isNaN ? nil : value }
}
