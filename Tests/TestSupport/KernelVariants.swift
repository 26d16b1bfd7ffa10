import CKernels

/// The kernels' variants that this processor can run; the baseline always is among them.
public let availableVariants = [VARLAB_BASELINE, VARLAB_AVX2, VARLAB_AVX512].filter { varlab_variant_is_available($0) }

extension varlab_variant: @retroactive CustomStringConvertible {
    public var description: String {
        switch self {
        case VARLAB_AVX2: "avx2"
        case VARLAB_AVX512: "avx512"
        default: "baseline"
        }
    }
}
