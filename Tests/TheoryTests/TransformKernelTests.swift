import CKernels
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
