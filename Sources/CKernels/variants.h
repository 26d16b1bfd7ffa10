// Compiles one inlined body for every instruction set and dispatches on a varlab_variant.
// FOR_EACH_VARIANT(M) expands M(suffix, enumerator, attribute) for each one that this build has.
#ifndef VARLAB_VARIANTS_H
#define VARLAB_VARIANTS_H

#include "include/varlab_variant.h"

#if defined(__x86_64__)
#define AVX2_TARGET "arch=x86-64-v3"
#define AVX512_TARGET "arch=x86-64-v4"
#define FOR_EACH_VARIANT(M)                                                    \
    M(baseline, VARLAB_BASELINE, )                                             \
    M(avx2, VARLAB_AVX2, __attribute__((target(AVX2_TARGET))))                 \
    M(avx512, VARLAB_AVX512, __attribute__((target(AVX512_TARGET))))
#else
#define FOR_EACH_VARIANT(M) M(baseline, VARLAB_BASELINE, )
#endif

#endif
