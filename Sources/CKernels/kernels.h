// Every kernel for one instruction set, those that have a precision in both, and a table of them: kernels_VARIANT. Included by
// kernels_baseline.c, kernels_avx2.c and kernels_avx512.c, which say for which one they are compiled. A new kernel is a function in
// a header that is included here, an entry of kernel_table, and a call in kernels.c.
#include "checkpoint_kernels.h"
#include "exact_law_kernels.h"
#include "kernel_table.h"
#include "lanes.h"
#include "network_common.h"
#include "normal_tails.h"
#include "simulation_kernels.h"
#include "transform_kernels.h"
#include "update_size_kernel.h"

#define JOIN_TOKENS(a, b) a##_##b
#define JOIN(a, b) JOIN_TOKENS(a, b)
#define NAME(function) JOIN(function, REAL)

#define REAL float
#define real_lanes float_lanes
#define real_bits float_bits
#define real_mask float_mask
#define real_exponential float_exp
#include "network_kernels.h"
#include "series_kernels.h"
#include "tile_sorting.h"
#include "update_kernels.h"
#undef REAL
#undef real_lanes
#undef real_bits
#undef real_mask
#undef real_exponential

#define REAL double
#define real_lanes lanes
#define real_bits lane_bits
#define real_mask lane_mask
#define real_exponential lanes_exp
#include "network_kernels.h"
#include "series_kernels.h"
#include "tile_sorting.h"
#include "update_kernels.h"
#undef REAL
#undef real_lanes
#undef real_bits
#undef real_mask
#undef real_exponential

const kernel_table JOIN(kernels, VARIANT) = {
    .checkpoint = checkpoint,
    .exact_law_advance = exact_law_advance,
    .exact_law_integrate = exact_law_integrate,
    .exact_law_integrate_momentum = exact_law_integrate_momentum,
    .update_law_advance = update_law_advance,
    .update_law_integrate = update_law_integrate,
    .correlated_update = correlated_update,
    .scaled_update = scaled_update,
    .transform_factor = transform_factor,
    .transform_chain = transform_chain,
    .transform_normals = transform_normals,
    .transform_points = transform_points,
    .transform_tilted = transform_tilted,
    .tilted_term = tilted_term,
    .chebyshev_sums = chebyshev_sums,
    .update_law_node = update_law_node,
    .update_law_plain = update_law_plain,
    .simulate = simulation,
    .noise = gradient_noise,
    .philox = philox_words,
    .update_float = update_float,
    .update_double = update_double,
    .update_size = update_size,
    .sum_of_squares_float = sum_of_squares_float,
    .sum_of_squares_double = sum_of_squares_double,
    .series_extremes_float = series_extremes_float,
    .series_extremes_double = series_extremes_double,
    .series_powers_float = series_powers_float,
    .series_powers_double = series_powers_double,
    .series_rates_float = series_rates_float,
    .series_rates_double = series_rates_double,
    .series_squares_float = series_squares_float,
    .series_squares_double = series_squares_double,
    .sort_tile_float = sort_tile_float,
    .sort_tile_double = sort_tile_double,
    .anderson_darling_tile_float = anderson_darling_tile_float,
    .anderson_darling_tile_double = anderson_darling_tile_double,
    .anderson_darling_float = anderson_darling_float,
    .anderson_darling_double = anderson_darling_double,
    .network_float = &network_float,
    .network_double = &network_double,
};
