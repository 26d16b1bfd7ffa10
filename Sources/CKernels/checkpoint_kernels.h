// Included by kernels.h: a square root and two divisions a coordinate, and a count in a histogram whose bins the bits of u name.
#include "include/varlab_checkpoint.h"
#include "lanes.h"

// The bin of |u|, behind all others where u is negative. u is not NaN.
INLINE lane_bits update_bin(lanes u) {
    const uint64_t first = (uint64_t)(1023 + VARLAB_UPDATE_LOWEST_EXPONENT) << 7;
    const lanes below = lanes_of(0x1.fep-21), highest = lanes_of(0x1p12);
    lane_bits sign = (lane_bits)u >> 63;
    lanes size = (lanes)((lane_bits)u & 0x7fffffffffffffffull);
    size = lanes_select(size < below, below, size);
    size = lanes_select(size > highest, highest, size);
    return ((lane_bits)size >> 45) - (first - 1) + sign * VARLAB_UPDATE_BINS;
}

// At least one lane is set.
INLINE int any_lane(lane_mask mask) { return __builtin_reduce_or(mask) != 0; }

typedef struct {
    lanes square, fourth, weight2, weight3, weight4, second_moment, largest;
    lane_mask small, beyond;
} checkpoint_lanes;

// `active` of eight coordinates, those that `ok` has among them, after the others have been counted.
INLINE void checkpoint_group(const varlab_checkpoint_scales *scales, lanes m, lanes v, int active, uint32_t *counts, int32_t *moves,
                             checkpoint_lanes *to, varlab_checkpoint_sums *sums) {
    const lanes zero = lanes_of(0.0), one = lanes_of(1.0);
    m *= scales->momentum_scale;
    v *= scales->square_scale;
    lane_mask ok = (v > 0.0) & (v < __builtin_inf()) & (m < __builtin_inf()) & (m > -__builtin_inf());
    if (active < LANES) ok &= (lane_mask){0, 1, 2, 3, 4, 5, 6, 7} < active;
    const int is_whole = !any_lane(~ok);
    if (!is_whole) {
        for (int j = 0; j < active; j++) {
            if (ok[j]) continue;
            if (!(v[j] - v[j] == 0) || !(m[j] - m[j] == 0)) sums->nonfinite++;
            else if (v[j] < 0) sums->negative++;
            else {
                sums->dead++;
                if (m[j] != 0) sums->underflowed++;
            }
        }
        if (!any_lane(ok)) return;
        m = lanes_select(ok, m, zero);
        v = lanes_select(ok, v, one);
    }
    lanes root = lanes_sqrt(v), plain = m / root;
    // Exactly 1 where epsilon is lost beside the root.
    lanes weight = root / (root + scales->epsilon), u = plain * weight;
    lanes size = (lanes)((lane_bits)plain & 0x7fffffffffffffffull);
    lane_mask judged = ok & (v >= scales->tiny);
    size = lanes_select(judged, size, zero);
    to->largest = lanes_select(size > to->largest, size, to->largest);
    // A mask is -1.
    to->beyond -= size > scales->largest;
    to->small -= ok & (root < 10.0 * scales->epsilon);
    if (!is_whole) {
        weight = lanes_select(ok, weight, zero);
        v = lanes_select(ok, v, zero);
    }
    lanes u2 = u * u, w2 = weight * weight;
    to->square += u2;
    to->fourth += u2 * u2;
    to->weight2 += w2;
    to->weight3 += w2 * weight;
    to->weight4 += w2 * w2;
    to->second_moment += v;
    lane_bits bin = update_bin(u), plain_bin = update_bin(plain);
    if (is_whole) {
        for (int j = 0; j < LANES; j++) counts[bin[j]]++;
        sums->live += LANES;
    } else {
        for (int j = 0; j < LANES; j++) {
            if (!ok[j]) continue;
            counts[bin[j]]++;
            sums->live++;
        }
    }
    if (any_lane((lane_mask)(bin ^ plain_bin))) {
        for (int j = 0; j < LANES; j++) {
            if (!ok[j] || bin[j] == plain_bin[j]) continue;
            moves[bin[j]]--;
            moves[plain_bin[j]]++;
        }
    }
}

static void checkpoint(const varlab_checkpoint_scales *scales, const double *first, const double *second, size_t count, uint32_t *counts,
                       int32_t *moves, varlab_checkpoint_sums *sums) {
    const lanes zero = lanes_of(0.0);
    checkpoint_lanes to = {zero, zero, zero, zero, zero, zero, zero, {0}, {0}};
    varlab_checkpoint_sums here = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        checkpoint_group(scales, lanes_load(first + i), lanes_load(second + i), LANES, counts, moves, &to, &here);
    if (i < count) {
        double m[LANES] = {0}, v[LANES] = {0};
        __builtin_memcpy(m, first + i, (count - i) * sizeof *m);
        __builtin_memcpy(v, second + i, (count - i) * sizeof *v);
        checkpoint_group(scales, lanes_load(m), lanes_load(v), (int)(count - i), counts, moves, &to, &here);
    }
    sums->square += lanes_sum(to.square);
    sums->fourth += lanes_sum(to.fourth);
    sums->weight2 += lanes_sum(to.weight2);
    sums->weight3 += lanes_sum(to.weight3);
    sums->weight4 += lanes_sum(to.weight4);
    sums->second_moment += lanes_sum(to.second_moment);
    for (int j = 0; j < LANES; j++) {
        sums->largest = to.largest[j] > sums->largest ? to.largest[j] : sums->largest;
        sums->small += (uint64_t)to.small[j];
        sums->beyond += (uint64_t)to.beyond[j];
    }
    sums->live += here.live;
    sums->dead += here.dead;
    sums->underflowed += here.underflowed;
    sums->negative += here.negative;
    sums->nonfinite += here.nonfinite;
}
