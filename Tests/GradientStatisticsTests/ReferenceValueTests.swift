import Foundation
import TestSupport
import Testing

@testable import GradientStatistics

/// Tests of hypotheses and quantiles against SciPy, statsmodels, NumPy and mpmath (`Files/make_tests.py`).
@Suite struct ReferenceValueTests {
    private static func rows(_ name: String) throws -> [[String: Double]] {
        try ReferenceTable(name, in: "GradientStatisticsTests/Files").rows
    }

    /// erfc and log of the C library are right to an ulp or two; where ln Φ(z) ≈ -e^{-z²/2} is tiny, as much of that. Beyond -35 the
    /// first term of the series that is left out is 105/z⁸ < 5e-11, of a value above 600: 8e-14.
    @Test func logarithmOfTheNormalDistribution() throws {
        for row in try Self.rows("log_normal") {
            let z = try #require(row["z"]), expected = try #require(row["value"])
            let value = logNormalDistribution(z)
            // Below the smallest double it is 0.
            #expect(relativeError(value, expected) < (z <= -35 ? 1e-13 : max(2e-14, z * z * .ulpOfOne)) || (expected.magnitude < 1e-300 && value.magnitude < 1e-300), "\(z): \(value)")
        }
        #expect(logNormalDistribution(.infinity) == 0 && logNormalDistribution(-.infinity) == -.infinity)
    }

    /// From two values to a thousand, from no shift of the mean to many deviations. GSL's tail is right to 1e-8 (see `SeriesMomentsTests`).
    @Test func zeroMeans() throws {
        for row in try Self.rows("zero_mean") {
            let n = Int(try #require(row["n"])), shift = try #require(row["shift"])
            let values = (0..<n).map { Double(($0 * 7919) % 101 - 50) + shift }
            let moments = SeriesMomentsTests.moments(values, chunk: max(1, n / 3))
            #expect(error(ZeroMeanTest.pValue(moments), row["p_value"], scale: 1e-280) < 1e-8, "\(n) \(shift)")
        }
    }

    /// Seven shapes and four sizes: A² loses what n loses in sums of about n, 1e-13, and the deviation as much in the tails.
    @Test func normalityOfManyShapes() throws {
        let samples = try Self.rows("normality_samples")
        var start = 0
        for row in try Self.rows("normality") {
            let n = Int(try #require(row["n"]))
            let values = samples[start..<start + n].map { $0["x"]! }
            start += n
            let moments = SeriesMomentsTests.moments(values, chunk: n)
            let test = try #require(AndersonDarlingTests.test(values))
            #expect(error(test.statistic, row["a2"]) < 1e-11)
            #expect(test.pValue > 0 && test.pValue <= 1)
            // Symmetric shapes have a skewness of rounding errors alone.
            #expect(error(moments.skewness, row["skewness"]) < 1e-13)
            #expect(error(moments.excessKurtosis, row["excess_kurtosis"]) < 1e-13)
        }
        #expect(start == samples.count)
    }

    @Test func holmsCorrection() throws {
        let rows = try Self.rows("holm")
        var tested = 0
        for key in Set(rows.map { [$0["case"]!, $0["level"]!] }) {
            let part = rows.filter { [$0["case"]!, $0["level"]!] == key }
            #expect(Holm.rejected(part.map { $0["p_value"]! }, level: key[1]) == part.map { $0["rejected"] == 1 })
            tested += 1
        }
        #expect(tested == 15)
    }

    @Test func quantiles() throws {
        for row in try Self.rows("quantiles") {
            let values = (0..<Int(row["n"]!)).map { Double(($0 * 7919) % 1009) / 7 }
            #expect(error(Quantile.of(values, at: [row["probability"]!])[0], row["value"]) < 1e-15)
        }
    }

    /// The p-value falls as A*² grows, within a piece and from piece to piece but for the formulas' own steps of at most 1%, and has
    /// an end: there the formula's own value is an upper bound.
    @Test func pValuesFall() {
        var last = 1.0
        for index in 1...2000 {
            let p = AndersonDarling.pValue(adjusted: Double(index) / 100)
            #expect(p >= 0 && p <= 1 && p <= last * 1.01)
            last = p
        }
        #expect(AndersonDarling.pValue(adjusted: 10) == 3.7e-24 && AndersonDarling.pValue(adjusted: .infinity) == 3.7e-24)
        #expect(AndersonDarling.pValue(adjusted: 0) > 0.999)
    }
}
