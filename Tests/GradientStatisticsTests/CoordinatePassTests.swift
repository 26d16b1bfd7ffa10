import Concurrency
import Foundation
import TestSupport
import Testing
import Theory
import Traces

@testable import GradientStatistics

/// The reading of an array against the same computed of whole series in memory, whatever the file's order and the size of groups.
@Suite struct CoordinatePassTests {
    static let steps = 60, coordinates = 37
    static let sections = [1, 2, 3, 7, 20, 59, 60]

    /// Numbers that repeat themselves nowhere, a dead coordinate, and one that is 0 at first.
    static let rows: [[Double]] = (0..<steps).map { step in
        (0..<coordinates).map { coordinate in
            if coordinate == 5 { return 0.25 }
            if coordinate == 9, step < 3 { return 0 }
            return Double((step * 7919 + coordinate * 104_729) % 2003 - 900) / Double(1 + coordinate * coordinate)
        }
    }

    enum Container: String, CaseIterable, Sendable { case c, fortran, csv }

    static func array(_ container: Container, _ rows: [[Double]] = rows) throws -> RecordedArray {
        let width = rows[0].count
        guard container != .csv else {
            let text = rows.map { $0.map { "\($0)" }.joined(separator: ",") }.joined(separator: "\n")
            return try RecordedTrace.read(Array(text.utf8), named: "a.csv").arrays[0]
        }
        let isFortran = container == .fortran
        let dictionary = "{'descr': '<f8', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': (\(rows.count), \(width)), }\n"
        var bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(dictionary.utf8.count), 0] + Array(dictionary.utf8)
        let values = isFortran ? (0..<width).flatMap { column in rows.map { $0[column] } } : rows.flatMap { $0 }
        values.withUnsafeBytes { bytes += $0 }
        return try RecordedTrace.read(bytes, named: "a.npy").arrays[0]
    }

    static func pass(
        _ array: RecordedArray, threads: Int = 1, skipsNonfinite: Bool = false, capacity: Int = CoordinatePass.capacity,
        progress: ProgressCounter = ProgressCounter(total: 1, report: nil)
    ) throws -> CoordinatePass {
        let plan = CoordinatePass.Plan(
            average: try ExponentialAverage(beta2: 0.9), momentum: try ExponentialAverage(beta2: 0.8), epsilon: 1e-3, skipsNonfinite: skipsNonfinite, threads: threads)
        return try CoordinatePass(
            array, label: "a", path: "a.npy", histogramSteps: [2, 60], rateSteps: sections.filter { $0 <= array.stepCount }, plan: plan,
            progress: progress, capacity: capacity)
    }

    /// To the last bit: a group is no part of a result. 60 values a group are one coordinate at a time.
    @Test(arguments: Container.allCases, [60, 130, 60 * 36, 12_000_000]) func areThoseOfWholeSeries(container: Container, capacity: Int) throws {
        let array = try Self.array(container)
        for threads in [1, 3] {
            let pass = try Self.pass(array, threads: threads, capacity: capacity)
            #expect(pass.coordinates.count == Self.coordinates && pass.nonfinite.first == nil)
            var scales: [Double?] = []
            for (coordinate, result) in pass.coordinates.enumerated() {
                let series = Self.rows.map { $0[coordinate] }
                let moments = SeriesMomentsTests.moments(series, chunk: series.count)
                #expect(result.count == 60 && result.zeros == moments.zeros && result.isDead == (coordinate == 5))
                #expect(result.mean == moments.mean && result.standardDeviation == moments.standardDeviation)
                #expect(result.meanOverDeviation == moments.meanOverDeviation && result.skewness == moments.skewness)
                #expect(result.excessKurtosis == moments.excessKurtosis && result.lag1Autocorrelation == moments.lag1Autocorrelation)
                let test = AndersonDarlingTests.test(series)
                #expect(result.andersonDarling == test?.statistic && result.normalityPValue == test?.pValue)
                #expect(result.zeroMeanPValue == ZeroMeanTest.pValue(moments))
                // The root mean square, as it is computed: from the mean and the deviation. Both are far from the ends of the range.
                let rootMeanSquare = (series.reduce(0) { $0 + $1 * $1 } / 60).squareRoot()
                #expect(coordinate == 5 ? result.scale(steps: 60) == nil : error(result.scale(steps: 60), rootMeanSquare, scale: rootMeanSquare) < 1e-14)
                scales.append(result.scale(steps: 60))
            }
            var rates = AdaptiveRateTrace(
                average: try ExponentialAverage(beta2: 0.9), momentum: try ExponentialAverage(beta2: 0.8), epsilon: 1e-3, scales: scales, steps: Self.sections)
            Self.rows.flatMap { $0 }.withUnsafeBufferPointer {
                rates.add(steps: 0..<Self.steps, coordinates: 0..<Self.coordinates, values: $0)
            }
            #expect(pass.rates.sections == rates.sections && pass.rates.sections.allSatisfy { $0.count == 36 })
            #expect(pass.largest == [1, 59].flatMap { Self.rows[$0].map(abs) }.max())
            #expect(pass.scaledMeans == pass.coordinates.filter { !$0.isDead }.map(\.meanOverDeviation!))
        }
    }

    /// The sizes of the steps and the values, of every order of reading alike: here all 36 · 60 values are kept.
    @Test(arguments: Container.allCases, [60, 12_000_000]) func ingredients(container: Container, capacity: Int) throws {
        let pass = try Self.pass(try Self.array(container), threads: 3, capacity: capacity)
        let scales = pass.coordinates.map { $0.scale(steps: 60) }
        let expected = (0..<Self.coordinates).flatMap { column in
            scales[column].map { scale in Self.rows.map { $0[column] / scale } } ?? []
        }
        #expect(pass.ingredients.values == expected && expected.count == 36 * 60)
        let meanSquares = try #require(pass.ingredients.meanSquares)
        for step in 0..<60 {
            let squares = (0..<36).map { expected[$0 * 60 + step] * expected[$0 * 60 + step] }
            #expect(meanSquares[step] == squares.reduce(0, +) / 36)
        }
        #expect(abs(meanSquares.reduce(0, +) / 60 - 1) < 1e-14)
        let autocorrelations = pass.coordinates.compactMap(\.lag1Autocorrelation)
        #expect(pass.meanAutocorrelation == autocorrelations.reduce(0, +) / 36)
        #expect(try Self.pass(try Self.array(.c), capacity: 59).ingredients.values.isEmpty)
    }

    /// Of more values than are kept, every n-th, with an odd n: 700 · 751 values are more than 2^18 by a factor of 2.005.
    @Test func aSampleOfManyValues() throws {
        let rows = (0..<700).map { step in (0..<751).map { Double((step * 751 + $0) % 1009) - 504 } }
        let pass = try Self.pass(try Self.array(.fortran, rows))
        let scales = try pass.coordinates.map { try #require($0.scale(steps: 700)) }
        let all = (0..<751).flatMap { column in rows.map { $0[column] / scales[column] } }
        #expect(pass.ingredients.values == stride(from: 0, to: all.count, by: 3).map { all[$0] })
    }

    /// A series longer than what is held is taken in chunks: without the test of normality, the moments right to rounding errors, ψ_t
    /// by a reading of its own and the same but for the root mean square's.
    @Test(arguments: [7, 31, 59]) func longSeriesComeInChunks(capacity: Int) throws {
        let array = try Self.array(.c)
        let whole = try Self.pass(array)
        let chunked = try Self.pass(array, capacity: capacity)
        for (one, other) in zip(whole.coordinates, chunked.coordinates) {
            #expect(other.andersonDarling == nil && other.normalityPValue == nil)
            #expect(one.count == other.count && one.zeros == other.zeros && one.isDead == other.isDead)
            #expect(error(one.mean, other.mean) < 1e-13 && error(one.standardDeviation, other.standardDeviation) < 1e-13)
            #expect(error(one.skewness, other.skewness) < 1e-12 && error(one.excessKurtosis, other.excessKurtosis) < 1e-12)
            #expect(error(one.lag1Autocorrelation, other.lag1Autocorrelation) < 1e-12)
        }
        for (one, other) in zip(whole.rates.sections, chunked.rates.sections) {
            #expect(one.count == other.count && error(one.mean, other.mean) < 1e-12 && error(one.variance, other.variance) < 1e-12)
        }
    }

    /// The first in the order of steps and then coordinates, with the number of all, from every order of reading; and nothing is
    /// computed after it, unless such values are to be left out.
    @Test(arguments: Container.allCases, [60, 12_000_000]) func whatIsNotFinite(container: Container, capacity: Int) throws {
        var rows = Self.rows
        (rows[40][2], rows[11][30], rows[11][31], rows[59][0]) = (.nan, -.infinity, .infinity, .nan)
        let array = try Self.array(container, rows)
        let refused = try Self.pass(array, capacity: capacity)
        let first = try #require(refused.nonfinite.first)
        #expect(first.count == 4 && first.step == 12 && first.coordinate == 30 && first.value == -.infinity)
        #expect(first.description == "a.npy: array a, step 12, coordinate 30: -inf is not finite (4 such values); "
            + "--skip-nonfinite leaves such values out")
        #expect(refused.coordinates.count < Self.coordinates)
        let skipped = try Self.pass(array, skipsNonfinite: true, capacity: capacity)
        #expect(skipped.nonfinite.first == first && skipped.coordinates.count == Self.coordinates)
        #expect(skipped.coordinates[2].count == 59 && skipped.coordinates[3].count == 60)
        // Four with a gap and the dead one.
        #expect(skipped.rates.sections.allSatisfy { $0.count == 32 } && skipped.scaledMeans.count == 32)
    }

    /// All values are counted once, whatever the groups.
    @Test(arguments: [60, 12_000_000]) func progressReachesItsEnd(capacity: Int) throws {
        let last = LastProgress()
        let counter = ProgressCounter(total: Self.steps * Self.coordinates) { done, total in last.set(done, total) }
        _ = try Self.pass(try Self.array(.c), capacity: capacity, progress: counter)
        #expect(last.value == [Self.steps * Self.coordinates, Self.steps * Self.coordinates])
    }

    /// 88 bytes a coordinate stay, far below what the bound on their number counts with.
    @Test func statesAreSmall() {
        #expect(MemoryLayout<CoordinateStatistics>.stride == 88)
        #expect(MemoryLayout<CoordinateStatistics>.stride < CoordinatePass.bytesPerCoordinate / 2)
    }

    @Test(arguments: Container.allCases) func histogramsOfSteps(container: Container) throws {
        let array = try Self.array(container)
        for bins in [nil, 7] {
            let histograms = try StepHistograms.of(array, steps: [1, 30, 60], largest: 1103, bins: bins)
            for (step, histogram) in zip([1, 30, 60], histograms) {
                var expected = try LogMagnitudeHistogram(largest: 1103, bins: bins)
                for value in Self.rows[step - 1] { expected.add(value) }
                #expect(histogram == expected && histogram.total == Self.coordinates)
            }
            // Of the reading itself: its steps are 2 and 60.
            for (step, histogram) in zip([2, 60], try Self.pass(array, capacity: 130).histograms(largest: 1103, bins: bins)) {
                var expected = try LogMagnitudeHistogram(largest: 1103, bins: bins)
                for value in Self.rows[step - 1] { expected.add(value) }
                #expect(histogram == expected)
            }
        }
        #expect(try StepHistograms.of(array, steps: [], largest: 1, bins: nil).isEmpty)
    }
}

/// Two numbers that several threads may set.
private final class LastProgress: @unchecked Sendable {
    private let lock = NSLock()
    private var numbers: [Int] = []

    func set(_ done: Int, _ total: Int) { lock.withLock { numbers = [done, total] } }
    var value: [Int] { lock.withLock { numbers } }
}
