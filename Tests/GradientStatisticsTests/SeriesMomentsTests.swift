import GradientStatistics
import Testing

@Suite struct SeriesMomentsTests {
    /// Sums of 100 terms, each right to a few units of 1.1e-16, divided by sums of positive terms: 100 · 4 · 1.1e-16 = 5e-14
    /// and as much in the reference.
    static let tolerance = 1e-13

    @Test(arguments: ReducedTrace.names, [100, 37, 1])
    func agreesWithSciPy(name: String, chunk: Int) throws {
        let trace = try ReducedTrace(name)
        for (coordinate, row) in try trace.expected("coordinates").enumerated() {
            let moments = Self.moments(trace.column(coordinate), chunk: chunk)
            // Not 0 for the dead one, whose values must be exact.
            let deviation = max(try #require(row["standard_deviation"]), 1e-300)
            #expect(Double(moments.count) == row["n"] && Double(moments.zeros) == row["zeros"])
            #expect(error(moments.mean, row["mean"], scale: deviation) <= Self.tolerance)
            #expect(error(moments.standardDeviation, row["standard_deviation"], scale: deviation) <= Self.tolerance)
            #expect(error(moments.meanOverDeviation, row["mean_over_sd"]) < Self.tolerance)
            #expect(error(moments.skewness, row["skewness"]) < Self.tolerance)
            #expect(error(moments.excessKurtosis, row["excess_kurtosis"]) < Self.tolerance)
            #expect(error(moments.lag1Autocorrelation, row["lag1_autocorrelation"]) < Self.tolerance)
            #expect(moments.isDead == (row["skewness"] == nil))
            // GSL's t law is right to 1e-8 of a tail for any ν and t (against SciPy's), to 1e-13 up to ν = 30.
            #expect(error(ZeroMeanTest.pValue(moments), row["p_zero_mean"], scale: 1e-300) < 1e-8)
        }
    }

    /// An offset of 2^40 deviations leaves 12 digits of the values, and must leave them to the moments: the offset is a
    /// multiple of the last place, so that only the values' own rounding by 2^-13 counts, and here they are whole.
    @Test func keepsDigitsUnderAnOffset() {
        let values = (0..<1000).map { Double(($0 * 7919) % 101) }
        let plain = Self.moments(values, chunk: 1000)
        for chunk in [1000, 64, 1] {
            let moved = Self.moments(values.map { $0 + 0x1p40 }, chunk: chunk)
            #expect(error(moved.standardDeviation, plain.standardDeviation) < 1e-6)
            #expect(error(moved.skewness, plain.skewness) < 1e-6)
            #expect(error(moved.excessKurtosis, plain.excessKurtosis) < 1e-6)
            #expect(error(moved.lag1Autocorrelation, plain.lag1Autocorrelation) < 1e-6)
        }
    }

    /// 1, 2, gap, 4, 8, inf, 16: five values of mean 31/5 and two pairs of neighbours, in chunks of every size.
    @Test(arguments: 1...7)
    func gaps(chunk: Int) throws {
        let moments = Self.moments([1, 2, .nan, 4, 8, .infinity, 16], chunk: chunk)
        #expect(moments.count == 5 && moments.zeros == 0 && moments.minimum == 1 && moments.maximum == 16)
        let mean = 31.0 / 5
        let squares = [1.0, 2, 4, 8, 16].map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
        let pairs = (1 - mean) * (2 - mean) + (4 - mean) * (8 - mean)
        #expect(error(moments.mean, mean) < 1e-15)
        #expect(error(moments.standardDeviation, (squares / 4).squareRoot()) < 1e-15)
        #expect(error(moments.lag1Autocorrelation, pairs / squares) < 1e-15)
    }

    /// A power of two as factor changes nothing but the scale, also where fourth powers or squares leave the range of doubles;
    /// in chunks, some of which are small enough to need no factor.
    @Test(arguments: [1015, 600, 250, -250, -600, -1000])
    func farFromOne(exponent: Int) throws {
        let values: [Double] = (0..<96).map { index in
            let whole = Double((index * 7919) % 101 - 40)
            return index < 32 ? whole * 0x1p-45 : whole
        }
        let plain = Self.moments(values, chunk: 96)
        let factor = Double(sign: .plus, exponent: exponent, significand: 1)
        for chunk in [96, 32, 1] {
            let scaled = Self.moments(values.map { $0 * factor }, chunk: chunk)
            #expect(error(scaled.mean.map { $0 / factor }, plain.mean) < Self.tolerance)
            #expect(error(scaled.standardDeviation.map { $0 / factor }, plain.standardDeviation) < Self.tolerance)
            #expect(error(scaled.meanOverDeviation, plain.meanOverDeviation) < Self.tolerance)
            #expect(error(scaled.skewness, plain.skewness) < Self.tolerance)
            #expect(error(scaled.excessKurtosis, plain.excessKurtosis) < Self.tolerance)
            #expect(error(scaled.lag1Autocorrelation, plain.lag1Autocorrelation) < Self.tolerance)
        }
    }

    @Test func undefinedWhereNothingVaries() {
        let dead = Self.moments(Array(repeating: 0.1, count: 1001), chunk: 10)
        #expect(dead.isDead && dead.mean == 0.1 && dead.standardDeviation == 0)
        #expect(dead.meanOverDeviation == nil && dead.skewness == nil && dead.excessKurtosis == nil)
        #expect(dead.lag1Autocorrelation == nil && ZeroMeanTest.pValue(dead) == nil)
        let empty = Self.moments([.nan, .infinity], chunk: 1)
        #expect(empty.count == 0 && empty.mean == nil && empty.standardDeviation == nil && empty.isDead)
        #expect(Self.moments([3], chunk: 1).standardDeviation == nil)
    }

    static func moments(_ values: [Double], chunk: Int) -> SeriesMoments {
        var result = SeriesMoments()
        values.withUnsafeBufferPointer { values in
            for start in stride(from: 0, to: values.count, by: chunk) {
                result.merge(SeriesMoments(UnsafeBufferPointer(rebasing: values[start..<min(start + chunk, values.count)])))
            }
        }
        return result
    }
}
