import CKernels
import Foundation
import Testing

@Suite struct BiasCorrectionTests {
    /// 1-β2^t against the C library's expm1 and log1p, each within an ulp or two; β2 = 1-δ with an exact δ.
    @Test(arguments: [0x1p-27, 0x1p-17, 0x1p-10, 0.125, 0.5, 0.9375])
    func smallAndLargeDecay(delta: Double) {
        let count = 6001
        var correction = [Double](repeating: 0, count: count)
        varlab_bias_correction(1 - delta, Int32(count), &correction)
        for t in 1...count {
            let expected = -expm1(Double(t) * log1p(-delta))
            #expect(correction[t - 1].isClose(to: expected, relative: 1e-15), "t = \(t)")
        }
    }

    @Test func zeroDecay() {
        var correction = [Double](repeating: 0, count: 9)
        varlab_bias_correction(0, 9, &correction)
        #expect(correction == Array(repeating: 1, count: 9))
    }
}
