// One optimizer step on flat buffers, in place.
#ifndef VARLAB_UPDATE_H
#define VARLAB_UPDATE_H

#include <stdbool.h>
#include <stddef.h>
#include "varlab_variant.h"

typedef enum {
    VARLAB_HOLD,      // theta stays as it is; m and v may move
    VARLAB_MOMENTUM,  // theta <- parameter_scale theta - gradient_step g' - momentum_step m
    VARLAB_ADAPTIVE,  // the same with each of the two terms divided by D
} varlab_rule;

// With g' = gradient_scale g + coupled_decay theta:
//   m <- momentum_decay m + momentum_gain g'            v <- square_decay v + square_gain g'^2
//   a <- square_decay a + square_gain g'  (where centred)
//   D = sqrt(v/bias_correction + inner_epsilon) + epsilon    (v - a^2 in place of v where centred)
// Where normalises_first is set, g'/D takes the place of g' in m and in the step. A term of exactly 0 makes no step, also where D
// is 0.
typedef struct {
    varlab_rule rule;
    bool normalises_first;
    double gradient_scale, coupled_decay;
    double momentum_decay, momentum_gain;
    double square_decay, square_gain;
    double bias_correction, inner_epsilon, epsilon;
    double parameter_scale, momentum_step, gradient_step;
} varlab_update;

// A null m, v or a is left out; a needs v, and normalises_first needs m and v. The buffers do not overlap.
void varlab_update_float(
    const varlab_update *_Nonnull update, size_t count, float *_Nonnull theta, const float *_Nonnull g,
    float *_Nullable m, float *_Nullable v, float *_Nullable a, varlab_variant variant);
void varlab_update_double(
    const varlab_update *_Nonnull update, size_t count, double *_Nonnull theta, const double *_Nonnull g,
    double *_Nullable m, double *_Nullable v, double *_Nullable a, varlab_variant variant);

// The sum of squares, in double precision, of the update theta - theta' that was made from g and the theta before it, with m, v and a as they are after it:
// what single precision loses when it is subtracted is in it. A null m, v or a is one that the update does without.
double varlab_update_size(
    const varlab_update *_Nonnull update, size_t count, const float *_Nonnull theta, const float *_Nonnull g,
    const float *_Nullable m, const float *_Nullable v, const float *_Nullable a, varlab_variant variant);

// The sum of squares in double precision, in an order that depends on the count alone.
double varlab_sum_of_squares_float(const float *_Nonnull values, size_t count, varlab_variant variant);
double varlab_sum_of_squares_double(const double *_Nonnull values, size_t count, varlab_variant variant);

#endif
