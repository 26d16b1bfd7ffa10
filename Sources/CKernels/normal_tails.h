// The logarithms of the normal distribution's two tails, and the Anderson-Darling sum over them. Included by kernels.h.
//
// By one polynomial each in the neighbourhood of every multiple of 1/4 (normal_tail_coefficients.h): ascending values stay for long in one
// neighbourhood, so that its coefficients need not be gathered. Within 3e-16 relative where the value is not below 1e-300.
#ifndef VARLAB_NORMAL_TAILS_H
#define VARLAB_NORMAL_TAILS_H

#include "lanes.h"
#include "normal_tail_coefficients.h"

// Sums c[1] + (c[0] + u (c[2] + u (c[3] + ...))), the constant having two parts, for `count` vectors at once, which do not wait for each other. Even and
// odd powers apart, which halves the chains of operations that do.
INLINE void tail_polynomial(const double *c, int length, const lanes *u, lanes *value, int count) {
    lanes square[2], one[2], other[2];
    UNROLLED (int i = 0; i < count; i++) square[i] = u[i] * u[i];
    UNROLLED (int i = 0; i < count; i++) one[i] = lanes_of(c[length - 1]), other[i] = lanes_of(c[length - 2]);
    UNROLLED (int j = length - 3; j > 2; j -= 2) {
        UNROLLED (int i = 0; i < count; i++) one[i] = one[i] * square[i] + c[j];
        UNROLLED (int i = 0; i < count; i++) other[i] = other[i] * square[i] + c[j - 1];
    }
    if (length % 2 != 0) {
        // The first power's coefficient is left.
        UNROLLED (int i = 0; i < count; i++) one[i] = one[i] * square[i] + c[2];
        UNROLLED (int i = 0; i < count; i++) value[i] = c[1] + ((one[i] * u[i] + other[i] * square[i]) + c[0]);
    } else {
        UNROLLED (int i = 0; i < count; i++) value[i] = c[1] + ((other[i] * u[i] + one[i] * square[i]) + c[0]);
    }
}

#define COEFFICIENTS(table) (int)(sizeof *(table) / sizeof(double))

// The multiple of 1/4 next to z, times 4.
INLINE lanes normal_tail_place(lanes z) { return (z * 4.0 + 0x1.8p52) - 0x1.8p52; }

// -ln Phi(-a) and -ln Phi(a) for a near place/4; of a place beyond the table for all a from there on.
INLINE void normal_tails_at(double place, lanes a, lanes *far, lanes *near) {
    const lanes u = a - place * 0.25;
    const int index = place <= NORMAL_FAR_LAST ? (int)place : NORMAL_FAR_LAST + 1;
    if (index <= NORMAL_FAR_LAST) {
        tail_polynomial(normal_far_tail[index], COEFFICIENTS(normal_far_tail), &u, far, 1);
    } else {
        lanes inverse = 1.0 / (a * a);
        *far = a * a * 0.5 + (lanes_log(a) + HORNER(normal_tail_correction, inverse));
    }
    if (index <= NORMAL_NEAR_LAST) {
        tail_polynomial(normal_near_tail[index], COEFFICIENTS(normal_near_tail), &u, near, 1);
    } else {
        lanes q = lanes_exp(-*far);  // below 2^-14
        *near = q + q * q * (0.5 + q * (1.0 / 3 + q * 0.25));
    }
}

// Sets -ln Phi(z) and -ln Phi(-z) of ascending z; NaN where z is.
INLINE void normal_tails(lanes z, lanes *below, lanes *above) {
    const lanes place = normal_tail_place(z);
    *below = *above = z * 0.0;
    for (int lane = 0; lane < LANES;) {
        const double at = place[lane], side = at < 0 ? -1 : 1;
        lanes far, near;
        normal_tails_at(at * side, z * side, &far, &near);
        // All lanes as a rule; and all that are beyond the table on one side have one formula.
        if (lane == 0 && at == place[LANES - 1]) {
            *below = side < 0 ? far : near;
            *above = side < 0 ? near : far;
            return;
        }
        const lane_mask same = at * side <= NORMAL_FAR_LAST ? place == at : place * side > NORMAL_FAR_LAST;
        *below = lanes_select(same, side < 0 ? far : near, *below);
        *above = lanes_select(same, side < 0 ? near : far, *above);
        do lane++;
        while (lane < LANES && same[lane]);
    }
}

// The same for two vectors that ascend one after the other: nearly always both are in one neighbourhood.
INLINE void normal_tails_pair(const lanes *z, lanes *below, lanes *above) {
    const double first = normal_tail_place(z[0])[0], last = normal_tail_place(z[1])[LANES - 1];
    const double side = first < 0 ? -1 : 1, place = first * side;
    if (first != last || !(place <= NORMAL_NEAR_LAST)) {
        for (int i = 0; i < 2; i++) normal_tails(z[i], below + i, above + i);
        return;
    }
    const lanes u[2] = {z[0] * side - place * 0.25, z[1] * side - place * 0.25};
    lanes far[2], near[2];
    tail_polynomial(normal_far_tail[(int)place], COEFFICIENTS(normal_far_tail), u, far, 2);
    tail_polynomial(normal_near_tail[(int)place], COEFFICIENTS(normal_near_tail), u, near, 2);
    for (int i = 0; i < 2; i++) {
        below[i] = side < 0 ? far[i] : near[i];
        above[i] = side < 0 ? near[i] : far[i];
    }
}

// Adds positive terms to sum, and what rounding takes from them to lost.
INLINE void add_positive(lanes *sum, lanes *lost, lanes term) {
    const lanes next = *sum + term, added = next - *sum;
    *lost += (*sum - (next - added)) + (term - added);
    *sum = next;
}

#endif
