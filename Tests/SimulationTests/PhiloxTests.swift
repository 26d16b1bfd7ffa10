import CKernels
import TestSupport
import Testing

@Suite struct PhiloxTests {
    private func words(seed: UInt64, trajectory: UInt64, pair: UInt64, variant: varlab_variant) -> [UInt32] {
        var words = [UInt32](repeating: 0, count: 4)
        varlab_philox(variant, seed, trajectory, pair, &words)
        return words
    }

    /// The known answers published with Random123 (philox4x32, 10 rounds): counter, key, words.
    @Test(arguments: availableVariants)
    func publishedKnownAnswers(variant: varlab_variant) {
        let answers: [(counter: [UInt32], key: [UInt32], words: [UInt32])] = [
            ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            (
                [UInt32](repeating: .max, count: 4), [.max, .max],
                [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
            ),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
            ),
        ]
        for (counter, key, expected) in answers {
            let seed = UInt64(key[1]) << 32 | UInt64(key[0])
            let pair = UInt64(counter[3]) << 32 | UInt64(counter[0])
            let trajectory = UInt64(counter[1]) << 32 | UInt64(counter[2])
            #expect(words(seed: seed, trajectory: trajectory, pair: pair, variant: variant) == expected)
        }
    }

    /// The generator as its paper writes it, round by round on scalars.
    private func plainPhilox(counter: [UInt32], key: [UInt32]) -> [UInt32] {
        var x = counter
        var (k0, k1) = (key[0], key[1])
        for _ in 0..<10 {
            let p0 = x[0].multipliedFullWidth(by: 0xd251_1f53)
            let p1 = x[2].multipliedFullWidth(by: 0xcd9e_8d57)
            x = [p1.high ^ x[1] ^ k0, p1.low, p0.high ^ x[3] ^ k1, p0.low]
            k0 &+= 0x9e37_79b9
            k1 &+= 0xbb67_ae85
        }
        return x
    }

    @Test(arguments: availableVariants)
    func agreesWithThePlainGenerator(variant: varlab_variant) {
        // Multiples of an odd constant: every bit of every word takes both values.
        for index in 1...1000 as ClosedRange<UInt64> {
            let seed = index &* 0x9e37_79b9_7f4a_7c15
            let trajectory = index &* 0xbf58_476d_1ce4_e5b9
            let pair = index &* 0x94d0_49bb_1331_11eb
            let expected = plainPhilox(
                counter: [
                    UInt32(truncatingIfNeeded: pair), UInt32(trajectory >> 32), UInt32(truncatingIfNeeded: trajectory),
                    UInt32(pair >> 32),
                ],
                key: [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)])
            #expect(
                words(seed: seed, trajectory: trajectory, pair: pair, variant: variant) == expected,
                "seed \(seed) trajectory \(trajectory) pair \(pair)")
        }
    }
}
