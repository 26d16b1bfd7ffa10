import CKernels
import TestSupport
import Testing

/// The kernels of the update's law: the same bits for every instruction set, and those of the same sums in plain Swift.
@Suite struct UpdateKernelTests {
    private static let momentumWeights = (0..<40).map { varlab_exp(-0.1 * Double(39 - $0)) / 10 }
    private static let squareWeights = (0..<40).map { varlab_exp(-0.01 * Double(39 - $0)) / 33 }

    /// From s where M is 1 to where hardly anything is left of it, through every series of the logarithm.
    private static let places = [1e-9, 1e-4, 1e-2, 0.3, 3, 40, 1e4, 1e9]

    private func correlated(_ variant: varlab_variant, r: Double, squaredMean: Double) -> [Double] {
        var nodes = varlab_correlated_nodes()
        varlab_correlated_update(
            variant, Self.momentumWeights, Self.squareWeights, Self.squareWeights.count, r, squaredMean, Self.places, &nodes)
        return withUnsafeBytes(of: &nodes) { Array($0.assumingMemoryBound(to: Double.self)) }
    }

    @Test(arguments: [(0.5, 0.0), (-0.9, 1), (0.999, 4)])
    func everyVariantGivesTheSameBits(r: Double, squaredMean: Double) {
        let baseline = correlated(VARLAB_BASELINE, r: r, squaredMean: squaredMean)
        let allFinite = baseline.allSatisfy(\.isFinite)
        #expect(allFinite)
        for variant in availableVariants {
            let bits = correlated(variant, r: r, squaredMean: squaredMean).map(\.bitPattern)
            #expect(bits == baseline.map(\.bitPattern), "\(variant)")
        }
    }

    /// Mean 0 has a recurrence of its own: that of a mean too small to be seen. M is a product of 40 factors, each with a rounding or two; the other's
    /// logarithm leaves 3e-11 of itself where it is small.
    @Test(arguments: [0.5, -0.9, 0.999])
    func withoutMean(r: Double) {
        let centred = correlated(varlab_best_variant(), r: r, squaredMean: 0), other = correlated(varlab_best_variant(), r: r, squaredMean: 1e-300)
        for index in Self.places.indices {
            #expect(abs(centred[index] - other[index]) < 4e-11 * abs(other[index]) + 1e-15)
            #expect(relativeError(centred[24 + index], other[24 + index]) < 1e-12)
        }
    }

    /// Through the rescaling of the product, with and without terms of the momentum, against sums one after the other.
    @Test(arguments: [1, 3, 12, 40])
    func scaledSums(groups: Int) {
        let squares = (0..<8 * groups).map { varlab_exp(-0.3 * Double($0)) }, momenta = (0..<8).map { varlab_exp(-0.2 * Double($0)) }
        for s in Self.places + [1e60] {
            func run(_ variant: varlab_variant) -> [Double] {
                var (logarithm, variance) = (0.0, 0.0)
                varlab_scaled_update(variant, squares, groups, momenta, 1, s, &logarithm, &variance)
                return [logarithm, variance]
            }
            let found = run(varlab_best_variant())
            for variant in availableVariants { #expect(run(variant).map(\.bitPattern) == found.map(\.bitPattern), "\(variant)") }
            let logarithm = squares.reduce(0) { $0 + varlab_log1p(s * $1) }
            let variance = zip(momenta, squares).reduce(0) { $0 + $1.0 / (1 + s * $1.1) }
            #expect(abs(found[0] - logarithm) < 1e-13 * logarithm + 1e-14 && relativeError(found[1], variance) < 1e-14)
        }
    }

    /// Against sums in plain Swift, whose logarithm leaves what the other's does.
    @Test func sumsWithoutMean() {
        let multiplicities = (0..<40).map { $0 < 20 ? 1.0 : 2.5 }
        func run(_ variant: varlab_variant, _ s: Double) -> [Double] {
            var sums = [Double](repeating: 0, count: 7)
            Self.squareWeights.withUnsafeBufferPointer { weights in
                Self.momentumWeights.withUnsafeBufferPointer { momentum in
                    multiplicities.withUnsafeBufferPointer { multiplicities in
                        varlab_update_law_plain(
                            variant,
                            varlab_update_law_terms(
                                weights: weights.baseAddress, momentum_weights: momentum.baseAddress, multiplicities: multiplicities.baseAddress,
                                count: 40), s, &sums)
                    }
                }
            }
            return sums
        }
        for s in Self.places {
            let found = run(varlab_best_variant(), s)
            for variant in availableVariants { #expect(run(variant, s).map(\.bitPattern) == found.map(\.bitPattern), "\(variant)") }
            var expected = [Double](repeating: 0, count: 7)
            for index in 0..<40 {
                let x = s * Self.squareWeights[index], a = Self.momentumWeights[index], m = multiplicities[index], rest = 1 / (1 + x)
                let log = varlab_log1p(x), remainder = x < 1e-3 ? x * x * (0.5 - x * (1.0 / 3 - x / 4)) : x - log
                for (part, term) in [log, x * rest, remainder, x * x * rest, a * x * rest, a * rest, a * a * rest].enumerated() { expected[part] += m * term }
            }
            for part in 0..<7 { #expect(relativeError(found[part], expected[part]) < 1e-9, "\(part) at \(s)") }
        }
    }

    /// Independent gradients by plain sums: 40 terms of one sign leave some 1e-15. The logarithm of 1 + x below x = 1e-5 is two terms of its
    /// series, which leave x²/3 of it.
    @Test func withoutCorrelationItIsPlainSums() {
        let values = correlated(varlab_best_variant(), r: 0, squaredMean: 2)
        for (index, s) in Self.places.enumerated() {
            var (logarithm, shortfall, variance) = (0.0, 0.0, 0.0)
            for (a, w) in zip(Self.momentumWeights, Self.squareWeights) {
                let x = 2 * s * w
                logarithm -= 0.5 * (varlab_log1p(x) + 2 * x / (1 + x))
                shortfall += a * x / (1 + x)
                variance += a * a / (1 + x)
            }
            #expect(relativeError(values[index], logarithm) < 3.4e-11)
            #expect(relativeError(values[16 + index], shortfall) < 1e-14)
            #expect(relativeError(values[24 + index], variance) < 1e-14)
        }
    }

    @Test func theSweepsSums() {
        let nodes = (0..<32).map { varlab_exp(0.7 * Double($0) - 11) }
        func run(_ variant: varlab_variant) -> [Double] {
            var storage = [Double](repeating: 0, count: 14 * 32), integrals = [0.0, 0.0]
            let share = nodes.withUnsafeBufferPointer { nodes in
                storage.withUnsafeMutableBufferPointer { room in
                    func array(_ index: Int) -> UnsafeMutablePointer<Double> { room.baseAddress! + 32 * index }
                    let sums = varlab_exact_law_sums(
                        nodes: nodes.baseAddress, log_factor: array(0), log_factor_lost: array(1), log_excess: array(2), log_excess_lost: array(3),
                        shift: array(4), shift_lost: array(5), shift_excess: array(6), shift_excess_lost: array(7), momentum: array(8),
                        momentum_lost: array(9))
                    let update = varlab_update_law_sums(kept: array(10), kept_lost: array(11), shrinkage: array(12), shrinkage_lost: array(13))
                    for k in 0..<20 {
                        let (decay, momentum) = (varlab_exp(-0.02 * Double(k)), varlab_exp(-0.1 * Double(k)))
                        varlab_exact_law_advance(variant, sums, 4, 1, decay, momentum * momentum)
                        varlab_update_law_advance(variant, nodes.baseAddress, update, 4, decay, momentum)
                    }
                    return varlab_update_law_integrate(variant, sums, update, 0, 4, 0.5, 0.11, nodes.baseAddress, nodes.baseAddress, &integrals)
                }
            }
            return storage + integrals + [share]
        }
        let baseline = run(VARLAB_BASELINE)
        let allFinite = baseline.allSatisfy(\.isFinite)
        #expect(allFinite && !baseline.suffix(3).contains(0))
        for variant in availableVariants {
            let bits = run(variant).map(\.bitPattern)
            #expect(bits == baseline.map(\.bitPattern), "\(variant)")
        }
        for (index, a) in nodes.enumerated() {
            let kept = (0..<20).reduce(0.0) { $0 + varlab_exp(-0.1 * Double($1)) / (1 + a * varlab_exp(-0.02 * Double($1))) }
            #expect(relativeError(baseline[32 * 10 + index] + baseline[32 * 11 + index], kept) < 1e-15 * 20)
        }
    }
}
