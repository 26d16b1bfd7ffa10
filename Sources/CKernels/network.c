// The network's kernels: one body, network_kernels.h, for each precision and instruction set.
#include "include/varlab_network.h"
#include "lanes.h"
#include "philox.h"
#include "variants.h"

// Vectors of eight numbers in both precisions: 32 bytes of float, 64 of double.
typedef uint32_t float_bits __attribute__((vector_size(32)));
typedef int32_t float_mask __attribute__((vector_size(32)));

// e^x within 2 ulp, from 1 + r + r^2 (Taylor, |r| <= ln(2)/2, remainder 5e-9); 0 below -87, e^88 above 88.
INLINE float_lanes float_exp(float_lanes x) {
    float_mask small = x < -87.0f, large = x > 88.0f;
    float_lanes limited = (float_lanes)(((float_bits)small & (float_bits)((float_lanes){} - 87.0f)) |
                                        (~(float_bits)small & (float_bits)x));
    limited = (float_lanes)(((float_bits)large & (float_bits)((float_lanes){} + 88.0f)) |
                            (~(float_bits)large & (float_bits)limited));
    float_lanes shifted = limited * 0x1.715476p0f + 0x1.8p23f;
    float_lanes n = shifted - 0x1.8p23f;
    // The high part of ln 2 has 15 bits: n times it is exact.
    float_lanes r = (limited - n * 0x1.62e4p-1f) - n * 0x1.7f7d1cp-20f;
    float_lanes p = r * (1 / 5040.0f) + 1 / 720.0f;
    p = p * r + 1 / 120.0f;
    p = p * r + 1 / 24.0f;
    p = p * r + 1 / 6.0f;
    p = p * r + 0.5f;
    p = r + r * r * p;
    float_lanes scale = (float_lanes)(((float_bits)shifted << 23) + 0x3f800000u);
    return (float_lanes)(~(float_bits)small & (float_bits)(scale + scale * p));
}

// The kernels below are compiled for each instruction set, but what they take from here and from the shared headers is not
// (it is inlined): no vector may cross these calls, as its ABI depends on the instruction set.
INLINE void exponential_float(const float_lanes *x, float_lanes *y) { *y = float_exp(*x); }
INLINE void exponential_double(const lanes *x, lanes *y) { *y = lanes_exp(*x); }
INLINE double logarithm(double x) { return lanes_log(lanes_of(x))[0]; }

// The words of the trajectories first ... first + 7 one after the other.
INLINE void random_words(const philox_keys *keys, uint64_t first, uint64_t pair, uint32_t words[4 * LANES]) {
    lane_bits even, odd;
    philox(philox_trajectories_from(first + (lane_bits){0, 1, 2, 3, 4, 5, 6, 7}, keys), philox_pair_from(pair, keys), keys,
           &even, &odd);
    for (int i = 0; i < LANES; i++) {
        words[4 * i] = (uint32_t)(even[i] >> 32), words[4 * i + 1] = (uint32_t)even[i];
        words[4 * i + 2] = (uint32_t)(odd[i] >> 32), words[4 * i + 3] = (uint32_t)odd[i];
    }
}

#define JOIN_TOKENS(a, b, c) a##_##b##_##c
#define JOIN(a, b, c) JOIN_TOKENS(a, b, c)
#define NAME(function) JOIN(function, REAL, VARIANT)

#define VARIANT baseline
#include "network_precisions.h"
#undef VARIANT
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target(AVX2_TARGET))), apply_to = function)
#define VARIANT avx2
#include "network_precisions.h"
#undef VARIANT
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target(AVX512_TARGET))), apply_to = function)
#define VARIANT avx512
#include "network_precisions.h"
#undef VARIANT
#pragma clang attribute pop
#endif

const varlab_network *varlab_network_kernels(varlab_variant variant, varlab_precision precision) {
    switch (variant) {
#define CASE(suffix, enumerator, attribute) \
    case enumerator:                        \
        return precision == VARLAB_FLOAT ? &kernels_float_##suffix : &kernels_double_##suffix;
        FOR_EACH_VARIANT(CASE)
    default:
        __builtin_trap();
    }
}

static long rounded_up(long count) { return (count + LANES - 1) / LANES * LANES; }

long varlab_attention_probabilities(const varlab_attention *shape) {
    long count = 0;
    for (long s = 0; s < shape->sentences; s++)
        count += (shape->query_starts[s + 1] - shape->query_starts[s]) *
                 rounded_up(shape->key_starts[s + 1] - shape->key_starts[s]);
    return shape->heads * count;
}

long varlab_attention_scratch(const varlab_attention *shape) {
    long queries = 0, keys = 0;
    for (long s = 0; s < shape->sentences; s++) {
        long query_count = shape->query_starts[s + 1] - shape->query_starts[s];
        long key_count = shape->key_starts[s + 1] - shape->key_starts[s];
        queries = query_count > queries ? query_count : queries;
        keys = key_count > keys ? key_count : keys;
    }
    // Six arrays of rows, one of them transposed, and the gradient of the scores.
    return 8 * rounded_up(queries > keys ? queries : keys) * rounded_up(shape->head_width) + queries * rounded_up(keys);
}
