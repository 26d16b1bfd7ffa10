// The buffers that noise is made in, and the standard normal noise.
#ifndef VARLAB_NOISE_H
#define VARLAB_NOISE_H

#include "include/varlab_simulation.h"
#include "normal.h"
#include "philox.h"

enum { VECTORS = VARLAB_BLOCK / LANES };

typedef struct {
    philox_keys keys;
    philox_trajectories trajectories[VECTORS];
    lanes noise[2][VECTORS];  // NORMAL_SCALE z of two consecutive steps
    lane_bits words[2][VECTORS];
    float_lane_bits estimates[VECTORS];
    // Where each trajectory is in a recorded table, and where its series there ends.
    uint64_t positions[VARLAB_BLOCK], ends[VARLAB_BLOCK];
} noise_source;

INLINE void noise_start(noise_source *source, uint64_t seed, uint64_t first, int vectors) {
    philox_schedule(seed, &source->keys);
    for (int v = 0; v < vectors; v++) {
        lane_bits trajectory = first + (uint64_t)v * LANES + (lane_bits){0, 1, 2, 3, 4, 5, 6, 7};
        source->trajectories[v] = philox_trajectories_from(trajectory, &source->keys);
    }
}

// Here and below, many short loops over a block that stays in the first-level cache instead of one long one: a processor
// looks ahead by some 60 vector operations, and overlaps one vector's chain of dependent operations with the next one's
// only if the chain is short.

// Fills noise with steps 2 pair + 1 and 2 pair + 2.
INLINE void noise_next(noise_source *source, uint64_t pair_number, int vectors) {
    lane_bits *const radius_word = source->words[0], *const angle_word = source->words[1];
    lanes *const first = source->noise[0], *const second = source->noise[1];
    philox_pair pair = philox_pair_from(pair_number, &source->keys);
    for (int v = 0; v < vectors; v++)
        philox(source->trajectories[v], pair, &source->keys, &radius_word[v], &angle_word[v]);
    for (int v = 0; v < vectors; v++) normal_reduce(radius_word[v], &first[v], &second[v]);
    for (int v = 0; v < vectors; v++) {
        first[v] = normal_squared_radius(first[v], second[v]);
        source->estimates[v] = inverse_root_argument(first[v]);
    }
    for (int v = 0; v < vectors; v++) source->estimates[v] = inverse_root_estimate(source->estimates[v]);
    for (int v = 0; v < vectors; v++)
        first[v] = first[v] * inverse_root(first[v], source->estimates[v]);
    for (int v = 0; v < vectors; v++) {
        lanes cosine, sine, radius = first[v];
        normal_direction(angle_word[v], &cosine, &sine);
        first[v] = radius * cosine;
        second[v] = radius * sine;
    }
}

#endif
