import Errors
import Foundation
import Testing
import Theory

@testable import GradientStatistics

@Suite struct LogMagnitudeHistogramTests {
    @Test(arguments: ReducedTrace.names)
    func agreesWithNumPy(name: String) throws {
        let trace = try ReducedTrace(name)
        let row = try trace.expected("histogram")[0]
        let values = trace.rows.flatMap { $0 }
        var histogram = try LogMagnitudeHistogram(largest: values.map(abs).max()!, bins: 25)
        for value in values { histogram.add(value) }
        #expect(Double(histogram.zeros) == row["zeros"] && Double(histogram.underflow) == row["underflow"])
        #expect(histogram.highest == row["highest"])
        for bin in 0..<25 { #expect(Double(histogram.counts[bin]) == row["bin\(bin)"]) }
        #expect(histogram.total == values.count)
    }

    @Test func edges() throws {
        var histogram = try LogMagnitudeHistogram(largest: 1)
        #expect(histogram.highest == 0 && histogram.counts.count == 40)
        #expect(histogram.edge(0) == -20 && histogram.edge(40) == 0 && histogram.edge(1) == -19.5)
        for value in [0, -0.0, 1, -1, .nan, .infinity, .leastNonzeroMagnitude, exp(-20.000001), exp(-19.999999)] {
            histogram.add(value)
        }
        #expect(histogram.zeros == 2 && histogram.underflow == 2 && histogram.counts[0] == 1 && histogram.counts[39] == 2)
        var sum = histogram
        sum.merge(histogram)
        #expect(sum.total == 14)
        #expect(try LogMagnitudeHistogram(largest: 0).highest == -19)
        #expect(throws: ParameterError.self) { try LogMagnitudeHistogram(largest: 1, bins: 0) }
        #expect(throws: ParameterError.self) { try LogMagnitudeHistogram(largest: 1, bins: 100_001) }
    }
}

@Suite struct TrimmedHistogramTests {
    /// Bins that need no largest number, cut where it is known, are those that were made for it; a largest number on an edge too.
    @Test(arguments: [1.0, 0.3, exp(2.0), 1e300, 0, 1e-30, exp(-3.5)]) func isThatOfTheLargest(largest: Double) throws {
        let values = (0..<3000).map { largest * exp(-Double($0) / 100) } + [0, largest, -largest]
        var open = try LogMagnitudeHistogram(largest: .greatestFiniteMagnitude), expected = try LogMagnitudeHistogram(largest: largest)
        values.withUnsafeBufferPointer {
            open.add($0)
            expected.add($0)
        }
        #expect(try open.trimmed(largest: largest) == expected && expected.total == 3003)
    }
}

@Suite struct ArrayHistogramTests {
    /// Of whole arrays, in the file's own precision and by several threads, as of their numbers one by one.
    @Test(arguments: CoordinatePassTests.Container.allCases, [1, 3]) func areThoseOfTheNumbers(container: CoordinatePassTests.Container, threads: Int) throws {
        let sizes: [Double] = (0..<131).map { exp(Double($0 % 60 - 40)) }
        let rows: [[Double]] = (0..<700).map { step in
            sizes.indices.map { column in sizes[column] * sin(Double(step * 131 + column)) }
        }
        var histogram = try LogMagnitudeHistogram(largest: exp(20)), expected = histogram
        try histogram.add(try CoordinatePassTests.array(container, rows), threads: threads)
        for value in rows.joined() { expected.add(value) }
        #expect(histogram == expected && histogram.total == 700 * 131)
    }
}

@Suite struct LogMagnitudeCellsTests {
    /// Numbers of every size, and those on both sides of each edge, fall into the bin that their logarithm names.
    @Test(arguments: [(1.0, 1), (1, 40), (0.3, 7), (1e300, 1000), (1e-9, 100_000), (1e5, 4096)])
    func binsAreThoseOfTheLogarithm(largest: Double, bins: Int) throws {
        let empty = try LogMagnitudeHistogram(largest: largest, bins: bins)
        let length = empty.highest + 21
        var values: [Double] = (0..<4000).map { exp(-21 + length * Double($0) / 4000) }
        for bin in stride(from: 0, through: bins, by: max(1, bins / 500)) {
            let value = exp(empty.edge(bin))
            values += [value, value.nextDown, value.nextUp, value * (1 + 1e-13), value * (1 - 1e-13)]
        }
        values = values.filter { $0 <= exp(empty.highest) && log($0) <= empty.highest }
        var histogram = empty
        values.withUnsafeBufferPointer { histogram.add($0) }
        // One by one, and in single precision as in double; with what is in no bin.
        var single = empty, single64 = empty, one = empty
        let floats = values.map { -Float($0) } + [.nan, .infinity, 0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        floats.withUnsafeBufferPointer { single.add($0) }
        floats.map(Double.init).withUnsafeBufferPointer { single64.add($0) }
        for value in values { one.add(value) }
        #expect(single == single64 && one == histogram && single.zeros >= 2)
        var counts = Array(repeating: 0, count: bins)
        var underflow = 0
        for value in values {
            let position = log(value)
            if position < -20 { underflow += 1 } else {
                var (low, high) = (0, bins)
                while high - low > 1 {
                    let middle = (low + high) / 2
                    if position >= empty.edge(middle) { low = middle } else { high = middle }
                }
                counts[low] += 1
            }
        }
        #expect(histogram.underflow == underflow && histogram.counts == counts)
    }
}

@Suite struct AscendingOrderTests {
    /// As by comparisons, for double and single precision, with repetitions, zeros of both signs, gaps and the extremes.
    @Test(arguments: [0, 1, 255, 256, 5000])
    func sorts(count: Int) {
        var values = (0..<count).map { index -> Double in
            let bits = UInt64(index) &* 0x9e37_79b9_7f4a_7c15
            return index % 3 == 0 ? Double(Int(bits >> 50)) - 8000 : Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits >> 20)))
        }
        if count > 10 { values.replaceSubrange(0..<8, with: [.nan, .infinity, -.infinity, 0, -0.0, .greatestFiniteMagnitude, -.leastNonzeroMagnitude, 1e300]) }
        let sorted = values.withUnsafeBufferPointer { AscendingOrder.sorted($0) }
        #expect(sorted == values.filter(\.isFinite).sorted())
        let same = Array(repeating: 0.1, count: count)
        #expect(same.withUnsafeBufferPointer { AscendingOrder.sorted($0) } == same)
    }
}

@Suite struct MultipleTestTests {
    /// Worked by hand: 0.01 ≤ 0.05/4, 0.015 ≤ 0.05/3, 0.03 > 0.05/2, and what follows is kept whatever it is.
    @Test func holm() {
        #expect(Holm.rejected([0.03, 0.01, 0.04, 0.015], level: 0.05) == [false, true, false, true])
        #expect(Holm.rejected([0.0125, 0.9, 0.9, 0.9], level: 0.05) == [true, false, false, false])
        #expect(Holm.rejected([], level: 0.05).isEmpty)
        #expect(Holm.rejected([0.05], level: 0.05) == [true])
    }

    /// `numpy.quantile([3, 1, 2, 10], [0, 0.05, 0.5, 0.95, 1])`.
    @Test func quantiles() {
        let quantiles = Quantile.of([3, 1, 2, 10], at: [0, 0.05, 0.5, 0.95, 1])
        for (value, expected) in zip(quantiles, [1, 1.15, 2.5, 8.95, 10]) { #expect(error(value, expected) < 1e-15) }
        #expect(Quantile.of([], at: [0.5]).isEmpty && Quantile.of([7], at: [0.3]) == [7])
    }
}
