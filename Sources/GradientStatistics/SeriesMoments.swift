/// Moments of one series of values, and its autocorrelation at lag 1, in a form that can be merged.
///
/// The values of a chunk are taken relative to the chunk's mean, in two passes; chunks are merged by the formulas of
/// P. Pébay ("Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical moments",
/// 2008), so that nothing large is ever subtracted from something large. NaN and infinite values are gaps: they count in
/// nothing, and no pair of neighbours spans them.
///
/// From 1e-310 to 1e308 every moment has its digits: sums are of numbers scaled by a power of two where fourth powers would leave the
/// range of doubles. A deviation that is itself beyond the range is infinite.
public struct SeriesMoments: Sendable, Equatable {
    /// The number of finite values.
    public private(set) var count = 0
    /// The number of values that are exactly 0.
    public private(set) var zeros = 0
    /// The smallest finite value; infinity without one.
    public private(set) var minimum = Double.infinity
    /// The largest finite value; -infinity without one.
    public private(set) var maximum = -Double.infinity
    /// What follows, but for counts, is of x · 2^-exponent: 0 unless fourth powers of x would leave the range of doubles.
    private var exponent = 0
    private var centre = 0.0
    /// Sums of the second, third and fourth powers of x - mean.
    private var second = 0.0, third = 0.0, fourth = 0.0
    /// Neighbours that are both finite: how many, Σ (x_t-m)(x_{t+1}-m), and Σ (x_t-m) + (x_{t+1}-m).
    private var pairs = 0, pairProduct = 0.0, pairSum = 0.0
    private var isEmpty = true
    /// The values at the ends; NaN where there is none or it is a gap.
    private var first = Double.nan, last = Double.nan

    /// Of no values.
    public init() {}

    /// Of a chunk of the series, in its order.
    public init(_ values: UnsafeBufferPointer<Double>) {
        isEmpty = values.isEmpty
        // Relative to a value of the chunk, so that the mean of equal values is that value.
        guard let origin = values.first(where: \.isFinite) else { return }
        for value in values where value.isFinite {
            count += 1
            if value == 0 { zeros += 1 }
            minimum = min(minimum, value)
            maximum = max(maximum, value)
        }
        exponent = Self.exponent(for: max(minimum.magnitude, maximum.magnitude))
        let scale = Self.power(-exponent)
        if values[0].isFinite { first = values[0] * scale }
        if values[values.count - 1].isFinite { last = values[values.count - 1] * scale }
        let shift = origin * scale
        var sum = 0.0
        for value in values where value.isFinite { sum += value * scale - shift }
        centre = shift + sum / Double(count)
        var previous = Double.nan
        for value in values {
            guard value.isFinite else {
                previous = .nan
                continue
            }
            let deviation = value * scale - centre
            let square = deviation * deviation
            second += square
            third += square * deviation
            fourth += square * square
            if !previous.isNaN {
                pairs += 1
                pairProduct += previous * deviation
                pairSum += previous + deviation
            }
            previous = deviation
        }
    }

    /// Of a whole series without gaps, from what kernels have summed in its order.
    /// - Precondition: ``isInRange(_:_:)``.
    init(
        count: Int, extremes: TileKernels.Extremes, centre: Double, powers: TileKernels.Powers, first: Double, last: Double
    ) {
        self.count = count
        zeros = extremes.zeros
        minimum = extremes.minimum
        maximum = extremes.maximum
        self.centre = centre
        second = powers.second
        third = powers.third
        fourth = powers.fourth
        pairs = count - 1
        pairProduct = powers.pairProduct
        pairSum = powers.pairSum
        isEmpty = false
        self.first = first
        self.last = last
    }

    /// Whether no power of numbers between these leaves the range of doubles.
    static func isInRange(_ minimum: Double, _ maximum: Double) -> Bool { exponent(for: max(minimum.magnitude, maximum.magnitude)) == 0 }

    /// 0 from 1e-60 to 1e60, whose fourth powers leave room for as many summands as there can be; otherwise that of the value.
    private static func exponent(for largest: Double) -> Int {
        largest == 0 || (1e-60...1e60).contains(largest) ? 0 : max(Int(largest.exponent), -1000)
    }

    /// 2^exponent, for -1023 to 1000.
    private static func power(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }

    /// Goes over to another exponent.
    private mutating func rescale(to other: Int) {
        let scale = Double(sign: .plus, exponent: exponent - other, significand: 1)
        exponent = other
        centre *= scale
        // One factor after the other: a power of it may be infinite where what it multiplies is 0.
        second = second * scale * scale
        third = third * scale * scale * scale
        fourth = fourth * scale * scale * scale * scale
        pairProduct = pairProduct * scale * scale
        pairSum *= scale
        first *= scale
        last *= scale
    }

    /// Appends what follows in the series.
    public mutating func merge(_ next: SeriesMoments) {
        if next.isEmpty { return }
        if isEmpty {
            self = next
            return
        }
        var next = next
        if count == 0 || next.count == 0 {
            // Nothing to weigh; the gap still separates what comes later.
            let ends = (first: first, last: next.last)
            if count == 0 { self = next }
            (first, last) = ends
            return
        }
        let common = Self.exponent(for: max(
            minimum.magnitude, maximum.magnitude, next.minimum.magnitude, next.maximum.magnitude))
        if exponent != common { rescale(to: common) }
        if next.exponent != common { next.rescale(to: common) }
        let (a, b) = (Double(count), Double(next.count))
        let n = a + b
        let delta = next.centre - centre
        let mean = centre + delta * (b / n)
        let square = delta * delta
        fourth += next.fourth + square * square * (a / n) * (b / n) * (a * a - a * b + b * b) / n
            + 6 * square * ((a / n) * (a / n) * next.second + (b / n) * (b / n) * second)
            + 4 * delta * ((a / n) * next.third - (b / n) * third)
        third += next.third + square * delta * (a / n) * (b / n) * (a - b)
            + 3 * delta * ((a / n) * next.second - (b / n) * second)
        second += next.second + square * a * (b / n)
        recentrePairs(at: mean)
        next.recentrePairs(at: mean)
        pairs += next.pairs
        pairProduct += next.pairProduct
        pairSum += next.pairSum
        if last.isFinite, next.first.isFinite {
            pairs += 1
            pairProduct += (last - mean) * (next.first - mean)
            pairSum += (last - mean) + (next.first - mean)
        }
        centre = mean
        count += next.count
        zeros += next.zeros
        minimum = min(minimum, next.minimum)
        maximum = max(maximum, next.maximum)
        last = next.last
    }

    private mutating func recentrePairs(at mean: Double) {
        let delta = centre - mean
        pairProduct += delta * pairSum + Double(pairs) * delta * delta
        pairSum += 2 * Double(pairs) * delta
    }

    /// Whether all values are equal, so that everything divided by a deviation is undefined; true without values.
    public var isDead: Bool { !(minimum < maximum) }

    /// The mean; nil without values.
    public var mean: Double? { count > 0 ? centre * Self.power(exponent) : nil }

    /// √(Σ(x-m)²/(n-1)); nil below two values.
    public var standardDeviation: Double? { scaledDeviation.map { $0 * Self.power(exponent) } }

    private var scaledDeviation: Double? { count > 1 ? (second / Double(count - 1)).squareRoot() : nil }

    /// mean/standard deviation; nil for a dead series.
    public var meanOverDeviation: Double? { ratio(centre, scaledDeviation ?? 0) }

    /// m₃/m₂^{3/2} with m_k = Σ(x-m)^k/n, the biased estimate (`scipy.stats.skew`); nil for a dead series.
    public var skewness: Double? {
        let variance = second / Double(count)
        return ratio(third / Double(count), variance * variance.squareRoot())
    }

    /// m₄/m₂² - 3, the biased estimate (`scipy.stats.kurtosis`); nil for a dead series.
    public var excessKurtosis: Double? {
        let variance = second / Double(count)
        return ratio(fourth / Double(count), variance * variance).map { $0 - 3 }
    }

    /// Σ_{t<n} (x_t-m)(x_{t+1}-m) / Σ_t (x_t-m)² with the mean m of the whole series; nil for a dead series.
    public var lag1Autocorrelation: Double? { ratio(pairProduct, second) }

    /// nil for a dead series, and where the powers leave the range of doubles.
    private func ratio(_ numerator: Double, _ denominator: Double) -> Double? {
        guard !isDead, denominator > 0, denominator.isFinite else { return nil }
        let value = numerator / denominator
        return value.isFinite ? value : nil
    }
}
