// Standard normal numbers from random bits: Box and Muller's transform in double precision.
//
// The radius is sqrt(-2 ln u) with u = (k + 1/2) 2^-52 from the upper 52 bits of one word; u is never 0 or 1, and |z|
// reaches 8.6. The angle is an odd multiple of pi 2^-54 in (-pi/4, pi/4) from the upper 51 bits of the other word, moved to
// one of the other octants by two of its low bits, so that the polynomials need no range reduction.
//
// The radius comes multiplied by NORMAL_SCALE, a power of two: the sum of squares then has its exponent where
// inverse_root.h wants it.
#ifndef VARLAB_NORMAL_H
#define VARLAB_NORMAL_H

#include "lanes.h"

#define NORMAL_SCALE 0x1p64

// Folded into the logarithm's constants: exact, as it is a power of two.
#define RADIUS_FACTOR (-2 * NORMAL_SCALE * NORMAL_SCALE)

// NORMAL_SCALE^2 times -2 ln u.
INLINE lanes normal_squared_radius(lane_bits word) {
    // 2^64 u, so that the exponents of its mantissa's reduction, counted from -64, are positive.
    lanes u = (lanes)((word >> 12) | 0x43f0000000000000ull) - 0x1.fffffffffffffp63;
    lane_bits shifted = (lane_bits)u - 0x3fe6a09e667f3bcdull;  // sqrt(1/2)
    lanes m = (lanes)((lane_bits)u - (shifted & 0xfff0000000000000ull));
    lanes e = (lanes)((shifted >> 52) | 0x4330000000000000ull) - (0x1p52 + 64);
    lanes s = (m - 1.0) / (m + 1.0), z = s * s, z2 = z * z, z4 = z2 * z2;
#define C(j) (RADIUS_FACTOR * log_polynomial[j])
    lanes low = (2 * RADIUS_FACTOR + C(0) * z) + z2 * (C(1) + C(2) * z);
    lanes high = (C(3) + C(4) * z) + z2 * (C(5) + C(6) * z);
    lanes q = low + z4 * (high + z4 * C(7));
#undef C
    // u < 1, so both terms are positive where e = 0, and |e ln 2| is at least twice |ln m| elsewhere.
    return e * (RADIUS_FACTOR * 0x1.62e42fefa39efp-1) + s * q;
}

// Cosine and sine of the angle.
INLINE void normal_direction(lane_bits word, lanes *cosine, lanes *sine) {
    lanes turn = (lanes)((word >> 12) | 0x3ff0000000000001ull) - 1.5;
    lanes x = turn * 0x1.921fb54442d18p0;
    lanes z = x * x, z2 = z * z, z4 = z2 * z2;
#define S(j) sin_polynomial[j]
#define C(j) cos_polynomial[j]
    lanes p = (S(0) + S(1) * z) + z2 * (S(2) + S(3) * z) + z4 * (S(4) + S(5) * z);
    lanes q = (C(0) + C(1) * z) + z2 * (C(2) + C(3) * z) + z4 * ((C(4) + C(5) * z) + z2 * C(6));
#undef S
#undef C
    lanes s = x + x * (z * p), c = 1.0 + z * q;
    c = (lanes)((lane_bits)c ^ (word << 63));  // the sine has its own sign from the angle
    lane_mask swap = (lane_mask)(word << 62) < 0;
    *cosine = lanes_select(swap, s, c);
    *sine = lanes_select(swap, c, s);
}

#endif
