import CKernels

/// The kernel's variants that this processor can run; the baseline always is among them.
let availableVariants = [VARLAB_BASELINE, VARLAB_AVX2, VARLAB_AVX512].filter { varlab_variant_is_available($0) }
