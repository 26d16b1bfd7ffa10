import CKernels
import Foundation
import TestSupport
import Testing

@testable import GradientStatistics

/// The kernels of the Anderson-Darling test: -ln Φ at both sides, the sum over a sample, and the sorting of tiles.
@Suite struct NormalTailTests {
    /// Against 40 digits (`Files/make_normal_tails.py`), on both sides of every place where another polynomial begins. An ulp of the argument is worth
    /// z² of the value, where it is small; below 1e-300 none is of use.
    @Test func logarithmsOfTails() throws {
        let rows = try ReferenceTable("normal_tails", in: "GradientStatisticsTests/Files").rows
        #expect(rows.count > 500)
        for row in rows {
            let z = try #require(row["z"]), below = try #require(row["below"]), above = try #require(row["above"])
            var (one, other) = (0.0, 0.0)
            varlab_normal_tails(z, &one, &other)
            for (value, expected) in [(one, below), (other, above)] where expected > 1e-300 {
                // Beyond ±4 the smaller one is an exponential of the larger.
                #expect(relativeError(value, expected) < 1e-15 + (expected < 1e-4 ? z * z * 2e-16 : 0), "\(z): \(value) \(expected)")
            }
        }
    }

    static let extremes: [Double] = [0, -0.0, 1e-300, -1e-300, 8.1, -8.1, 8.2, -8.2, 40, -40, 1e6, -1e6]

    /// A sample with ties, outliers of every size and values in all neighbourhoods; of every length to 40 and some longer.
    static func sample(_ count: Int, seed: Int) -> [Double] {
        (0..<count).map { index in
            let bits = UInt64(truncatingIfNeeded: (index + 1) * (seed + 1)) &* 0x9e37_79b9_7f4a_7c15
            let uniform = (Double(bits >> 11) + 0.5) * 0x1p-53
            switch index % 11 {
            case 3: return 0.25
            case 7 where index % 5 == 0: return extremes[index % extremes.count]
            default: return log(uniform / (1 - uniform))
            }
        }
    }

    static let counts = Array(1...40) + [63, 64, 65, 127, 1000, 1023, 1024, 1025, 4099]

    /// The same bits by every variant, for a tile and for a series, and the sum as its terms one by one in long double precision say it: their rounding is
    /// some units in the last place of terms of one sign.
    @Test(arguments: availableVariants) func sums(variant: varlab_variant) {
        for count in Self.counts {
            let columns = (0..<8).map { Self.sample(count, seed: $0).sorted() }
            let tile = (0..<count).flatMap { step in columns.map { $0[step] } }
            let means = (0..<8).map { Double($0) * 0.1 }, deviations = (0..<8).map { $0 == 5 ? 0 : 1 + Double($0) }
            var results = [Double](repeating: 0, count: 16), reference = results
            varlab_anderson_darling_tile_double(tile, count, means, deviations, &results, variant)
            varlab_anderson_darling_tile_double(tile, count, means, deviations, &reference, VARLAB_BASELINE)
            #expect(results == reference)
            for column in 0..<8 where column != 5 {
                var single = [0.0, 0.0]
                varlab_anderson_darling_double(columns[column], count, means[column], deviations[column], &single, variant)
                #expect(single == [results[2 * column], results[2 * column + 1]])
                var sum: [Double] = []
                for (index, value) in columns[column].enumerated() {
                    var (below, above) = (0.0, 0.0)
                    varlab_normal_tails((value - means[column]) / deviations[column], &below, &above)
                    sum += [Double(2 * index + 1) * below, Double(2 * (count - index) - 1) * above]
                }
                let plain = sum.sorted().reduce(0, +)
                #expect(relativeError(single[0] + single[1], plain) < Double(count) * 2e-16, "\(count) \(column)")
            }
            let floats = tile.map { Float($0) }, sortedFloats = floats.map { Double($0) }
            varlab_anderson_darling_tile_float(floats, count, means, deviations, &results, variant)
            varlab_anderson_darling_tile_double(sortedFloats, count, means, deviations, &reference, variant)
            #expect(results == reference)
        }
    }

    /// Each series of a tile as by comparisons.
    @Test(arguments: availableVariants) func tilesAreSorted(variant: varlab_variant) {
        for count in Self.counts + [8191, 8192, 8193] {
            let columns = (0..<8).map { Self.sample(count, seed: $0 + 20) }
            let tile = (0..<count).flatMap { step in columns.map { $0[step] } }
            var sorted = [Double](repeating: .nan, count: 8 * count)
            varlab_sort_tile_double(tile, count, &sorted, variant)
            var singles = [Float](repeating: .nan, count: 8 * count)
            varlab_sort_tile_float(tile.map { Float($0) }, count, &singles, variant)
            for column in 0..<8 {
                let expected = columns[column].sorted()
                #expect((0..<count).allSatisfy { sorted[8 * $0 + column] == expected[$0] }, "\(count)")
                #expect((0..<count).allSatisfy { singles[8 * $0 + column] == Float(expected[$0]) }, "\(count)")
            }
        }
    }
}
