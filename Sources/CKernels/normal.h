// Standard normal numbers from random bits: Box and Muller's transform in double precision.
//
// The radius is sqrt(-2 ln u) with u = (k + 1/2) 2^-52 from the low 52 bits of one word; u is never 0 or 1, and |z|
// reaches 8.6. The angle is an odd multiple of pi 2^-53 in (-pi/4, pi/4) from the low 52 bits of the other word, moved to
// one of the other octants by its two high bits, so that the polynomials need no range reduction.
//
// The radius comes multiplied by NORMAL_SCALE, a power of two: the sum of squares then has its exponent where
// inverse_root.h wants it.
#ifndef VARLAB_NORMAL_H
#define VARLAB_NORMAL_H

#include "inverse_root.h"
#include "lanes.h"
#include "normal_coefficients.h"

#define NORMAL_SCALE 0x1p64  // its square is the 2^128 of inverse_root.h

#define MANTISSA 0xfffffffffffffull

// Folded into the logarithm's constants, together with the factor that the inverse root brings: the radius is w times
// inverse_root(w), where w is -2 ln u times -RADIUS_FACTOR/2.
#define RADIUS_FACTOR (-2 * NORMAL_SCALE * NORMAL_SCALE / (INVERSE_ROOT_FACTOR * INVERSE_ROOT_FACTOR))

// w in two halves, with u = m 2^e and sqrt(1/2) <= m < sqrt 2: first s = (m-1)/(m+1) and e ...
INLINE void normal_reduce(lane_bits word, lanes *s, lanes *e) {
    // 2^64 u, so that the exponents of its reduction, counted from -64, are positive.
    lanes u = (lanes)((word & MANTISSA) | 0x43f0000000000000ull) - 0x1.fffffffffffffp63;
    lane_bits shifted = (lane_bits)u - 0x3fe6a09e667f3bcdull;  // sqrt(1/2)
    lanes m = (lanes)((lane_bits)u - (shifted & ~MANTISSA));
    *e = (lanes)((shifted >> 52) | 0x4330000000000000ull) - (0x1p52 + 64);
    *s = (m - 1.0) / (m + 1.0);
}

// ... then the logarithm from them.
INLINE lanes normal_squared_radius(lanes s, lanes e) {
    lanes z = s * s, z2 = z * z;
#define C(j) (RADIUS_FACTOR * normal_log_polynomial[j])
    lanes q = (C(0) + C(1) * z) + z2 * ((C(2) + C(3) * z) + z2 * C(4));
#undef C
    // u < 1, so both terms are positive where e = 0, and |e ln 2| is at least twice |ln m| elsewhere.
    return e * (RADIUS_FACTOR * 0x1.62e42fefa39efp-1) + s * q;
}

// Cosine and sine of the angle.
INLINE void normal_direction(lane_bits word, lanes *cosine, lanes *sine) {
    lanes turn = (lanes)((word & MANTISSA) | 0x3ff0000000000001ull) - 1.5;
    lanes z = turn * turn, z2 = z * z;
#define S(j) normal_sin_polynomial[j]
#define C(j) normal_cos_polynomial[j]
    lanes s = turn * ((S(0) + S(1) * z) + z2 * ((S(2) + S(3) * z) + z2 * S(4)));
    lanes c = (C(0) + C(1) * z) + z2 * ((C(2) + C(3) * z) + z2 * (C(4) + C(5) * z));
#undef S
#undef C
    c = (lanes)((lane_bits)c ^ (word & 0x8000000000000000ull));  // the sine has its own sign from the angle
    lane_mask swap = (lane_mask)(word + word) < 0;
    *cosine = lanes_select(swap, s, c);
    *sine = lanes_select(swap, c, s);
}

#endif
