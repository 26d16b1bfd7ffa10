import Foundation
import GradientStatistics
import Testing

@Suite struct AndersonDarlingTests {
    /// A² = -n - sum/n with |sum|/n of about 100: an error of a few units of 1.1e-16 in each weighted term leaves 1e-13 here
    /// and as much in the reference. ln p changes by at most 6 per unit of A².
    static let tolerance = 2e-13

    @Test(arguments: ReducedTrace.names)
    func agreesWithSciPy(name: String) throws {
        let trace = try ReducedTrace(name)
        var tested = 0
        for (coordinate, row) in try trace.expected("coordinates").enumerated() {
            let test = Self.test(trace.column(coordinate))
            #expect(error(test?.statistic, row["anderson_darling"]) < Self.tolerance)
            // The mean and the deviation of each side differ in the last places too, which moves z and A² by as much again.
            #expect(error(test?.pValue, row["p_value"], scale: 1e-30) < 100 * Self.tolerance)
            if test != nil { tested += 1 }
        }
        #expect(tested == 15)
    }

    /// On the quantiles of the law itself A² is near 0 and normality is not rejected; on those of an exponential law it is.
    @Test func tellsShapesApart() throws {
        let uniform = (0..<200).map { (Double($0) + 0.5) / 200 }
        // A logit is close to normal: the middle of the p-values' range need not be known for the order to hold.
        let logistic = try #require(Self.test(uniform.map { log($0 / (1 - $0)) }))
        let exponential = try #require(Self.test(uniform.map { -log(1 - $0) }))
        #expect(logistic.pValue > 0.05 && exponential.pValue < 1e-10)
        #expect(exponential.statistic > logistic.statistic)
    }

    /// One value 10⁴ deviations of the rest away: the tails are far beyond the smallest double.
    @Test func outlierIsFinite() throws {
        let test = try #require(Self.test((0..<100_000).map { $0 == 0 ? 1e9 : Double($0 % 3) }))
        #expect(test.statistic.isFinite && test.statistic > 0 && test.pValue == 3.7e-24)
    }

    @Test func undefinedForFewOrEqualValues() {
        #expect(Self.test([1, 2, 3, 4, 5, 6, 7]) == nil)
        #expect(Self.test([1, 2, 3, 4, 5, 6, 7, 8]) != nil)
        #expect(Self.test(Array(repeating: 2, count: 100)) == nil)
    }

    static func test(_ values: [Double]) -> AndersonDarling? {
        let moments = SeriesMomentsTests.moments(values, chunk: values.count)
        return values.sorted().withUnsafeBufferPointer {
            AndersonDarling(sorted: $0, mean: moments.mean ?? 0, standardDeviation: moments.standardDeviation ?? 0)
        }
    }
}
