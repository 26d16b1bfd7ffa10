#ifndef VARLAB_SERIES_H
#define VARLAB_SERIES_H

#include <stddef.h>
#include <stdint.h>
#include "varlab_variant.h"

// Statistics of recorded series, eight at a time: those of a tile, which has the numbers of eight coordinates at one step side by side, and its
// steps one after the other. Every sum runs over the steps in their order, whatever the instruction set.

#define VARLAB_TILE_WIDTH 8

// Of the eight series of a tile, in doubles.
typedef struct {
    double minimum[VARLAB_TILE_WIDTH], maximum[VARLAB_TILE_WIDTH];
    double zeros[VARLAB_TILE_WIDTH];
    double sum[VARLAB_TILE_WIDTH];  // of x - x_0
    double nonfinite[VARLAB_TILE_WIDTH];  // 0 where all numbers are finite, else NaN, and the rest is not to be used
} varlab_series_extremes;

// Sums over the steps of powers of d = x - centre, of the products of neighbouring d, and of neighbours' sums.
typedef struct {
    double second[VARLAB_TILE_WIDTH], third[VARLAB_TILE_WIDTH], fourth[VARLAB_TILE_WIDTH];
    double pair_product[VARLAB_TILE_WIDTH], pair_sum[VARLAB_TILE_WIDTH];
} varlab_series_powers;

// m = momentum_decay m + (1 - momentum_decay) x/scale and v likewise of squares, from 0; at the chosen steps 1/(sqrt(v/correction) + epsilon) and
// m/momentum_correction.
typedef struct {
    double decay, momentum_decay, epsilon;
    size_t count;            // of chosen steps
    const int64_t *steps;    // from 1, ascending
    const double *correction, *momentum_correction;  // at each
} varlab_series_rates;

// Asks for large pages for memory at a multiple of 2 MB.
void varlab_prefer_large_pages(void *memory, size_t bytes);

// Puts rows of `count` numbers of `size` bytes (4 or 8), one row for each step, into tiles of eight columns, `tile_bytes` from one tile to the next.
// In the last tile columns that there are not become 0.
void varlab_tiles_from_rows(const void *rows, size_t size, size_t steps, size_t count, void *tiles, size_t tile_bytes);
// Puts up to eight columns, `column_bytes` from one to the next, into one tile.
void varlab_tile_from_columns(const void *columns, size_t size, size_t steps, size_t count, size_t column_bytes, void *tile);

void varlab_series_extremes_of_float(const float *tile, size_t steps, varlab_series_extremes *result, varlab_variant variant);
void varlab_series_extremes_of_double(const double *tile, size_t steps, varlab_series_extremes *result, varlab_variant variant);
void varlab_series_powers_of_float(const float *tile, size_t steps, const double *centre, varlab_series_powers *result, varlab_variant variant);
void varlab_series_powers_of_double(const double *tile, size_t steps, const double *centre, varlab_series_powers *result, varlab_variant variant);
// Two numbers for each chosen step and coordinate: results[chosen][0 or 1][coordinate].
void varlab_series_rates_of_float(const float *tile, const double *scale, const varlab_series_rates *rates, double *results, varlab_variant variant);
void varlab_series_rates_of_double(const double *tile, const double *scale, const varlab_series_rates *rates, double *results, varlab_variant variant);
// sums[t] += (x/scale)^2, for those of the eight coordinates whose scale is not 0, one after the other.
void varlab_series_squares_of_float(const float *tile, size_t steps, const double *scale, double *sums, varlab_variant variant);
void varlab_series_squares_of_double(const double *tile, size_t steps, const double *scale, double *sums, varlab_variant variant);

// The series of a tile in ascending order, each by itself. All numbers must be finite.
void varlab_sort_tile_float(const float *tile, size_t steps, float *sorted, varlab_variant variant);
void varlab_sort_tile_double(const double *tile, size_t steps, double *sorted, varlab_variant variant);
// One series of any length; spare has its size, and sorted may be the series itself.
void varlab_sort_series_float(const float *series, size_t steps, float *sorted, float *spare);
void varlab_sort_series_double(const double *series, size_t steps, double *sorted, double *spare);

// Sum of -(2i-1) ln Phi(z_i) - (2n+1-2i) ln(1 - Phi(z_i)) over ascending z_i = (x_i - mean)/deviation, as result[0] + result[1].
void varlab_anderson_darling_float(const float *sorted, size_t count, double mean, double deviation, double result[2], varlab_variant variant);
void varlab_anderson_darling_double(const double *sorted, size_t count, double mean, double deviation, double result[2], varlab_variant variant);
// The same of the eight series of a sorted tile, two results each; those whose deviation is not positive are left out.
void varlab_anderson_darling_tile_float(const float *sorted, size_t count, const double *mean, const double *deviation, double *results,
                                        varlab_variant variant);
void varlab_anderson_darling_tile_double(const double *sorted, size_t count, const double *mean, const double *deviation, double *results,
                                         varlab_variant variant);
// -ln Phi(z) and -ln(1 - Phi(z)), each within 3e-16 relative or 1e-300.
void varlab_normal_tails(double z, double *below, double *above);

// Classes of numbers by their size: class c has those whose bits, without the sign, are from thresholds[c] up to, not including, thresholds[c+1]. A cell
// has those that agree in all bits above `shift`, and lies in one class or two neighbouring ones; cells before `first` and after `last` count as these.
typedef struct {
    uint64_t first, last;
    uint32_t shift;
    uint32_t count;           // of classes
    const uint32_t *classes;  // that of the smallest number of each cell, from the first
} varlab_magnitude_cells;

// Adds fewer than 2^32 numbers to four times `count` counts, which belong together. There is one threshold more than classes.
void varlab_count_magnitudes_float(const float *values, size_t count, varlab_magnitude_cells cells, const uint32_t *thresholds, uint32_t *counts);
void varlab_count_magnitudes_double(const double *values, size_t count, varlab_magnitude_cells cells, const uint64_t *thresholds, uint32_t *counts);

#endif
