// Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
//
// A counter-based generator: the words of (trajectory, pair of steps) are a function of these two numbers and the seed,
// so that every trajectory has its own stream whatever the order, the chunk or the thread that computes it.
//   key     = (seed low 32 bits, seed high 32 bits)
//   counter = (pair low, trajectory high, trajectory low, pair high)
// This order makes the multiplications of the first two rounds depend on the pair alone or on the trajectory alone, so
// that they leave the inner loop.
//
// Each 64-bit lane holds one 32-bit word; what stands above it is ignored, as the multiplication reads the low half only.
#ifndef VARLAB_PHILOX_H
#define VARLAB_PHILOX_H

#include "lanes.h"

#define PHILOX_ROUNDS 10
#define PHILOX_M0 0xd2511f53u
#define PHILOX_M1 0xcd9e8d57u
#define PHILOX_W0 0x9e3779b9u
#define PHILOX_W1 0xbb67ae85u

INLINE lane_bits bits_of(uint64_t x) { return (lane_bits){x, x, x, x, x, x, x, x}; }

// 32 x 32 -> 64 bits.
INLINE lane_bits lanes_multiply_words(lane_bits x, uint32_t m) { return (x & 0xffffffffu) * (lane_bits)bits_of(m); }

// The keys of every round, one copy for each lane.
typedef struct {
    lane_bits k0[PHILOX_ROUNDS], k1[PHILOX_ROUNDS];
} philox_keys;

INLINE void philox_schedule(uint64_t seed, philox_keys *keys) {
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < PHILOX_ROUNDS; round++, k0 += PHILOX_W0, k1 += PHILOX_W1) {
        keys->k0[round] = bits_of(k0);
        keys->k1[round] = bits_of(k1);
    }
    // The last round forms pairs of words, the even one in the high half.
    keys->k0[PHILOX_ROUNDS - 1] <<= 32;
    keys->k1[PHILOX_ROUNDS - 1] <<= 32;
}

// What the first two rounds make of the trajectory number alone.
typedef struct {
    lane_bits x0, x2, x3;
} philox_trajectories;

INLINE philox_trajectories philox_trajectories_from(lane_bits trajectory, const philox_keys *keys) {
    lane_bits p1 = lanes_multiply_words(trajectory, PHILOX_M1);
    lane_bits x0 = (p1 >> 32) ^ (trajectory >> 32) ^ keys->k0[0];
    lane_bits p0 = lanes_multiply_words(x0, PHILOX_M0);
    return (philox_trajectories){p1, p0 >> 32, p0};
}

// What they make of the pair number alone.
typedef struct {
    lane_bits x0, x1, x2;
} philox_pair;

INLINE philox_pair philox_pair_from(uint64_t pair, const philox_keys *keys) {
    uint64_t p0 = (uint64_t)(uint32_t)pair * PHILOX_M0;
    uint32_t x2 = (uint32_t)(p0 >> 32) ^ (uint32_t)(pair >> 32) ^ (uint32_t)keys->k1[0][0];
    uint64_t p1 = (uint64_t)x2 * PHILOX_M1;
    return (philox_pair){bits_of((uint32_t)(p1 >> 32) ^ (uint32_t)keys->k0[1][0]), bits_of((uint32_t)p1),
                         bits_of((uint32_t)p0 ^ (uint32_t)keys->k1[1][0])};
}

// Words 0 and 1 in a, 2 and 3 in b, the even word in the high half.
INLINE void philox(philox_trajectories t, philox_pair p, const philox_keys *keys, lane_bits *a, lane_bits *b) {
    lane_bits x0 = p.x0 ^ t.x0, x1 = p.x1, x2 = p.x2 ^ t.x2, x3 = t.x3;
    _Pragma("clang loop unroll(full)") for (int round = 2; round < PHILOX_ROUNDS - 1; round++) {
        lane_bits p0 = lanes_multiply_words(x0, PHILOX_M0), p1 = lanes_multiply_words(x2, PHILOX_M1);
        x0 = (p1 >> 32) ^ (x1 ^ keys->k0[round]);
        x2 = (p0 >> 32) ^ (x3 ^ keys->k1[round]);
        x1 = p1;
        x3 = p0;
    }
    *a = lanes_multiply_words(x2, PHILOX_M1) ^ ((x1 << 32) ^ keys->k0[PHILOX_ROUNDS - 1]);
    *b = lanes_multiply_words(x0, PHILOX_M0) ^ ((x3 << 32) ^ keys->k1[PHILOX_ROUNDS - 1]);
}

#endif
