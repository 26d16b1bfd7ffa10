#ifndef VARLAB_CHECKPOINT_H
#define VARLAB_CHECKPOINT_H

#include <stddef.h>
#include <stdint.h>
#include "varlab_variant.h"

// The updates that an optimizer's state stands for: u = m_hat / (sqrt(v_hat) + epsilon) of many coordinates, summed up and counted.

// |u| by its exponent and the first seven bits of its fraction, 128 bins to the octave: bin 0 below 2^-20, bin 1 from there, and the last one
// from 2^12 on. Negative ones are counted behind all others.
enum {
    VARLAB_UPDATE_BINS_PER_OCTAVE = 128,
    VARLAB_UPDATE_LOWEST_EXPONENT = -20,
    VARLAB_UPDATE_HIGHEST_EXPONENT = 12,
    VARLAB_UPDATE_BINS = VARLAB_UPDATE_BINS_PER_OCTAVE * (VARLAB_UPDATE_HIGHEST_EXPONENT - VARLAB_UPDATE_LOWEST_EXPONENT) + 2,
};

typedef struct {
    double momentum_scale;  // m_hat = m times this
    double square_scale;    // v_hat = v times this
    double epsilon;
    double largest;         // |m_hat| / sqrt(v_hat) is at most this
    double tiny;            // v_hat below this has lost its digits: no judgement by `largest`
} varlab_checkpoint_scales;

// Of the coordinates with finite m_hat and v_hat > 0, but for those that are counted as others. w = sqrt(v_hat) / (sqrt(v_hat) + epsilon).
typedef struct {
    double square, fourth;                      // sums of u^2 and u^4
    double weight2, weight3, weight4;           // of w^2, w^3, w^4
    double second_moment;                       // of v_hat
    double largest;                             // the largest |m_hat| / sqrt(v_hat) where v_hat is not tiny
    uint64_t live;                              // how many they are
    uint64_t small;                             // with sqrt(v_hat) < 10 epsilon
    uint64_t beyond;                            // with |m_hat| / sqrt(v_hat) above its bound
    uint64_t dead;                              // others with v_hat = 0 and a finite m_hat
    uint64_t underflowed;                       // those of them with m_hat not 0
    uint64_t negative;                          // with v_hat < 0
    uint64_t nonfinite;                         // with NaN or infinity
} varlab_checkpoint_sums;

// Adds to the sums and counts. `counts` has 2 VARLAB_UPDATE_BINS places for u; `moves` as many, to which that of m_hat/sqrt(v_hat) is added and that
// of u subtracted where they are not the same.
void varlab_checkpoint(varlab_variant variant, const varlab_checkpoint_scales *_Nonnull scales, const double *_Nonnull first,
                       const double *_Nonnull second, size_t count, uint32_t *_Nonnull counts, int32_t *_Nonnull moves,
                       varlab_checkpoint_sums *_Nonnull sums);

#endif
