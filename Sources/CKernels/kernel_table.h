// The kernels of one instruction set.
#ifndef VARLAB_KERNEL_TABLE_H
#define VARLAB_KERNEL_TABLE_H

#include "include/varlab_checkpoint.h"
#include "include/varlab_exact_law.h"
#include "include/varlab_network.h"
#include "include/varlab_series.h"
#include "include/varlab_simulation.h"
#include "include/varlab_transform.h"
#include "include/varlab_update.h"

typedef struct {
    void (*checkpoint)(const varlab_checkpoint_scales *scales, const double *first, const double *second, size_t count, uint32_t *counts,
                       int32_t *moves, varlab_checkpoint_sums *sums);
    void (*exact_law_advance)(varlab_exact_law_sums sums, size_t count, double weight, double decay, double momentum_decay);
    double (*exact_law_integrate)(varlab_exact_law_sums sums, size_t first, size_t last, double mean_squared,
                                  const double *first_weight, const double *second_weight, double integrals[2]);
    double (*exact_law_integrate_momentum)(varlab_exact_law_sums sums, size_t first, size_t last, const double *weight);
    void (*update_law_advance)(const double *nodes, varlab_update_law_sums sums, size_t count, double decay, double momentum_decay);
    double (*update_law_integrate)(varlab_exact_law_sums sums, varlab_update_law_sums momentum, size_t first, size_t last,
                                   double mean_squared, double momentum_weight, const double *first_weight,
                                   const double *second_weight, double integrals[2]);
    void (*correlated_update)(const double *momentum_weights, const double *square_weights, size_t count, double autocorrelation,
                              double squared_mean, const double *s, varlab_correlated_nodes *nodes);
    void (*scaled_update)(const double *square_weights, size_t groups, const double *momentum_weights, size_t momentum_groups, double s,
                          double *logarithm, double *variance);
    void (*transform_factor)(const double *coefficients, size_t row_length, int degree, double place, double multiplicity,
                             size_t groups, double *sum, double *lost);
    void (*transform_chain)(varlab_chain chain, size_t first, size_t last, double weight, double mean, double autocorrelation);
    void (*transform_normals)(const double *shares, const double *variances, size_t groups, double s, double squared_mean,
                              double mean_variance, double offset, int with_deviation, double sums[3]);
    void (*transform_points)(const double *shares, const double *squares, size_t groups, double s, double mean_square, double offset,
                             int with_deviation, double sums[3]);
    void (*transform_tilted)(const double *sizes, const double *positive, const double *negative, size_t groups, double s, double square,
                             double mean, double mean_deviation, int is_small, double *weights, varlab_tilted_points *result);
    void (*tilted_term)(const double *coefficients, int degree, double place, ptrdiff_t stride, size_t count, const double multiplicities[4],
                        double *sums);
    void (*chebyshev_sums)(const double *values, size_t count, double middle, double half_width, size_t order, double *sums);
    void (*update_law_node)(varlab_update_law_terms terms, double largest, double squared_mean, double sums[5]);
    void (*update_law_plain)(varlab_update_law_terms terms, double largest, double sums[7]);
    void (*simulate)(const varlab_simulation *simulation, uint64_t first, int count, void *workspace, double *sums,
                     double *samples);
    void (*noise)(const varlab_gradients *gradients, uint64_t seed, uint64_t first, int count, int steps, double *z);
    void (*philox)(uint64_t seed, uint64_t trajectory, uint64_t pair, uint32_t *words);
    void (*update_float)(const varlab_update *update, size_t count, float *theta, const float *g, float *m, float *v, float *a);
    void (*update_double)(const varlab_update *update, size_t count, double *theta, const double *g, double *m, double *v,
                          double *a);
    double (*update_size)(const varlab_update *update, size_t count, const float *theta, const float *g, const float *m, const float *v, const float *a);
    double (*sum_of_squares_float)(const float *values, size_t count);
    double (*sum_of_squares_double)(const double *values, size_t count);
    void (*series_extremes_float)(const float *tile, size_t steps, varlab_series_extremes *result);
    void (*series_extremes_double)(const double *tile, size_t steps, varlab_series_extremes *result);
    void (*series_powers_float)(const float *tile, size_t steps, const double *centre, varlab_series_powers *result);
    void (*series_powers_double)(const double *tile, size_t steps, const double *centre, varlab_series_powers *result);
    void (*series_rates_float)(const float *tile, const double *scale, const varlab_series_rates *rates, double *results);
    void (*series_rates_double)(const double *tile, const double *scale, const varlab_series_rates *rates, double *results);
    void (*series_squares_float)(const float *tile, size_t steps, const double *scale, double *sums);
    void (*series_squares_double)(const double *tile, size_t steps, const double *scale, double *sums);
    void (*sort_tile_float)(const float *tile, size_t steps, float *sorted);
    void (*sort_tile_double)(const double *tile, size_t steps, double *sorted);
    void (*anderson_darling_tile_float)(const float *sorted, size_t count, const double *mean, const double *deviation, double *results);
    void (*anderson_darling_tile_double)(const double *sorted, size_t count, const double *mean, const double *deviation, double *results);
    void (*anderson_darling_float)(const float *sorted, size_t count, double mean, double deviation, double result[2]);
    void (*anderson_darling_double)(const double *sorted, size_t count, double mean, double deviation, double result[2]);
    const varlab_network_float *network_float;
    const varlab_network_double *network_double;
} kernel_table;

extern const kernel_table kernels_baseline;
#if defined(__x86_64__)
extern const kernel_table kernels_avx2, kernels_avx512;
#endif

#endif
