// The choice of a kernel by the instruction set, and what does not depend on it.
#include "kernel_table.h"
#include "lanes.h"
#include "noise.h"

// A variant that this build does not have is a programmer's error, for every kernel.
static const kernel_table *kernels(varlab_variant variant) {
    switch (variant) {
    case VARLAB_BASELINE:
        return &kernels_baseline;
#if defined(__x86_64__)
    case VARLAB_AVX2:
        return &kernels_avx2;
    case VARLAB_AVX512:
        return &kernels_avx512;
#endif
    default:
        __builtin_trap();
    }
}

void varlab_checkpoint(varlab_variant variant, const varlab_checkpoint_scales *scales, const double *first, const double *second,
                       size_t count, uint32_t *counts, int32_t *moves, varlab_checkpoint_sums *sums) {
    kernels(variant)->checkpoint(scales, first, second, count, counts, moves, sums);
}

void varlab_exact_law_advance(varlab_variant variant, varlab_exact_law_sums sums, size_t count, double weight,
                              double decay, double momentum_decay) {
    kernels(variant)->exact_law_advance(sums, count, weight, decay, momentum_decay);
}

double varlab_exact_law_integrate(varlab_variant variant, varlab_exact_law_sums sums, size_t first, size_t last,
                                  double mean_squared, const double *first_weight, const double *second_weight,
                                  double integrals[2]) {
    return kernels(variant)->exact_law_integrate(sums, first, last, mean_squared, first_weight, second_weight, integrals);
}

double varlab_exact_law_integrate_momentum(varlab_variant variant, varlab_exact_law_sums sums, size_t first, size_t last,
                                           const double *weight) {
    return kernels(variant)->exact_law_integrate_momentum(sums, first, last, weight);
}

void varlab_update_law_advance(varlab_variant variant, const double *nodes, varlab_update_law_sums sums, size_t count, double decay,
                               double momentum_decay) {
    kernels(variant)->update_law_advance(nodes, sums, count, decay, momentum_decay);
}

double varlab_update_law_integrate(varlab_variant variant, varlab_exact_law_sums sums, varlab_update_law_sums momentum, size_t first,
                                   size_t last, double mean_squared, double momentum_weight, const double *first_weight,
                                   const double *second_weight, double integrals[2]) {
    return kernels(variant)->update_law_integrate(
        sums, momentum, first, last, mean_squared, momentum_weight, first_weight, second_weight, integrals);
}

void varlab_correlated_update(varlab_variant variant, const double *momentum_weights, const double *square_weights, size_t count,
                              double autocorrelation, double squared_mean, const double s[8], varlab_correlated_nodes *nodes) {
    kernels(variant)->correlated_update(momentum_weights, square_weights, count, autocorrelation, squared_mean, s, nodes);
}

void varlab_scaled_update(varlab_variant variant, const double *square_weights, size_t groups, const double *momentum_weights,
                          size_t momentum_groups, double s, double *logarithm, double *variance) {
    kernels(variant)->scaled_update(square_weights, groups, momentum_weights, momentum_groups, s, logarithm, variance);
}

void varlab_transform_factor(varlab_variant variant, const double *coefficients, size_t row_length, int degree, double place,
                             double multiplicity, size_t groups, double *sum, double *lost) {
    kernels(variant)->transform_factor(coefficients, row_length, degree, place, multiplicity, groups, sum, lost);
}

void varlab_transform_chain(varlab_variant variant, varlab_chain chain, size_t first, size_t last, double weight, double mean,
                            double autocorrelation) {
    kernels(variant)->transform_chain(chain, first, last, weight, mean, autocorrelation);
}

void varlab_transform_normals(varlab_variant variant, const double *shares, const double *variances, size_t groups, double s,
                              double squared_mean, double mean_variance, double offset, int with_deviation, double sums[3]) {
    kernels(variant)->transform_normals(shares, variances, groups, s, squared_mean, mean_variance, offset, with_deviation, sums);
}

void varlab_transform_points(varlab_variant variant, const double *shares, const double *squares, size_t groups, double s,
                             double mean_square, double offset, int with_deviation, double sums[3]) {
    kernels(variant)->transform_points(shares, squares, groups, s, mean_square, offset, with_deviation, sums);
}

void varlab_transform_tilted(varlab_variant variant, const double *sizes, const double *positive, const double *negative, size_t groups,
                             double s, double square, double mean, double mean_deviation, int is_small, double *weights,
                             varlab_tilted_points *result) {
    kernels(variant)->transform_tilted(sizes, positive, negative, groups, s, square, mean, mean_deviation, is_small, weights, result);
}

void varlab_tilted_term(varlab_variant variant, const double *coefficients, int degree, double place, ptrdiff_t stride, size_t count,
                        const double multiplicities[4], double *sums) {
    kernels(variant)->tilted_term(coefficients, degree, place, stride, count, multiplicities, sums);
}

void varlab_chebyshev_sums(varlab_variant variant, const double *values, size_t count, double middle, double half_width, size_t order,
                           double *sums) {
    kernels(variant)->chebyshev_sums(values, count, middle, half_width, order, sums);
}

void varlab_update_law_node(varlab_variant variant, varlab_update_law_terms terms, double largest, double squared_mean, double sums[5]) {
    kernels(variant)->update_law_node(terms, largest, squared_mean, sums);
}

void varlab_update_law_plain(varlab_variant variant, varlab_update_law_terms terms, double largest, double sums[7]) {
    kernels(variant)->update_law_plain(terms, largest, sums);
}

void varlab_simulate(varlab_variant variant, const varlab_simulation *simulation, uint64_t first, int count,
                     void *workspace, double *sums, double *samples) {
    kernels(variant)->simulate(simulation, first, count, workspace, sums, samples);
}

void varlab_noise(varlab_variant variant, const varlab_gradients *gradients, uint64_t seed, uint64_t first, int count,
                  int steps, double *z) {
    kernels(variant)->noise(gradients, seed, first, count, steps, z);
}

void varlab_philox(varlab_variant variant, uint64_t seed, uint64_t trajectory, uint64_t pair, uint32_t *words) {
    kernels(variant)->philox(seed, trajectory, pair, words);
}

void varlab_update_float(const varlab_update *update, size_t count, float *theta, const float *g, float *m, float *v,
                         float *a, varlab_variant variant) {
    kernels(variant)->update_float(update, count, theta, g, m, v, a);
}

void varlab_update_double(const varlab_update *update, size_t count, double *theta, const double *g, double *m,
                          double *v, double *a, varlab_variant variant) {
    kernels(variant)->update_double(update, count, theta, g, m, v, a);
}

double varlab_update_size(const varlab_update *update, size_t count, const float *theta, const float *g, const float *m, const float *v, const float *a,
                          varlab_variant variant) {
    return kernels(variant)->update_size(update, count, theta, g, m, v, a);
}

double varlab_sum_of_squares_float(const float *values, size_t count, varlab_variant variant) {
    return kernels(variant)->sum_of_squares_float(values, count);
}

double varlab_sum_of_squares_double(const double *values, size_t count, varlab_variant variant) {
    return kernels(variant)->sum_of_squares_double(values, count);
}

void varlab_series_extremes_of_float(const float *tile, size_t steps, varlab_series_extremes *result, varlab_variant variant) {
    kernels(variant)->series_extremes_float(tile, steps, result);
}

void varlab_series_powers_of_float(const float *tile, size_t steps, const double *centre, varlab_series_powers *result, varlab_variant variant) {
    kernels(variant)->series_powers_float(tile, steps, centre, result);
}

void varlab_series_rates_of_float(const float *tile, const double *scale, const varlab_series_rates *rates, double *results, varlab_variant variant) {
    kernels(variant)->series_rates_float(tile, scale, rates, results);
}

void varlab_series_squares_of_float(const float *tile, size_t steps, const double *scale, double *sums, varlab_variant variant) {
    kernels(variant)->series_squares_float(tile, steps, scale, sums);
}

void varlab_sort_tile_float(const float *tile, size_t steps, float *sorted, varlab_variant variant) {
    kernels(variant)->sort_tile_float(tile, steps, sorted);
}

void varlab_anderson_darling_tile_float(const float *sorted, size_t count, const double *mean, const double *deviation, double *results,
                                      varlab_variant variant) {
    kernels(variant)->anderson_darling_tile_float(sorted, count, mean, deviation, results);
}

void varlab_anderson_darling_float(const float *sorted, size_t count, double mean, double deviation, double result[2], varlab_variant variant) {
    kernels(variant)->anderson_darling_float(sorted, count, mean, deviation, result);
}

void varlab_series_extremes_of_double(const double *tile, size_t steps, varlab_series_extremes *result, varlab_variant variant) {
    kernels(variant)->series_extremes_double(tile, steps, result);
}

void varlab_series_powers_of_double(const double *tile, size_t steps, const double *centre, varlab_series_powers *result, varlab_variant variant) {
    kernels(variant)->series_powers_double(tile, steps, centre, result);
}

void varlab_series_rates_of_double(const double *tile, const double *scale, const varlab_series_rates *rates, double *results, varlab_variant variant) {
    kernels(variant)->series_rates_double(tile, scale, rates, results);
}

void varlab_series_squares_of_double(const double *tile, size_t steps, const double *scale, double *sums, varlab_variant variant) {
    kernels(variant)->series_squares_double(tile, steps, scale, sums);
}

void varlab_sort_tile_double(const double *tile, size_t steps, double *sorted, varlab_variant variant) {
    kernels(variant)->sort_tile_double(tile, steps, sorted);
}

void varlab_anderson_darling_tile_double(const double *sorted, size_t count, const double *mean, const double *deviation, double *results,
                                      varlab_variant variant) {
    kernels(variant)->anderson_darling_tile_double(sorted, count, mean, deviation, results);
}

void varlab_anderson_darling_double(const double *sorted, size_t count, double mean, double deviation, double result[2], varlab_variant variant) {
    kernels(variant)->anderson_darling_double(sorted, count, mean, deviation, result);
}

const varlab_network_float *varlab_network_kernels_float(varlab_variant variant) { return kernels(variant)->network_float; }
const varlab_network_double *varlab_network_kernels_double(varlab_variant variant) { return kernels(variant)->network_double; }

double varlab_psi_unit(void) { return NORMAL_SCALE / INVERSE_ROOT_FACTOR; }

void varlab_bias_correction(double beta2, int count, double *result) {
    const lanes log_beta2 = lanes_log(lanes_of(beta2 > 0x1p-1000 ? beta2 : 0x1p-1000));
    for (int t = 0; t < count; t += LANES) {
        lanes step = (double)t + (lanes){1, 2, 3, 4, 5, 6, 7, 8};
        lanes value = -lanes_expm1(step * log_beta2);
        for (int j = 0; j < LANES && t + j < count; j++) result[t + j] = value[j];
    }
}

size_t varlab_simulation_workspace(int mean_count, bool with_momentum) {
    return (size_t)mean_count * VECTORS * sizeof(lanes) * (with_momentum ? 2 : 1);
}

static long rounded_up(long count) { return (count + LANES - 1) / LANES * LANES; }

long varlab_attention_probabilities(const varlab_attention *shape) {
    long count = 0;
    for (long s = 0; s < shape->sentences; s++)
        count += (shape->query_starts[s + 1] - shape->query_starts[s]) *
                 rounded_up(shape->key_starts[s + 1] - shape->key_starts[s]);
    return shape->heads * count;
}

long varlab_attention_scratch(const varlab_attention *shape) {
    long queries = 0, keys = 0;
    for (long s = 0; s < shape->sentences; s++) {
        long query_count = shape->query_starts[s + 1] - shape->query_starts[s];
        long key_count = shape->key_starts[s + 1] - shape->key_starts[s];
        queries = query_count > queries ? query_count : queries;
        keys = key_count > keys ? key_count : keys;
    }
    // Six arrays of rows, one of them transposed, and the gradient of the scores.
    return 8 * rounded_up(queries > keys ? queries : keys) * rounded_up(shape->head_width) + queries * rounded_up(keys);
}
