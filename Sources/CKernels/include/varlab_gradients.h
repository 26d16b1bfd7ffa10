// What the noise z_t is drawn from.
#ifndef VARLAB_GRADIENTS_H
#define VARLAB_GRADIENTS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    VARLAB_NORMAL,     // standard normal; the fields below are not read
    VARLAB_UNIFORM,    // scale (u - 1/2)
    VARLAB_LAPLACE,    // scale times a standard Laplace number
    VARLAB_LOGISTIC,   // scale times a standard logistic number
    VARLAB_STUDENT_T,  // scale nu^(-1/2) times a number of Student's t with nu degrees of freedom, 1/8 <= nu <= 1e100
    VARLAB_MIXTURE,    // a normal number, times wide_scale with the probability share, times scale otherwise
    VARLAB_SAMPLES,    // from a table, in blocks
} varlab_gradient_kind;

typedef struct {
    varlab_gradient_kind kind;
    // Whether V_t may leave the range of inverse_root beyond the first steps; it is computed without it then.
    bool is_wide;
    double scale;
    double degrees_of_freedom;
    double share, wide_scale;
    // [sample_count], made of series of series_length each. A block begins anywhere and goes around within its series.
    const double *samples;
    uint64_t sample_count, series_length, block_length;
} varlab_gradients;

#endif
