#include "include/varlab_variant.h"

bool varlab_variant_is_available(varlab_variant variant) {
    switch (variant) {
    case VARLAB_BASELINE:
        return true;
#if defined(__x86_64__)
    case VARLAB_AVX2:
        return __builtin_cpu_supports("x86-64-v3");
    case VARLAB_AVX512:
        return __builtin_cpu_supports("x86-64-v4");
#endif
    default:
        return false;
    }
}

varlab_variant varlab_best_variant(void) {
    for (int variant = VARLAB_AVX512; variant > VARLAB_BASELINE; variant--)
        if (varlab_variant_is_available((varlab_variant)variant)) return (varlab_variant)variant;
    return VARLAB_BASELINE;
}
