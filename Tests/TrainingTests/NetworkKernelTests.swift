import CKernels
import Foundation
import Testing
import Training

struct NetworkKernelTests {
    /// Against the C library's double exp: within 2 ulp.
    @Test func exponential() {
        let x = (0..<200_001).map { -87 + 175 * Float($0) / 200_000 }
        var y = [Float](repeating: .nan, count: x.count)
        NetworkKernels<Float>(varlab_best_variant()).exponential(x.count, x, &y)
        let worst = zip(x, y).map { x, y in
            let exact = Foundation.exp(Double(x))
            return abs(Double(y) - exact) / Double(Float(exact).ulp)
        }.max()!
        #expect(worst < 2)
        var edges = [Float](repeating: .nan, count: 3)
        NetworkKernels<Float>(varlab_best_variant()).exponential(3, [-Float.infinity, 0, -88], &edges)
        #expect(edges == [0, 1, 0])
    }

    @Test func sinusoids() {
        for step in 0..<100_000 {
            let x = Double(step) * 0.0173
            let (sine, cosine) = SinusoidalPositions.sineAndCosine(x)
            #expect(abs(sine - Foundation.sin(x)) < 5e-16 && abs(cosine - Foundation.cos(x)) < 5e-16, "\(x)")
        }
    }

    @Test(arguments: [0.0, 0.1, 0.5]) func dropoutKeepsTheRightShare(rate: Double) {
        let count = 100_003
        let kernels = NetworkKernels<Float>(varlab_best_variant())
        var dropout = varlab_dropout(seed: 5, step: 6, site: 7, rate: rate)
        var x = [Float](repeating: 1, count: count)
        var mask = [UInt8](repeating: 9, count: count)
        kernels.dropout_forward(count, &dropout, &x, &mask)
        let kept = mask.count { $0 == 1 }
        // Five standard deviations of the binomial law: a false-alarm rate of 6e-7.
        #expect(abs(Double(count - kept) - rate * Double(count)) <= 5 * (rate * (1 - rate) * Double(count)).squareRoot())
        #expect(zip(x, mask).allSatisfy { $0 == ($1 == 1 ? Float(1 / (1 - rate)) : 0) })

        // An element's mask is its own: it does not depend on how many there are.
        var fewer = [Float](repeating: 1, count: 37)
        var fewerMask = [UInt8](repeating: 9, count: 37)
        kernels.dropout_forward(37, &dropout, &fewer, &fewerMask)
        #expect(fewerMask == Array(mask.prefix(37)))
        dropout.site = 8
        var other = [UInt8](repeating: 9, count: count)
        kernels.dropout_forward(count, &dropout, &x, &other)
        #expect((other == mask) == (rate == 0))
    }

    /// Words of the generator as published by its authors make the mask; see `philox.h`.
    @Test func dropoutDrawsFromTheGenerator() {
        var dropout = varlab_dropout(seed: 11, step: 12, site: 13, rate: 0.5)
        let kernels = NetworkKernels<Double>(VARLAB_BASELINE)
        var x = [Double](repeating: 1, count: 70)
        var mask = [UInt8](repeating: 9, count: 70)
        kernels.dropout_forward(70, &dropout, &x, &mask)
        for group in 0..<17 {
            var words = [UInt32](repeating: 0, count: 4)
            varlab_philox(VARLAB_BASELINE, 11, 13 << 32 | UInt64(group), 12, &words)
            #expect(Array(mask[4 * group..<4 * group + 4]) == words.map { $0 >= 1 << 31 ? 1 : 0 })
        }
    }
}
