import CKernels
import Concurrency
import Errors
import Foundation
import GradientStatistics
import TestSupport
import Testing

/// The one reading of an optimizer's state against the same sums written plainly.
@Suite struct MomentPassTests {
    static func tensor(_ m: [Double], _ v: [Double], _ scales: MomentScales) -> MomentTensor {
        MomentTensor(name: "w", count: m.count, scales: scales) { range, first, second in
            for (place, index) in range.enumerated() { (first[place], second[place]) = (m[index], v[index]) }
        }
    }

    static func pass(_ tensors: [MomentTensor], threads: Int = 2, variant: varlab_variant = varlab_best_variant()) throws -> MomentPass {
        try MomentPass(tensors, threads: threads, progress: ProgressCounter(total: 0, report: nil), variant: variant)
    }

    /// Two tensors of which the first is longer than what a thread takes; among their coordinates some of every kind.
    private static let state: (scales: MomentScales, m: [Double], v: [Double]) = {
        let scales = try! MomentScales(beta1: 0.9, beta2: 0.99, epsilon: 1e-3, step: 7)
        var generator = SplitMix(state: 5)
        var (m, v) = ([Double](), [Double]())
        for index in 0..<600_003 {
            let scale = exp(8 * (generator.uniform() - 0.9))
            m.append(scale * (generator.uniform() - 0.5))
            v.append(scale * scale * 0.1 * generator.uniform())
            switch index % 50_000 {
            case 17: (m[index], v[index]) = (0, 0)
            case 20: v[index] = 0
            case 31: v[index] = -1
            case 42: v[index] = .nan
            case 44: m[index] = -.infinity
            case 57: v[index] = .infinity
            case 99: (m[index], v[index]) = (1, 1e-9)
            case 100: (m[index], v[index]) = (0, 1e-9)
            default: break
            }
        }
        return (scales, m, v)
    }()

    @Test func sumsAndCounts() throws {
        let (scales, m, v) = Self.state
        let pass = try Self.pass([Self.tensor(m, v, scales)])
        let (momentum, square) = (1 - pow(0.9, 7.0), 1 - pow(0.99, 7.0))
        var (u2, u4, w2, w4, share, moment, largest) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        var (live, small, beyond, dead, underflowed, negative, nonfinite) = (0, 0, 0, 0, 0, 0, 0)
        var sizes: [Double] = [], plainSizes: [Double] = []
        var positive = [Int](repeating: 0, count: UpdateBins.sizes), negativeWithoutEpsilon = positive
        for (m, v) in zip(m, v) {
            if !m.isFinite || !v.isFinite { nonfinite += 1; continue }
            if v < 0 { negative += 1; continue }
            if v == 0 { dead += 1; underflowed += m != 0 ? 1 : 0; continue }
            live += 1
            let (mean, root) = (m / momentum, (v / square).squareRoot())
            let (u, w) = (mean / (root + 1e-3), root / (root + 1e-3))
            u2 += u * u; u4 += u * u * u * u; w2 += w * w; w4 += w * w * w * w; share += w * w * (1 - w); moment += root * root
            small += root < 1e-2 ? 1 : 0
            largest = max(largest, abs(mean) / root)
            beyond += abs(mean) / root > 1.01 * scales.largest ? 1 : 0
            sizes.append(abs(u))
            plainSizes.append(abs(mean) / root)
            if u >= 0 { positive[UpdateBins.edges.lastIndex { $0 <= u }!] += 1 }
            if mean < 0 { negativeWithoutEpsilon[UpdateBins.edges.lastIndex { $0 <= -mean / root }!] += 1 }
        }
        let sums = pass.all.sums
        #expect((sums.live, sums.small, sums.beyond, sums.dead) == (live, small, beyond, dead) && beyond > 10 && small > 1000)
        #expect((sums.underflowed, sums.negative, sums.nonfinite) == (underflowed, negative, nonfinite) && underflowed == 12 && negative == 12)
        #expect(sums.count == m.count)
        // Sums of positive terms in another order: n/2 roundings at most, √n as a rule.
        let n = Double(live)
        for (value, expected) in [
            (sums.meanSquare, u2 / n), (sums.meanFourth, u4 / n), (sums.meanWeight2, w2 / n), (sums.meanWeight4, w4 / n), (sums.meanSecondMoment, moment / n),
            (sums.epsilonShare, share / w2), (sums.largest, largest),
        ] { #expect(relativeError(try #require(value), expected) < 1e-12) }
        // An edge may be missed by a rounding of m̂/√v̂.
        func differ(_ a: [Int], _ b: [Int]) -> Int { zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } }
        #expect(differ(pass.all.bins.positive, positive) <= 2 && differ(pass.all.bins.negativeWithoutEpsilon, negativeWithoutEpsilon) <= 2)
        sizes.sort()
        plainSizes.sort()
        for (index, probability) in TensorUpdates.probabilities.enumerated() {
            // Within a bin.
            let place = Int(probability * n)
            #expect(relativeError(try #require(pass.all.quantiles[index]), sizes[place]) < 1.0 / 128)
            #expect(relativeError(try #require(pass.all.quantilesWithoutEpsilon[index]), plainSizes[place]) < 1.0 / 128)
        }
    }

    /// The same bits for any number of threads and every variant of the kernel, and of tensors alone and together.
    @Test func equalForThreadsAndVariants() throws {
        let (scales, m, v) = Self.state
        let tensors = [
            Self.tensor(m, v, scales), Self.tensor(Array(m[..<5]), Array(v[..<5]), scales), Self.tensor(Array(m[5...]), Array(v[5...]), scales),
        ]
        let one = try Self.pass(tensors, threads: 1)
        func expectEqual(_ a: TensorUpdates, _ b: TensorUpdates) {
            #expect(a.sums.meanSquare == b.sums.meanSquare && a.sums.meanFourth == b.sums.meanFourth && a.sums.meanWeight4 == b.sums.meanWeight4)
            #expect(a.sums.epsilonShare == b.sums.epsilonShare && a.sums.meanSecondMoment == b.sums.meanSecondMoment && a.sums.largest == b.sums.largest)
            #expect(a.bins == b.bins && a.quantiles == b.quantiles && a.quantilesWithoutEpsilon == b.quantilesWithoutEpsilon)
        }
        for other in try [Self.pass(tensors, threads: 2), Self.pass(tensors, threads: 3)] + availableVariants.map({ try Self.pass(tensors, variant: $0) }) {
            expectEqual(one.all, other.all)
            for (a, b) in zip(one.tensors, other.tensors) { expectEqual(a, b) }
        }
        #expect(one.tensors.reduce(0) { $0 + $1.sums.live } == one.all.sums.live && one.tensors[1].sums.count == 5)
        #expect(one.tensors[0].bins.positive == zip(one.tensors[1].bins.positive, one.tensors[2].bins.positive).map(+))
    }

    /// Where ε is lost beside √v̂, u is m̂/√v̂ to the bit; sizes beyond all bins and at their edges.
    @Test func extremes() throws {
        let scales = try MomentScales(beta1: 0, beta2: 0.5, epsilon: 1e-20, step: 1)
        let bits = [0.5, -0.5, 1, 0.53125, 0.0, 1e-7, 1e10, 4096]
        let pass = try Self.pass([Self.tensor(bits, bits.map { _ in 0.5 }, scales)])
        #expect(pass.all.bins.positive == pass.all.bins.positiveWithoutEpsilon && pass.all.bins.positive.reduce(0, +) == 7)
        func count(_ size: Double) -> Int { pass.all.bins.positive[UpdateBins.edges.lastIndex { $0 <= size }!] }
        #expect(count(0) == 2 && count(0.5) == 2 && count(1) == 1 && count(5000) == 2 && pass.all.bins.negative.reduce(0, +) == 1)
        #expect(pass.all.quantiles.last == .some(nil))
        #expect(pass.all.sums.epsilonShare == 0 && pass.all.sums.small == 0 && pass.all.sums.beyond == 2)
        // Values whose squares leave the doubles.
        let wide = try Self.pass([Self.tensor([1e-200, 1e200], [1e-300, 1e300], MomentScales(beta1: 0.9, beta2: 0.999, epsilon: 0, step: 5))])
        #expect(wide.all.sums.live == 2 && wide.all.sums.nonfinite == 0)
        let none = try Self.pass([Self.tensor([0], [0], scales)])
        #expect(none.all.sums.meanSquare == nil && none.all.quantiles.allSatisfy { $0 == nil } && none.all.sums.dead == 1)
    }

    @Test func errors() throws {
        let scales = try MomentScales(beta1: 0.9, beta2: 0.99, epsilon: 0, step: 1)
        struct Broken: Error, Equatable { let tensor: Int }
        let tensors = (0..<4).map { index in
            MomentTensor(name: "\(index)", count: 10, scales: scales) { _, first, second in
                if index > 1 { throw Broken(tensor: index) }
                first.update(repeating: 1)
                second.update(repeating: 1)
            }
        }
        #expect(throws: Broken(tensor: 2)) { try Self.pass(tensors, threads: 3) }
        for (beta1, beta2, epsilon, step) in [(1, 0.9, 0, 1), (0.9, 1, 0, 1), (0.9, 0, 0, 1), (0.9, 0.9, -1, 1), (0.9, 0.9, .nan, 1), (.nan, 0.9, 0, 1), (0.9, 0.9, 0, 0)] {
            #expect(throws: ParameterError.self) { try MomentScales(beta1: beta1, beta2: beta2, epsilon: epsilon, step: step) }
        }
    }
}
