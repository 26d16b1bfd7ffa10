#ifndef VARLAB_TRANSFORM_H
#define VARLAB_TRANSFORM_H

#include <stddef.h>
#include "varlab_variant.h"

// The Laplace transform M(s) of a weighted sum of squares at many nodes s, for gradients of any law. Nodes come in groups of eight.

// Adds `multiplicity` times a Chebyshev sum at `place` in [-1, 1] to each of 8 `groups` sums, with what rounding loses behind it;
// coefficient k of node i is coefficients[k row_length + i].
void varlab_transform_factor(varlab_variant variant, const double *coefficients, size_t row_length, int degree, double place,
                             double multiplicity, size_t groups, double *sum, double *lost);

// Kalman's filter of an AR(1) of variance 1 at each node; see GaussianChain.
typedef struct {
    const double *nodes;
    double *variance, *complement, *predicted;  // R, 1 - R and the mean of the next value
    double *logs, *logs_lost, *excesses, *excesses_lost;
} varlab_chain;

// One more value with z = nodes times `weight` at the groups [first, last).
void varlab_transform_chain(varlab_variant variant, varlab_chain chain, size_t first, size_t last, double weight, double mean,
                            double autocorrelation);

// With phi = (1+2sV)^(-1/2) e^(-mean^2 s/(1+2sV)): sums[0] = e^offset sum share phi (the offset only where mean is not 0), sums[1] = sum share (1 - phi) and, if asked,
// sums[2] = sum share (phi - 1 + sV) for mean 0, else sum share (phi e^(s m) - 1 + s(V - mean_variance)) with m = mean^2 + mean_variance.
void varlab_transform_normals(varlab_variant variant, const double *shares, const double *variances, size_t groups, double s,
                              double squared_mean, double mean_variance, double offset, int with_deviation, double sums[3]);

// With phi = e^(-s square): the same, sums[2] = sum share (e^(-s(square - mean_square)) - 1 + s(square - mean_square)).
void varlab_transform_points(varlab_variant variant, const double *shares, const double *squares, size_t groups, double s,
                             double mean_square, double offset, int with_deviation, double sums[3]);

typedef struct {
    double mean, pull, variance;
} varlab_tilted_points;

// The law of +-sizes, with the probabilities positive and negative, under e^(-s g^2), normalised: its mean, by how much that is below `mean`, and its
// variance. With is_small weights are relative to that of a g^2 = square = mean^2, and mean_deviation is sum p (g - mean); else to the smallest g^2.
// weights has room for one number of each point.
void varlab_transform_tilted(varlab_variant variant, const double *sizes, const double *positive, const double *negative, size_t groups,
                             double s, double square, double mean, double mean_deviation, int is_small, double *weights,
                             varlab_tilted_points *result);

// Adds multiplicities[j] times the Chebyshev sum j of each of `count` pieces at `place` in [-1, 1] to four sums for each; coefficient k of sum j of piece i
// is coefficients[i stride + 4 k + j], and the degree is at most 40.
void varlab_tilted_term(varlab_variant variant, const double *coefficients, int degree, double place, ptrdiff_t stride, size_t count,
                        const double multiplicities[4], double *sums);

// sums[k] = sum T_k((value - middle)/half_width) for k < order <= 40.
void varlab_chebyshev_sums(varlab_variant variant, const double *values, size_t count, double middle, double half_width, size_t order,
                           double *sums);

// The terms of one step's averages: relative weights of v, weights of m, and how many terms each stands for.
typedef struct {
    const double *weights, *momentum_weights, *multiplicities;
    size_t count;
} varlab_update_law_terms;

// With x = largest w: -1/2 sum (ln(1+x) + mean^2 x/(1+x)), 1/2 sum (x - ln(1+x) + mean^2 x^2/(1+x)), sum a x/(1+x), sum a^2/(1+x), sum a/(1+x).
void varlab_update_law_node(varlab_variant variant, varlab_update_law_terms terms, double largest, double squared_mean, double sums[5]);

// With x = largest w and m the multiplicities: sum m ln(1+x), m x/(1+x), m (x - ln(1+x)), m x^2/(1+x), m a x/(1+x), m a/(1+x), m a^2/(1+x).
void varlab_update_law_plain(varlab_variant variant, varlab_update_law_terms terms, double largest, double sums[7]);

#endif
