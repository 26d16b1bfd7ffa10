// One optimizer step on flat buffers, in place.
#ifndef VARLAB_UPDATE_H
#define VARLAB_UPDATE_H

#include <stdbool.h>
#include <stddef.h>
#include "varlab_variant.h"

typedef enum {
    VARLAB_HOLD,      // theta stays as it is; m and v may move
    VARLAB_MOMENTUM,  // theta <- parameter_scale theta - step d
    VARLAB_ADAPTIVE,  // theta <- parameter_scale theta - step d/D
} varlab_rule;

// With g' = gradient_scale g + coupled_decay theta:
//   m <- momentum_decay m + momentum_gain g'            v <- square_decay v + square_gain g'^2
//   a <- square_decay a + square_gain g'  (where centred)
//   D = root_scale sqrt(v + inner_epsilon) + epsilon    (v - a^2 in place of v where centred)
//   d = direction_momentum m + direction_gradient g'
// Where normalises_first is set, g'/D takes the place of g' in m and d. A direction of exactly 0 makes no step, also where D
// is 0.
typedef struct {
    varlab_rule rule;
    bool normalises_first;
    double gradient_scale, coupled_decay;
    double momentum_decay, momentum_gain;
    double square_decay, square_gain;
    double direction_momentum, direction_gradient;
    double root_scale, inner_epsilon, epsilon;
    double parameter_scale, step;
} varlab_update;

// A null m, v or a is left out; a needs v, and normalises_first needs m and v. The buffers do not overlap.
void varlab_update_float(
    const varlab_update *_Nonnull update, size_t count, float *_Nonnull theta, const float *_Nonnull g,
    float *_Nullable m, float *_Nullable v, float *_Nullable a, varlab_variant variant);
void varlab_update_double(
    const varlab_update *_Nonnull update, size_t count, double *_Nonnull theta, const double *_Nonnull g,
    double *_Nullable m, double *_Nullable v, double *_Nullable a, varlab_variant variant);

// The sum of squares in double precision, in an order that depends on the count alone.
double varlab_sum_of_squares_float(const float *_Nonnull values, size_t count, varlab_variant variant);
double varlab_sum_of_squares_double(const double *_Nonnull values, size_t count, varlab_variant variant);

#endif
