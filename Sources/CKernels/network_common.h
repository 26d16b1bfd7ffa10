// What the network's kernels share in both precisions.
#ifndef VARLAB_NETWORK_COMMON_H
#define VARLAB_NETWORK_COMMON_H

#include "include/varlab_network.h"
#include "lanes.h"
#include "philox.h"

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

// Where a product need not be computed, for causal attention: beyond A's or C's diagonal the content is not used.
typedef enum { DENSE, LOWER_A, UPPER_A, LOWER_C } triangle;

#endif
