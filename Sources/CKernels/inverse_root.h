// x^(-1/2) without a division or a square root, which are too slow, and without the processor's own estimate, which differs
// between makers: an integer seed (relative error 3.5%), a cubic polynomial in single precision (8e-7; 1.6e-6 with the
// rounding), and a quadratic one in double precision, which leaves rounding alone (below 4e-16).
//
// With an estimate y of relative error e, r = x y^2 = 1 + O(e), and y (15 - 10 r + 3 r^2)/8 has the relative error 2.5 e^3. The
// estimate may carry any factor k, since r then only has the factor k^2; choosing it so that the polynomials' leading
// coefficients are 1 saves a multiplication each. The result is INVERSE_ROOT_FACTOR x^(-1/2).
#ifndef VARLAB_INVERSE_ROOT_H
#define VARLAB_INVERSE_ROOT_H

#include "lanes.h"

typedef uint32_t float_lane_bits __attribute__((vector_size(32)));
typedef uint32_t words __attribute__((vector_size(64)));  // the halves of eight doubles

// The argument x comes as 2^128 x, and 2^-126 < x < 2^127 is required: then bits 3 to 31 of the upper half of the double
// are the single-precision x but for its last three bits.

// 8/3 k^5 with k^2 = 3 * 3576232 * 2^-20, for which the two constants in inverse_root are exact, times 2^-64 on doubles.
#define INVERSE_ROOT_FACTOR 0x1.be7c028546e51p9

// x in single precision, rounded down to 21 bits; the lanes in an order that suits the processor.
INLINE float_lane_bits inverse_root_argument(lanes x) {
    words w = (words)x;
    return __builtin_shufflevector(w, w, 1, 3, 9, 11, 5, 7, 13, 15) << 3;
}

// From that, the upper halves of 2^-64 k x^(-1/2) in double precision, with a relative error below 1.6e-6.
INLINE float_lane_bits inverse_root_estimate(float_lane_bits argument) {
    float_lanes x = (float_lanes)argument;
    float_lanes y = (float_lanes)(0x5f37642fu - (argument >> 1));
    float_lanes r = x * (y * y);
    y = (y * (0x1.4384e2p1f - r)) * ((r - 0x1.ad15fep0f) * r + 0x1.6295f2p1f);
    return ((float_lane_bits)y >> 3) + (832u << 20);
}

// INVERSE_ROOT_FACTOR 2^-64 x^(-1/2) from 2^128 x and the estimate.
INLINE lanes inverse_root(lanes x, float_lane_bits estimate) {
    float_lane_bits zero = {0};
    lanes y = (lanes)(words)__builtin_shufflevector(zero, estimate, 0, 8, 1, 9, 4, 12, 5, 13, 2, 10, 3, 11, 6, 14, 7, 15);
    lanes q = x * (y * y);
    return y * (0x1.05b7e15a38a00p9 - q * (0x1.10d8480000000p5 - q));
}

#endif
