import CKernels
import Foundation
import TestSupport
import Testing

/// The kernels of the exact law of any gradients give the same bits for every instruction set.
@Suite struct TransformKernelTests {
    private static func numbers(_ count: Int, seed: UInt64, _ range: ClosedRange<Double>) -> [Double] {
        var generator = SplitMix(state: seed)
        return (0..<count).map { _ in Double.random(in: range, using: &generator) }
    }

    private func expectSame(_ run: (varlab_variant) -> [Double]) {
        let baseline = run(VARLAB_BASELINE)
        let allFinite = baseline.allSatisfy(\.isFinite)
        #expect(allFinite)
        for variant in availableVariants { 
            let bits = run(variant).map(\.bitPattern)
            #expect(bits == baseline.map(\.bitPattern), "\(variant)")
        }
    }

    @Test(arguments: [0.0, 0.25])
    func mixturesAndPoints(squaredMean: Double) {
        let shares = Self.numbers(64, seed: 1, 0...1), sizes = Self.numbers(64, seed: 2, 0...30)
        for s in [1e-12, 0.01, 3, 1e5] {
            expectSame { variant in
                var sums = [Double](repeating: 0, count: 6)
                sums.withUnsafeMutableBufferPointer {
                    varlab_transform_normals(variant, shares, sizes, 8, s, squaredMean, 1, 0.5, s < 1 ? 1 : 0, $0.baseAddress!)
                    varlab_transform_points(variant, shares, sizes, 8, s, 1, 0.5, s < 1 ? 1 : 0, $0.baseAddress! + 3)
                }
                return sums
            }
        }
    }

    /// The law of ± sizes under e^{-s g²} against plain sums over them.
    @Test(arguments: [1e-9, 1e-3, 0.2, 40])
    func tiltedPoints(s: Double) {
        let sizes = Self.numbers(40, seed: 6, 0.1...3).sorted()
        let shares = Self.numbers(80, seed: 7, 0...1), total = shares.reduce(0, +)
        let positive = shares.prefix(40).map { $0 / total }, negative = shares.suffix(40).map { $0 / total }
        let gradients = sizes + sizes.map { -$0 }, probabilities = positive + negative
        let mean = zip(gradients, probabilities).reduce(0) { $0 + $1.0 * $1.1 }
        let isSmall = s * 9 < 1, reference = isSmall ? mean * mean : sizes[0] * sizes[0]
        func run(_ variant: varlab_variant) -> [Double] {
            var (result, weights) = (varlab_tilted_points(), [Double](repeating: 0, count: 40))
            varlab_transform_tilted(variant, sizes, positive, negative, 5, s, reference, mean, 0, isSmall ? 1 : 0, &weights, &result)
            return [result.mean, result.pull, result.variance] + weights
        }
        expectSame(run)
        let weights = zip(gradients, probabilities).map { varlab_exp(-s * ($0 * $0 - reference)) * $1 }, whole = weights.reduce(0, +)
        let centre = zip(gradients, weights).reduce(0) { $0 + $1.0 * $1.1 } / whole
        let variance = zip(gradients, weights).reduce(0) { $0 + $1.1 * ($1.0 - centre) * ($1.0 - centre) } / whole
        let found = run(varlab_best_variant())
        // Sums of 80 terms, some of either sign, of up to 3.
        #expect(abs(found[0] - centre) < 1e-14 && relativeError(found[2], variance) < 1e-13)
        #expect(abs(found[1] - (mean - centre)) < 1e-14)
    }

    @Test func polynomialSums() {
        let values = Self.numbers(53, seed: 8, 2...5)
        func run(_ variant: varlab_variant) -> [Double] {
            var sums = [Double](repeating: 0, count: 24)
            varlab_chebyshev_sums(variant, values, values.count, 3.5, 1.5, 24, &sums)
            return sums
        }
        expectSame(run)
        for (k, sum) in run(varlab_best_variant()).enumerated() {
            let expected = values.reduce(0) { $0 + cos(Double(k) * acos(($1 - 3.5) / 1.5)) }
            // The recurrence loses k² roundings at the ends.
            #expect(abs(sum - expected) < 53 * 24 * 24 * 2e-16, "\(k)")
        }
    }

    /// Some pieces of four Chebyshev sums at once, every third of them.
    @Test func tiltedTerms() {
        let coefficients = Self.numbers(4 * 11 * 15, seed: 9, -1...1), multiplicities = [1, 0.5, 2, 0]
        func run(_ variant: varlab_variant) -> [Double] {
            var sums = [Double](repeating: 0.25, count: 4 * 5)
            varlab_tilted_term(variant, coefficients, 10, 0.3, 3 * 44, 5, multiplicities, &sums)
            return sums
        }
        expectSame(run)
        for (index, sum) in run(varlab_best_variant()).enumerated() {
            let (piece, lane) = (index / 4, index % 4)
            let value = (0...10).reduce(0) { $0 + coefficients[3 * 44 * piece + 4 * $1 + lane] * cos(Double($1) * acos(0.3)) }
            #expect(abs(sum - (0.25 + multiplicities[lane] * value)) < 1e-14)
        }
    }

    @Test func factors() {
        let coefficients = Self.numbers(12 * 40, seed: 3, -1...1)
        expectSame { variant in
            var sums = [Double](repeating: 0, count: 64)
            sums.withUnsafeMutableBufferPointer {
                for _ in 0..<3 {
                    varlab_transform_factor(variant, coefficients, 40, 11, 0.3, 1.5, 4, $0.baseAddress!, $0.baseAddress! + 32)
                }
            }
            return sums
        }
    }

    @Test func chains() {
        let nodes = Self.numbers(16, seed: 4, 0...50)
        expectSame { variant in
            var arrays = (0..<7).map { [Double](repeating: $0 == 0 ? 1 : 0, count: 16) }
            for step in 0..<5 {
                let pointers = arrays.indices.map { index in arrays[index].withUnsafeMutableBufferPointer { $0.baseAddress! } }
                nodes.withUnsafeBufferPointer {
                    let chain = varlab_chain(
                        nodes: $0.baseAddress!, variance: pointers[0], complement: pointers[1], predicted: pointers[2], logs: pointers[3],
                        logs_lost: pointers[4], excesses: pointers[5], excesses_lost: pointers[6])
                    varlab_transform_chain(variant, chain, 0, 2, 1 / Double(step + 1), 0.4, -0.7)
                }
            }
            return arrays.flatMap { $0 }
        }
    }
}
