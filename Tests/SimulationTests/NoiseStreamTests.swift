import CKernels
import Foundation
import Simulation
import TestSupport
import Testing

@Suite struct NoiseStreamTests {
    /// Value stability: a change here changes every simulated number, and belongs in the changelog.
    @Test(arguments: availableVariants)
    func firstDrawsArePinned(variant: varlab_variant) {
        let pinned: [(seed: UInt64, trajectory: Int, bits: [UInt64])] = [
            (0x1, 0, [0xbfef_882a_9704_1bea, 0xbfe4_7766_7872_92ae, 0xbfe9_2f26_aa4b_933e, 0x3feb_aa0d_37c7_cc01, 0xbff0_c64d_ebf6_fa9e]),
            (0x1, 4999, [0xbfa5_7067_22e8_4fbf, 0xbfcb_498b_7676_93e7, 0xbfe0_bee4_a79e_3ef1, 0x3ffe_3c91_7648_ad33, 0xbfe4_63cb_7155_a0ef]),
            (0x0, 0, [0xbff2_fb94_0e4f_8a0f, 0xbfa3_814b_1e45_1587, 0xbff8_0f38_46e9_bb88, 0xbfd8_8a9b_d825_2740, 0x3feb_bb4f_98eb_be7a]),
            (0x9e3779b97f4a7c15, 1099511627775, [0xbfad_b534_08f9_6d98, 0xbfc2_41d9_6f87_d2a8, 0x3fe4_39cf_ee5b_61ee, 0xbfee_fd5e_6c97_a5c3, 0xbfdb_7fdf_e186_75ba]),
        ]
        for (seed, trajectory, bits) in pinned {
            let z = NoiseStream.normals(seed: seed, trajectory: trajectory, count: bits.count, variant: variant)
            #expect(z.map(\.bitPattern) == bits, "seed \(seed) trajectory \(trajectory)")
        }
    }

    @Test func aLongerStreamStartsWithTheShorter() {
        let long = NoiseStream.normals(seed: 3, trajectory: 11, count: 101)
        #expect(long.count == 101)
        #expect(NoiseStream.normals(seed: 3, trajectory: 11, count: 50) == Array(long[..<50]))
        #expect(NoiseStream.normals(seed: 3, trajectory: 11, count: 0) == [])
    }

    /// The kernel's logarithm, root, sine and cosine against the C library's, from the same words. The relative errors of
    /// its polynomials add up to half of 4.3e-12 for the radius and 4.8e-12 for the direction.
    @Test func agreesWithBoxAndMuller() {
        let count = 20_000
        let z = NoiseStream.normals(seed: 5, trajectory: 1, count: count)
        var largest = 0.0
        for pair in 0..<count / 2 {
            var words = [UInt32](repeating: 0, count: 4)
            varlab_philox(VARLAB_BASELINE, 5, 1, UInt64(pair), &words)
            let first = UInt64(words[0]) << 32 | UInt64(words[1])
            let second = UInt64(words[2]) << 32 | UInt64(words[3])
            let mantissa: UInt64 = 0xf_ffff_ffff_ffff
            let u = (Double(first & mantissa) + 0.5) * 0x1p-52
            // In quarter turns, an odd multiple of 2^-52 between -1/2 and 1/2.
            let turn = Double(Int64(second & mantissa | 1) - (1 << 51)) * 0x1p-52
            let radius = (-2 * log(u)).squareRoot()
            var cosine = radius * cos(turn * .pi / 2)
            let sine = radius * sin(turn * .pi / 2)
            if second >> 63 == 1 { cosine = -cosine }
            let expected = second >> 62 & 1 == 1 ? (sine, cosine) : (cosine, sine)
            largest = max(largest, abs(z[2 * pair] / expected.0 - 1), abs(z[2 * pair + 1] / expected.1 - 1))
        }
        #expect(largest < 8e-12)
        #expect(largest > 0)
    }

    /// Moments and Kolmogorov-Smirnov distance of 2^20 normals, within bounds of a false-alarm rate of 1e-6 each; the seed is
    /// fixed, so that the test either always passes or never.
    @Test func followsTheNormalLaw() {
        let trajectories = 64
        let steps = 1 << 14
        let streams = (0..<trajectories).map { NoiseStream.normals(seed: 2, trajectory: $0, count: steps) }
        let z = streams.flatMap(\.self)
        let n = Double(z.count)
        let quantile = 4.892  // of 1e-6, two-sided
        // E z^k and Var z^k = E z^2k - (E z^k)^2.
        for (power, mean, variance) in [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96), (6, 15, 10_170)] {
            let sample = z.reduce(0) { $0 + pow($1, Double(power)) } / n
            #expect(abs(sample - mean) < quantile * (variance / n).squareRoot(), "moment \(power)")
        }
        // Products of independent numbers: along a trajectory, within a pair of steps, and between trajectories.
        for lag in [1, 2, 3] {
            let product = zip(z, z.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 } / n
            #expect(abs(product) < quantile / n.squareRoot(), "lag \(lag)")
        }
        var pairs = 0.0
        for stream in streams {
            for t in stride(from: 0, to: steps, by: 2) {
                let (first, second) = (stream[t] * stream[t], stream[t + 1] * stream[t + 1])
                pairs += (first - 1) * (second - 1)
            }
        }
        #expect(abs(pairs / (n / 2)) < quantile * (4 / (n / 2)).squareRoot())
        var neighbours = 0.0
        for (one, other) in zip(streams, streams.dropFirst()) {
            for (x, y) in zip(one, other) { neighbours += x * y }
        }
        #expect(abs(neighbours / n) < quantile / n.squareRoot())

        let sorted = z.sorted()
        var distance = 0.0
        for (index, value) in sorted.enumerated() {
            let cdf = erfc(-value / 2.0.squareRoot()) / 2
            distance = max(distance, cdf - Double(index) / n, Double(index + 1) / n - cdf)
        }
        // P(sqrt(n) D > x) is about 2 exp(-2 x^2).
        #expect(distance * n.squareRoot() < (log(2 / 1e-6) / 2).squareRoot())
    }
}
