// Eight doubles at a time, and elementary functions on them that give the same bits on every processor.
//
// Why C: Swift's SIMD8 neither selects wider instructions at run time nor inlines as well; measured, the simulation
// is five times slower there in a default release build.
// Why not the C library: its exp and log differ in the last bit between processors with and without fused
// multiply-add. Here every operation is an IEEE addition, multiplication, division or square root in a written order.
// Contraction is switched off below; never compile these files with -ffast-math.
#ifndef VARLAB_LANES_H
#define VARLAB_LANES_H

#include <stdint.h>
#include "coefficients.h"

#pragma STDC FP_CONTRACT OFF
#pragma clang diagnostic ignored "-Wpsabi"  // every function here is inlined: no vector crosses a call

#define LANES 8
typedef double lanes __attribute__((vector_size(64)));
typedef uint64_t lane_bits __attribute__((vector_size(64)));
typedef int64_t lane_mask __attribute__((vector_size(64)));
typedef float float_lanes __attribute__((vector_size(32)));

#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)") for

INLINE lanes lanes_of(double x) { return (lanes){x, x, x, x, x, x, x, x}; }

INLINE lanes lanes_load(const double *p) {
    lanes x;
    __builtin_memcpy(&x, p, sizeof x);
    return x;
}

INLINE void lanes_store(double *p, lanes x) { __builtin_memcpy(p, &x, sizeof x); }

// Where the mask is set the first, elsewhere the second.
INLINE lanes lanes_select(lane_mask mask, lanes a, lanes b) {
    return (lanes)(((lane_bits)mask & (lane_bits)a) | (~(lane_bits)mask & (lane_bits)b));
}

INLINE lanes lanes_sqrt(lanes x) { return __builtin_elementwise_sqrt(x); }

// Pairwise, in an order that does not depend on the vector width.
INLINE double lanes_sum(lanes x) {
    return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

#define HORNER(polynomial, x)                                                                         \
    ({                                                                                                \
        lanes sum_ = lanes_of(polynomial[sizeof polynomial / sizeof *polynomial - 1]);                \
        _Pragma("clang loop unroll(full)") for (int j_ = sizeof polynomial / sizeof *polynomial - 2; \
                                                j_ >= 0; j_--) sum_ = sum_ * (x) + polynomial[j_];     \
        sum_;                                                                                         \
    })

#define LN2_HIGH 0x1.62e42feep-1  // 20 trailing zero bits: an exponent times it is exact
#define LN2_LOW 0x1.a39ef35793c76p-33

// x = m 2^e with sqrt(1/2) <= m < sqrt 2, for positive normal x.
INLINE lanes lanes_split_exponent(lanes x, lanes *exponent) {
    const uint64_t sqrt_half = 0x3fe6a09e667f3bcdull;
    lane_bits shifted = (lane_bits)x - sqrt_half;
    lane_bits e = (lane_bits)((lane_mask)shifted >> 52);
    // The integer e as a double: added to the mantissa of 1.5 * 2^52.
    *exponent = (lanes)(e + 0x4338000000000000ull) - 0x1.8p52;
    return (lanes)((lane_bits)x - (e << 52));
}

// ln x for positive normal x, within 1 ulp.
INLINE lanes lanes_log(lanes x) {
    lanes e, m = lanes_split_exponent(x, &e);
    lanes f = m - 1.0, s = f / (m + 1.0), z = s * s;
    // 2s = f - s f: the large part f is exact.
    lanes tail = s * (z * HORNER(log_polynomial, z) - f);
    return e * LN2_HIGH + (f + (tail + e * LN2_LOW));
}

// ln(1 + x) and x - ln(1 + x) for 0 <= x < 2^1000, each with a relative error of a few ulp for small x too, where the
// second is x^2/2.
INLINE lanes lanes_log1p(lanes x, lanes *x_minus_log1p) {
    const double sqrt_2_minus_1 = 0x1.a827999fcef32p-2;
    lanes e, m = lanes_split_exponent(1.0 + x, &e);
    lane_mask small = x < sqrt_2_minus_1;
    lanes f = lanes_select(small, x, m - 1.0);
    e = lanes_select(small, lanes_of(0.0), e);
    lanes s = f / (f + 2.0), z = s * s;
    lanes g = s * (f - z * HORNER(log_polynomial, z));  // f - ln(1 + f), no cancellation
    *x_minus_log1p = lanes_select(small, g, (x - f) - e * LN2_HIGH + (g - e * LN2_LOW));
    return e * LN2_HIGH + (f - (g - e * LN2_LOW));
}

// ln(1+x) and x - ln(1+x) for x >= 0, the latter by series where it would cancel: of artanh(y), y = x/(2+x), and below 1e-5 of the
// logarithm itself. The operations are those of Theory's function of one number, and so are the bits.
INLINE lanes logarithm_and_remainder(lanes x, lanes *remainder) {
    lanes excess, log = lanes_log1p(x, &excess), y = x / (2.0 + x), square = y * y, tail = lanes_of(0.0);
    _Pragma("clang loop unroll(full)") for (int n = 19; n >= 3; n -= 2) tail = square * (tail + 1.0 / n);
    lane_mask is_large = x > 0.25, is_tiny = x < 1e-5;
    lanes by_series = x * y - 2.0 * y * tail;
    *remainder = lanes_select(is_large, x - log, lanes_select(is_tiny, x * x * (0.5 - x * (1.0 / 3 - 0.25 * x)), by_series));
    return lanes_select(is_large, log, lanes_select(is_tiny, x - 0.5 * x * x, 2.0 * y * (1.0 + tail)));
}

// expm1(r) and 2^n with x = n ln 2 + r, -708 <= x <= 709.
INLINE lanes lanes_reduced_expm1(lanes x, lanes *scale) {
    lanes shifted = x * 0x1.71547652b82fep0 + 0x1.8p52;
    lanes n = shifted - 0x1.8p52;
    lanes r = (x - n * LN2_HIGH) - n * LN2_LOW;
    *scale = (lanes)(((lane_bits)shifted << 52) + 0x3ff0000000000000ull);
    return r + r * r * HORNER(expm1_polynomial, r);
}

INLINE lanes lanes_clamp_exponent(lanes x) {
    x = lanes_select(x < -708.0, lanes_of(-708.0), x);
    return lanes_select(x > 709.0, lanes_of(709.0), x);
}

// e^x within 2 ulp; 0 below -708, e^709 above 709.
INLINE lanes lanes_exp(lanes x) {
    lanes scale, p = lanes_reduced_expm1(lanes_clamp_exponent(x), &scale);
    return lanes_select(x < -708.0, lanes_of(0.0), scale + scale * p);
}

// e^x - 1 within 3 ulp; e^709 above 709.
INLINE lanes lanes_expm1(lanes x) {
    lanes scale, p = lanes_reduced_expm1(lanes_clamp_exponent(x), &scale);
    return (scale - 1.0) + scale * p;
}

#endif
